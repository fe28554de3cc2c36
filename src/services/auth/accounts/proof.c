#include "services/auth/accounts/proof.h"

Err proof_need(const Auth *auth, const Call *call)
{
    TRY(auth_need_person(call));
    if (auth_now_us(auth) / US_PER_S - call->identity.proved_at_s <= PROOF_S)
        return OK;
    return err(FORBIDDEN,
               "Show who you are again first (POST /api/v1/auth/step-up): it holds for %d minutes.",
               PROOF_S / 60);
}

typedef struct Noting {
    const Auth *auth;
    Arena *arena;
    Str user_id; /* empty: there is no such address */
    Str act;
    Str new_hash; /* absent: the old one does */
} Noting;

static Err note(void *context, Tx *tx)
{
    const Noting *noting = context;
    int64_t now_us = auth_now_us(noting->auth);

    if (noting->new_hash.data != NULL)
        TRY(accounts_sql_put_password(tx, noting->user_id, noting->new_hash, now_us, NULL));
    return audit_add(tx, noting->arena, now_us,
                     &(AuditEvent){noting->act, STR(""), noting->user_id, STR("password")});
}

static Err refuse(const Auth *auth, Arena *arena, Str user_id)
{
    Noting noting = {auth, arena, user_id.data != NULL ? user_id : STR(""), STR("sign-in-refused"), {0}};

    TRY(sql_transact(auth->sql, note, &noting));
    return err(UNAUTHORIZED, "The address or the password is wrong.");
}

/* What was hashed with less than we ask for now is hashed anew while the password is at hand. */
static Err accept(const Auth *auth, Arena *arena, const AccountsSqlFindMember *row, Str password)
{
    Noting noting = {auth, arena, row->user_id, STR("proved"), {0}};

    if (hasher_is_weak(arena, row->hash))
        TRY(hasher_hash(auth->hasher, arena, password, &noting.new_hash));
    return sql_transact(auth->sql, note, &noting);
}

Err proof_by_password(const Auth *auth, Call *call, Str email, Str password, Member *out)
{
    Attempt attempt = {email, call->client};
    AccountsSqlFindMember row = {0};
    bool found, is_right;

    TRY(throttle_try(&auth->throttle, call->arena, &attempt));
    TRY(accounts_sql_find_member(auth->sql, NULL, call->arena, email, &row, &found));
    TRY(hasher_verify(auth->hasher, call->arena, found ? row.hash : (Str){0}, password, &is_right));
    if (!is_right)
        return refuse(auth, call->arena, found ? row.user_id : (Str){0});
    throttle_passed(&auth->throttle, call->arena, &attempt);
    TRY(accept(auth, call->arena, &row, password));
    *out = (Member){row.user_id, row.role};
    return OK;
}
