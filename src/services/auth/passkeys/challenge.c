#include "services/auth/passkeys/challenge.h"

#include "base/random.h"
#include "services/auth/opaque.h"
#include "base/base64url.h"

enum { CHALLENGE_BYTES = 32, US_IN_MS = 1000 };

static Str key_of(Arena *arena, Str challenge)
{
    return str_format(arena, "auth:passkey:%.*s", STR_ARG(opaque_hash(arena, challenge)));
}

Err challenge_make(const Challenges *challenges, Arena *arena, Str purpose, Str *out)
{
    int64_t until_ms = clock_wall_us(challenges->clock) / US_IN_MS + CHALLENGE_MS;
    uint8_t bytes[CHALLENGE_BYTES];

    random_bytes(bytes, sizeof bytes);
    *out = base64url_write(arena, (Str){(const char *)bytes, sizeof bytes});
    Str value = str_format(arena, "%lld %.*s", (long long)until_ms, STR_ARG(purpose));
    return kv_put(challenges->kv, key_of(arena, *out), value, CHALLENGE_MS);
}

Err challenge_take(const Challenges *challenges, Arena *arena, Str challenge, Str purpose, bool *was_good)
{
    Str key = key_of(arena, challenge), rest = {0}, until = {0};
    bool was_there = false;
    int64_t until_ms;

    *was_good = false;
    TRY(kv_get(challenges->kv, arena, key, &rest));
    if (rest.data == NULL)
        return OK;
    TRY(kv_delete(challenges->kv, key, &was_there));
    *was_good = was_there && str_split(&rest, ' ', &until) && str_to_int(until, &until_ms) &&
                until_ms > clock_wall_us(challenges->clock) / US_IN_MS && str_equal(rest, purpose);
    return OK;
}
