#include "services/auth/totp/lost.h"

#include "base/time.h"
#include "services/auth/accounts/enter.h"
#include "services/auth/accounts/errands.h"
#include "services/auth/sign_ins/sign_ins.h"
#include "services/auth/totp/second_step.h"
#include "services/auth/totp_sql.h"

enum { S_PER_HOUR = 3600 };

static int64_t opens_us(int64_t closes_us)
{
    return closes_us - (int64_t)LOST_APP_OPEN_HOURS * S_PER_HOUR * US_PER_S;
}

/* *closes_us is 0 when nobody has asked. */
static Err find_end(const Auth *auth, Str user_id, int64_t *closes_us)
{
    bool found;

    *closes_us = 0;
    return accounts_sql_get_errand_end(auth->sql, NULL, user_id, ERRAND_LOST_APP, auth_now_us(auth),
                                       closes_us, &found);
}

Err lost_app_opens_at(const Auth *auth, Arena *arena, Str user_id, Str *out)
{
    int64_t closes_us;

    TRY(find_end(auth, user_id, &closes_us));
    *out = closes_us > 0 ? time_format(arena, opens_us(closes_us)) : (Str){0};
    return OK;
}

/* ---- asking */

typedef struct Noting {
    const Auth *auth;
    Arena *arena;
    Str user_id;
    Str act;
} Noting;

static Err note(void *context, Tx *tx)
{
    const Noting *noting = context;

    return audit_add(tx, noting->arena, auth_now_us(noting->auth),
                     &(AuditEvent){noting->act, STR(""), noting->user_id, STR("")});
}

static Err find_address(const Auth *auth, Arena *arena, Str user_id, AccountsSqlGetAccount *out)
{
    bool found;

    TRY(accounts_sql_get_account(auth->sql, NULL, arena, user_id, out, &found));
    return found && out->email.data != NULL
               ? OK
               : err(FORBIDDEN, "There is no address that a letter could go to.");
}

Err auth_lose_app(Call *call, const LoseAppInput *in, AppLost *out)
{
    const Auth *auth = call->service;
    AccountsSqlGetAccount account = {0};
    int64_t closes_us;
    Member member;
    Str token;

    TRY(second_step_find(auth, call->arena, in->challenge, &member));
    TRY(find_address(auth, call->arena, member.user_id, &account));
    TRY(throttle_letter(&auth->throttle, call->arena, &(Attempt){account.email, call->client}));
    Errand errand = {ERRAND_LOST_APP, member.user_id, account.email,
                     account.shown,   STR(""),        LOST_APP_WAIT_HOURS + LOST_APP_OPEN_HOURS};
    TRY(errand_add(auth, call->arena, &errand, &token));
    Noting noting = {auth, call->arena, member.user_id, STR("codes-said-lost")};
    TRY(sql_transact(auth->sql, note, &noting));
    TRY(find_end(auth, member.user_id, &closes_us));
    out->opens_at = time_format(call->arena, opens_us(closes_us));
    out->closes_at = time_format(call->arena, closes_us);
    return letters_send(auth->letters, call->arena, LETTER_LOST_APP, in->language, account.shown, token,
                        LOST_APP_WAIT_HOURS);
}

/* ---- and after the waiting */

/* Of the account that has asked: the address may be another's by now. */
static Err prove(const Auth *auth, Call *call, const AccountsSqlGetErrand *errand, Str password, Member *out)
{
    TRY(proof_by_password(auth, call, errand->email, password, out));
    return str_equal(out->user_id, errand->user_id)
               ? OK
               : err(UNAUTHORIZED, "token: the account that has asked for it has another address by now");
}

typedef struct Removing {
    const Auth *auth;
    Arena *arena;
    Str token;
    AccountsSqlGetErrand errand;
} Removing;

static Err check_open(const Auth *auth, Arena *arena, const AccountsSqlGetErrand *errand)
{
    int64_t from_us = opens_us(errand->expires_us);

    return auth_now_us(auth) >= from_us
               ? OK
               : err(CONFLICT, "The app can be removed from %s on: come back with this letter then.",
                     time_format(arena, from_us).data);
}

static Err remove_app(void *context, Tx *tx)
{
    Removing *removing = context;
    Str user_id;

    TRY(errand_take(removing->auth, tx, removing->arena, removing->token, ERRAND_LOST_APP,
                    &removing->errand));
    user_id = removing->errand.user_id;
    TRY(totp_sql_erase(tx, user_id, NULL));
    TRY(totp_sql_erase_recovery_codes(tx, user_id, NULL));
    return audit_add(tx, removing->arena, auth_now_us(removing->auth),
                     &(AuditEvent){STR("codes-removed"), user_id, user_id, STR("lost")});
}

static Err end_and_tell(const Auth *auth, Arena *arena, const AccountsSqlGetErrand *errand, Language language)
{
    int64_t ended;

    TRY(sign_in_end_all(auth, arena, errand->user_id, STR("codes lost"), &ended));
    return letters_send(auth->letters, arena, LETTER_APP_REMOVED, language, errand->shown, (Str){0}, 0);
}

Err auth_remove_lost_app(Call *call, const RemoveLostAppInput *in, SignedIn *out)
{
    const Auth *auth = call->service;
    Removing removing = {.auth = auth, .arena = call->arena, .token = in->token};
    Member member;

    TRY(errand_find(auth, NULL, call->arena, in->token, ERRAND_LOST_APP, &removing.errand));
    TRY(prove(auth, call, &removing.errand, in->password, &member));
    TRY(check_open(auth, call->arena, &removing.errand));
    TRY(sql_transact(auth->sql, remove_app, &removing));
    TRY(end_and_tell(auth, call->arena, &removing.errand, in->language));
    return member_enter(auth, call, &member, in->cookies, out);
}

/* ---- or not */

static Err keep(void *context, Tx *tx)
{
    Removing *removing = context;

    TRY(errand_take(removing->auth, tx, removing->arena, removing->token, ERRAND_LOST_APP,
                    &removing->errand));
    return audit_add(
        tx, removing->arena, auth_now_us(removing->auth),
        &(AuditEvent){STR("codes-kept"), removing->errand.user_id, removing->errand.user_id, STR("")});
}

Err auth_keep_app(Call *call, const KeepAppInput *in, AppKept *out)
{
    const Auth *auth = call->service;
    Removing removing = {.auth = auth, .arena = call->arena, .token = in->token};

    TRY(sql_transact(auth->sql, keep, &removing));
    out->kept = true;
    return OK;
}
