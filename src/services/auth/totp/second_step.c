#include "services/auth/totp/second_step.h"

#include <ctype.h>

#include "base/time.h"
#include "services/auth/accounts/enter.h"
#include "services/auth/accounts/errands.h"
#include "services/auth/opaque.h"
#include "services/auth/totp/code.h"
#include "services/auth/totp/recovery.h"
#include "services/auth/totp_sql.h"

#define CHALLENGE_PREFIX "nc_"

enum { SECOND_STEP_MS = SECOND_STEP_S * 1000 };

/* ---- codes */

typedef struct Showing {
    const Auth *auth;
    Arena *arena;
    Str user_id;
    Str code;
    bool is_of_app;
    bool is_right;
} Showing;

static bool is_of_app(Str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (!isdigit((unsigned char)code.data[i]))
            return false;
    return code.len == TOTP_DIGITS;
}

/* Steps only go up: of two who come with the same code at once one changes the row. */
static Err use_code(Showing *showing, Tx *tx)
{
    const Auth *auth = showing->auth;
    TotpSqlFind row = {0};
    int64_t step, used = 0;
    bool found;
    Str secret;

    TRY(totp_sql_find(NULL, tx, showing->arena, showing->user_id, &row, &found));
    if (!found || row.confirmed_us == 0)
        return OK;
    TRY(seal_open(&auth->seal, showing->arena, row.sealed, showing->user_id, &secret));
    TRY(totp_find(showing->arena, secret, auth_now_us(auth) / US_PER_S, showing->code, &step));
    if (step >= 0)
        TRY(totp_sql_use_step(tx, showing->user_id, step, &used));
    showing->is_right = used == 1;
    return OK;
}

static Err show(void *context, Tx *tx)
{
    Showing *showing = context;
    int64_t now_us = auth_now_us(showing->auth);

    showing->is_right = false;
    if (showing->is_of_app)
        TRY(use_code(showing, tx));
    else
        TRY(recovery_use(tx, showing->arena, showing->user_id, showing->code, &showing->is_right));
    if (showing->is_right)
        TRY(accounts_sql_drop_errands_of(tx, showing->user_id, ERRAND_LOST_APP, NULL));
    AuditEvent event = {showing->is_right ? STR("proved") : STR("sign-in-refused"), STR(""), showing->user_id,
                        showing->is_of_app ? STR("code") : STR("recovery code")};
    return audit_add(tx, showing->arena, now_us, &event);
}

Err second_step_show(const Auth *auth, Call *call, Str user_id, Str code)
{
    Showing showing = {auth, call->arena, user_id, code, is_of_app(code), false};

    TRY(throttle_code(&auth->throttle, call->arena, &(Attempt){user_id, call->client}, showing.is_of_app));
    TRY(sql_transact(auth->sql, show, &showing));
    return showing.is_right ? OK
                            : err_at(err(UNAUTHORIZED,
                                         "code: it is wrong, was used before, or is over; wait for the next"),
                                     "/code");
}

/* ---- challenges */

Err second_step_is_needed(const Auth *auth, Arena *arena, Str user_id, bool *is_needed)
{
    TotpSqlFind row = {0};
    bool found;

    TRY(totp_sql_find(auth->sql, NULL, arena, user_id, &row, &found));
    *is_needed = found && row.confirmed_us > 0;
    return OK;
}

static Str key_of(Arena *arena, Str challenge)
{
    return str_format(arena, "auth:step:%.*s", STR_ARG(opaque_hash(arena, challenge)));
}

Err second_step_ask(const Auth *auth, Arena *arena, Str user_id, SecondStep *out)
{
    int64_t now_us = auth_now_us(auth);
    Str value = str_format(arena, "%lld %.*s", (long long)now_us, STR_ARG(user_id));

    out->challenge = opaque_new(arena, CHALLENGE_PREFIX);
    out->expires_at = time_format(arena, now_us + (int64_t)SECOND_STEP_S * US_PER_S);
    return kv_put(auth->kv, key_of(arena, out->challenge), value, SECOND_STEP_MS);
}

static Err no_challenge(void)
{
    return err_at(err(UNAUTHORIZED, "challenge: it isn't valid, or no longer; begin with the password"),
                  "/challenge");
}

/* Whose it is; nobody's any more when their password has changed meanwhile. */
Err second_step_find(const Auth *auth, Arena *arena, Str challenge, Member *out)
{
    TotpSqlGetMember member = {0};
    int64_t asked_us;
    bool found;
    Str user_id, asked;

    TRY(kv_get(auth->kv, arena, key_of(arena, challenge), &user_id));
    if (user_id.data == NULL || !str_split(&user_id, ' ', &asked) || !str_to_int(asked, &asked_us))
        return no_challenge();
    TRY(totp_sql_get_member(auth->sql, NULL, arena, user_id, &member, &found));
    if (!found || member.changed_us > asked_us)
        return no_challenge();
    *out = (Member){user_id, member.role};
    return OK;
}

Err auth_sign_in_by_code(Call *call, const SignInByCodeInput *in, SignedIn *out)
{
    const Auth *auth = call->service;
    bool was_there;
    Member member;

    TRY(second_step_find(auth, call->arena, in->challenge, &member));
    TRY(second_step_show(auth, call, member.user_id, in->code));
    TRY(kv_delete(auth->kv, key_of(call->arena, in->challenge), &was_there));
    return was_there ? member_enter(auth, call, &member, in->cookies, out) : no_challenge();
}
