/* What a member does with their app: begins, shows a first code, looks, takes other recovery codes, removes it. */
#include "base/random.h"
#include "base/time.h"
#include "services/auth/accounts/account.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/sign_ins/sign_ins.h"
#include "services/auth/totp/base32.h"
#include "services/auth/totp/code.h"
#include "services/auth/totp/lost.h"
#include "services/auth/totp/recovery.h"
#include "services/auth/totp/second_step.h"
#include "services/auth/totp_sql.h"

static Err find_app(const Auth *auth, Tx *tx, Arena *arena, Str user_id, TotpSqlFind *out)
{
    bool found;

    TRY(totp_sql_find(tx != NULL ? NULL : auth->sql, tx, arena, user_id, out, &found));
    return found && out->confirmed_us > 0 ? OK : err(NOT_FOUND, "There is no app that gives codes.");
}

Err auth_get_totp(Call *call, Totp *out)
{
    const Auth *auth = call->service;
    Str user_id = call->identity.subject;
    TotpSqlFind row = {0};
    bool found;

    TRY(auth_need_person(call));
    TRY(totp_sql_find(auth->sql, NULL, call->arena, user_id, &row, &found));
    out->active = found && row.confirmed_us > 0;
    if (out->active)
        out->since = time_format(call->arena, row.confirmed_us);
    TRY(lost_app_opens_at(auth, call->arena, user_id, &out->removable_at));
    return totp_sql_count_recovery_codes(auth->sql, NULL, user_id, &out->recovery_codes_left);
}

/* ---- beginning */

typedef struct Beginning {
    Str user_id;
    Str sealed;
    int64_t put;
} Beginning;

static Err begin(void *context, Tx *tx)
{
    Beginning *beginning = context;

    return totp_sql_put(tx, beginning->user_id, beginning->sealed, &beginning->put);
}

/* A code goes with a password: who has none needs none. */
static Err name_of(const Auth *auth, Call *call, Str *name)
{
    AccountsSqlGetAccount account = {0};

    TRY(account_with_password(auth, call, &account));
    *name = account.shown;
    return OK;
}

Err auth_begin_totp(Call *call, TotpBegun *out)
{
    const Auth *auth = call->service;
    uint8_t bytes[TOTP_SECRET_BYTES];
    Str secret = {(const char *)bytes, sizeof bytes}, name = {0};

    TRY(proof_need(auth, call));
    TRY(name_of(auth, call, &name));
    random_bytes(bytes, sizeof bytes);
    Str user_id = call->identity.subject;
    Beginning beginning = {user_id, seal_close(&auth->seal, call->arena, secret, user_id), 0};
    TRY(sql_transact(auth->sql, begin, &beginning));
    if (beginning.put == 0)
        return err(CONFLICT, "There is an app already: remove it first (DELETE /api/v1/auth/totp).");
    out->secret = base32_write(call->arena, secret);
    out->uri = totp_uri(call->arena, out->secret, name);
    return OK;
}

/* ---- the first code */

typedef struct Changing {
    const Auth *auth;
    Arena *arena;
    Str user_id;
    Str code;
    const Str *codes; /* recovery codes */
} Changing;

static Err note(const Changing *changing, Tx *tx, Str act)
{
    return audit_add(tx, changing->arena, auth_now_us(changing->auth),
                     &(AuditEvent){act, changing->user_id, changing->user_id, STR("")});
}

static Err find_waiting(const Auth *auth, Tx *tx, Arena *arena, Str user_id, TotpSqlFind *out)
{
    bool found;

    TRY(totp_sql_find(tx != NULL ? NULL : auth->sql, tx, arena, user_id, out, &found));
    return found && out->confirmed_us == 0
               ? OK
               : err(CONFLICT, "No app waits for its first code: begin with POST /api/v1/auth/totp.");
}

static Err check_first(const Changing *changing, Tx *tx, int64_t *step)
{
    TotpSqlFind row = {0};
    Str secret;

    TRY(find_waiting(changing->auth, tx, changing->arena, changing->user_id, &row));
    TRY(seal_open(&changing->auth->seal, changing->arena, row.sealed, changing->user_id, &secret));
    TRY(totp_find(changing->arena, secret, auth_now_us(changing->auth) / US_PER_S, changing->code, step));
    return *step >= 0
               ? OK
               : err_at(err(UNAUTHORIZED, "code: it isn't the app's; is the clock of the phone right?"),
                        "/code");
}

static Err confirm(void *context, Tx *tx)
{
    const Changing *changing = context;
    int64_t step = -1;

    TRY(check_first(changing, tx, &step));
    TRY(totp_sql_confirm(tx, changing->user_id, auth_now_us(changing->auth), NULL));
    TRY(totp_sql_use_step(tx, changing->user_id, step, NULL));
    TRY(recovery_put(tx, changing->arena, changing->user_id, changing->codes));
    return note(changing, tx, STR("codes-begun"));
}

static void show_codes(Call *call, Str *codes, RecoveryCodes *out)
{
    if (call->put_header != NULL)
        call->put_header(call, "Cache-Control", "no-store");
    out->codes.items = codes;
    out->codes.count = RECOVERY_CODES;
}

Err auth_confirm_totp(Call *call, const ConfirmTotpInput *in, RecoveryCodes *out)
{
    const Auth *auth = call->service;
    Str user_id = call->identity.subject;
    Str *codes = recovery_make(call->arena);
    Changing changing = {auth, call->arena, user_id, in->code, codes};
    TotpSqlFind row = {0};

    TRY(proof_need(auth, call));
    TRY(find_waiting(auth, NULL, call->arena, user_id, &row));
    TRY(throttle_code(&auth->throttle, call->arena, &(Attempt){user_id, call->client}, true));
    TRY(sql_transact(auth->sql, confirm, &changing));
    show_codes(call, codes, out);
    return sign_in_end_others(auth, call->arena, &call->identity, STR("codes begun"), &out->ended);
}

/* ---- other recovery codes, and the end */

static Err renew(void *context, Tx *tx)
{
    const Changing *changing = context;
    TotpSqlFind row = {0};

    TRY(find_app(changing->auth, tx, changing->arena, changing->user_id, &row));
    TRY(recovery_put(tx, changing->arena, changing->user_id, changing->codes));
    return note(changing, tx, STR("recovery-codes-made"));
}

Err auth_renew_recovery_codes(Call *call, RecoveryCodes *out)
{
    const Auth *auth = call->service;
    Str *codes = recovery_make(call->arena);
    Changing changing = {auth, call->arena, call->identity.subject, {0}, codes};

    TRY(proof_need(auth, call));
    TRY(sql_transact(auth->sql, renew, &changing));
    show_codes(call, codes, out);
    return OK;
}

static Err remove_app(void *context, Tx *tx)
{
    const Changing *changing = context;
    TotpSqlFind row = {0};

    TRY(find_app(changing->auth, tx, changing->arena, changing->user_id, &row));
    TRY(totp_sql_erase(tx, changing->user_id, NULL));
    TRY(totp_sql_erase_recovery_codes(tx, changing->user_id, NULL));
    return note(changing, tx, STR("codes-removed"));
}

Err auth_remove_totp(Call *call, SignedOut *out)
{
    const Auth *auth = call->service;
    Changing changing = {.auth = auth, .arena = call->arena, .user_id = call->identity.subject};

    TRY(proof_need(auth, call));
    TRY(sql_transact(auth->sql, remove_app, &changing));
    return sign_in_end_others(auth, call->arena, &call->identity, STR("codes removed"), &out->ended);
}
