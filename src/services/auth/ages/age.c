#include "services/auth/ages/age.h"

#include "base/time.h"

bool age_is_adult(int64_t birth_year, int64_t now_us)
{
    return time_korean_year(now_us) - birth_year >= ADULT_YEARS;
}

static AgeStateState standing_of(const AgesSqlAge *row, int64_t now_us)
{
    if (row->verified_us == 0)
        return AGE_STATE_STATE_DECLARED;
    return now_us < row->expires_us ? AGE_STATE_STATE_VERIFIED : AGE_STATE_STATE_EXPIRED;
}

AgeState age_state(Arena *arena, const AgesSqlAge *row, int64_t now_us)
{
    AgeState state = {.state = AGE_STATE_STATE_UNKNOWN};

    if (row == NULL)
        return state;
    state.state = standing_of(row, now_us);
    state.has_birth_year = true;
    state.birth_year = row->birth_year;
    state.adult = age_is_adult(row->birth_year, now_us);
    state.adult_verified = state.adult && state.state == AGE_STATE_STATE_VERIFIED;
    if (row->verified_us > 0) {
        state.verifier = row->verifier;
        state.verified_at = time_format(arena, row->verified_us);
        state.expires_at = time_format(arena, row->expires_us);
    }
    return state;
}

Err age_check_year(int64_t birth_year, int64_t now_us)
{
    int64_t year = time_korean_year(now_us);

    if (birth_year >= OLDEST_BIRTH_YEAR && birth_year <= year)
        return OK;
    return err_at(
        err(UNPROCESSABLE, "birth_year: must be from %d to %lld", OLDEST_BIRTH_YEAR, (long long)year),
        "/birth_year");
}
