/* One's own account: what is known of it, and its end. */
#include "base/time.h"
#include "services/auth/accounts/account.h"
#include "services/auth/accounts/merge.h"
#include "services/auth/ages_sql.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/keys/keys.h"
#include "services/auth/keys_sql.h"
#include "services/auth/links_sql.h"
#include "services/auth/merges_sql.h"
#include "services/auth/privacy/belongings.h"
#include "services/auth/passkeys_sql.h"
#include "services/auth/sign_ins/answer.h"
#include "services/auth/tell.h"
#include "services/auth/totp_sql.h"

Err account_own(const Auth *auth, Tx *tx, const Call *call, AccountsSqlGetAccount *out)
{
    bool found;

    TRY(auth_need_person(call));
    TRY(accounts_sql_get_account(tx != NULL ? NULL : auth->sql, tx, call->arena, call->identity.subject, out,
                                 &found));
    return found ? OK : err(NOT_FOUND, "There is no account of this id here.");
}

Err account_with_password(const Auth *auth, const Call *call, AccountsSqlGetAccount *out)
{
    Err e = account_own(auth, NULL, call, out);

    if (e.code == NOT_FOUND || (!failed(&e) && (out->hash.data == NULL || out->email.data == NULL)))
        return err(FORBIDDEN, "There is no password: a guest signs up first; who has an address asks for a "
                              "letter to choose one (POST /api/v1/auth/reset-password).");
    return e;
}

Err account_of_member(const Auth *auth, Tx *tx, const Call *call, AccountsSqlGetAccount *out)
{
    Err e = account_own(auth, tx, call, out);

    if (e.code == NOT_FOUND || (!failed(&e) && str_equal(out->role, ROLE_TEXT[ROLE_GUEST])))
        return err(FORBIDDEN, "A guest has no address: sign up first.");
    return e;
}

Err auth_get_account(Call *call, Account *out)
{
    const Auth *auth = call->service;
    AccountsSqlGetAccount row = {0};

    TRY(account_own(auth, NULL, call, &row));
    *out = (Account){
        .user_id = call->identity.subject,
        .role = row.role,
        .created = time_format(call->arena, row.created_us),
        .email = row.shown,
        .has_password = row.hash.data != NULL,
    };
    return OK;
}

typedef struct Erasing {
    const Auth *auth;
    Arena *arena;
    Str user_id;
    UserDeletedReason reason;
} Erasing;

/* What is kept of somebody, but the account itself, their keys and the audit log. */
static Err (*const ERASE[])(Tx *tx, Str user_id, int64_t *changed) = {
    links_sql_erase_links,         passkeys_sql_erase,       totp_sql_erase,
    totp_sql_erase_recovery_codes, merges_sql_erase,         accounts_sql_erase_errands,
    accounts_sql_erase_password,   accounts_sql_erase_email, accounts_sql_erase_refresh_tokens,
    accounts_sql_forget_sign_ins,  ages_sql_erase,
};

static Err erase_all(Tx *tx, Str user_id)
{
    for (size_t i = 0; i < sizeof ERASE / sizeof *ERASE; i++)
        TRY(ERASE[i](tx, user_id, NULL));
    return OK;
}

static const Str ERASE_DETAIL[USER_DELETED_REASON_COUNT] = {
    [USER_DELETED_REASON_ASKED] = STR(""),
    [USER_DELETED_REASON_UNUSED] = STR("idle"),
};

static Err erase(void *context, Tx *tx)
{
    const Erasing *erasing = context;
    Str user_id = erasing->user_id, detail = ERASE_DETAIL[erasing->reason];
    int64_t now_us = auth_now_us(erasing->auth);

    sql_leave_no_trace(tx);
    TRY(erase_all(tx, user_id));
    TRY(keys_sql_revoke_all(tx, user_id, now_us, NULL));
    TRY(keys_sql_forget(tx, user_id, NULL));
    TRY(accounts_sql_erase_account(tx, user_id, NULL));
    TRY(tell_deleted(erasing->auth, tx, erasing->arena, user_id, erasing->reason));
    return audit_add(tx, erasing->arena, now_us, &(AuditEvent){STR("deleted"), user_id, user_id, detail});
}

Err account_erase(const Auth *auth, Arena *arena, Str user_id, UserDeletedReason reason)
{
    Erasing erasing = {auth, arena, user_id, reason};

    return sql_transact(auth->sql, erase, &erasing);
}

/* A member shows who they are first; a guest has nothing to show. */
Err auth_delete_account(Call *call, AccountDeleted *out)
{
    const Auth *auth = call->service;
    Str user_id = call->identity.subject;
    int64_t now_us = auth_now_us(auth);
    Account account = {0};

    TRY(auth_get_account(call, &account));
    if (!str_equal(account.role, ROLE_TEXT[ROLE_GUEST]))
        TRY(proof_need(auth, call));
    TRY(merge_erase(auth, call->arena, user_id));
    TRY(belongings_erase(auth, call)); /* while they are signed in: when it fails they try again */
    TRY(sign_in_end_all(auth, call->arena, user_id, STR("deleted"), &out->ended));
    TRY(belongings_erase(auth, call)); /* what was said meanwhile */
    TRY(account_erase(auth, call->arena, user_id, USER_DELETED_REASON_ASKED));
    answer_forget_cookies(call);
    return keys_look(auth, now_us);
}
