/* One's own account: what is known of it, and its end. */
#include "base/time.h"
#include "services/auth/accounts/merge.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/keys/keys.h"
#include "services/auth/keys_sql.h"
#include "services/auth/links_sql.h"
#include "services/auth/merges_sql.h"
#include "services/auth/privacy/belongings.h"
#include "services/auth/sign_ins/answer.h"
#include "services/auth/totp_sql.h"

Err auth_get_account(Call *call, Account *out)
{
    const Auth *auth = call->service;
    AccountsSqlGetAccount row = {0};
    bool found;

    TRY(auth_need_person(call));
    TRY(accounts_sql_get_account(auth->sql, NULL, call->arena, call->identity.subject, &row, &found));
    if (!found)
        return err(NOT_FOUND, "There is no account of this id here.");
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
} Erasing;

static Err erase_sign_ins(Tx *tx, Str user_id)
{
    TRY(links_sql_erase_links(tx, user_id, NULL));
    TRY(totp_sql_erase(tx, user_id, NULL));
    TRY(totp_sql_erase_recovery_codes(tx, user_id, NULL));
    TRY(merges_sql_erase(tx, user_id, NULL));
    TRY(accounts_sql_erase_errands(tx, user_id, NULL));
    TRY(accounts_sql_erase_password(tx, user_id, NULL));
    TRY(accounts_sql_erase_email(tx, user_id, NULL));
    TRY(accounts_sql_erase_refresh_tokens(tx, user_id, NULL));
    return accounts_sql_forget_sign_ins(tx, user_id, NULL);
}

static Err erase(void *context, Tx *tx)
{
    const Erasing *erasing = context;
    Str user_id = erasing->user_id;
    int64_t now_us = auth_now_us(erasing->auth);

    TRY(erase_sign_ins(tx, user_id));
    TRY(keys_sql_revoke_all(tx, user_id, now_us, NULL));
    TRY(keys_sql_forget(tx, user_id, NULL));
    TRY(accounts_sql_erase_account(tx, user_id, NULL));
    return audit_add(tx, erasing->arena, now_us, &(AuditEvent){STR("deleted"), user_id, user_id, STR("")});
}

/* Whoever has a password shows it first; a guest has none. */
Err auth_delete_account(Call *call, AccountDeleted *out)
{
    const Auth *auth = call->service;
    Erasing erasing = {auth, call->arena, call->identity.subject};
    int64_t now_us = auth_now_us(auth);
    Account account = {0};

    TRY(auth_get_account(call, &account));
    if (account.has_password)
        TRY(proof_need(auth, call));
    TRY(merge_finish(auth, call->arena, erasing.user_id));
    TRY(belongings_erase(auth, call)); /* while they are signed in: when it fails they try again */
    TRY(sign_in_end_all(auth, call->arena, erasing.user_id, STR("deleted"), &out->ended));
    TRY(belongings_erase(auth, call)); /* what was said meanwhile */
    TRY(sql_transact(auth->sql, erase, &erasing));
    answer_forget_cookies(call);
    return keys_look(auth, now_us);
}
