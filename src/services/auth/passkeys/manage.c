/* One's own passkeys: listed, removed. */
#include "base/time.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/passkeys/passkeys.h"
#include "services/auth/sign_ins/sign_ins.h"

Passkey passkey_item(Arena *arena, const PasskeysSqlList *row)
{
    return (Passkey){
        .passkey_id = row->passkey_id,
        .name = row->name,
        .added = time_format(arena, row->added_us),
        .used = row->used_us > 0 ? time_format(arena, row->used_us) : (Str){0},
    };
}

Err auth_list_passkeys(Call *call, Passkeys *out)
{
    const Auth *auth = call->service;
    PasskeysSqlList *rows;
    size_t count;

    TRY(auth_need_person(call));
    TRY(passkeys_sql_list(auth->sql, NULL, call->arena, call->identity.subject, MOST_PASSKEYS, &rows,
                          &count));
    out->items.items = arena_array(call->arena, Passkey, count + 1);
    for (size_t i = 0; i < count; i++)
        out->items.items[out->items.count++] = passkey_item(call->arena, &rows[i]);
    return OK;
}

typedef struct Removing {
    const Auth *auth;
    Arena *arena;
    Str user_id;
    Str passkey_id;
} Removing;

static Err remove_one(void *context, Tx *tx)
{
    const Removing *removing = context;
    AuditEvent event = {STR("passkey-removed"), removing->user_id, removing->user_id, removing->passkey_id};
    int64_t removed, ways;

    TRY(passkeys_sql_remove(tx, removing->passkey_id, removing->user_id, &removed));
    if (removed == 0)
        return err(NOT_FOUND, "passkey_id: no passkey of yours; GET /api/v1/auth/passkeys lists them");
    TRY(passkeys_sql_count_ways(NULL, tx, removing->user_id, &ways));
    if (ways == 0)
        return err(CONFLICT, "This is the last way to sign in to the account: add another first.");
    return audit_add(tx, removing->arena, auth_now_us(removing->auth), &event);
}

Err auth_remove_passkey(Call *call, const AuthRemovePasskeyInput *in, SignedOut *out)
{
    const Auth *auth = call->service;
    Removing removing = {auth, call->arena, call->identity.subject, in->passkey_id};

    TRY(proof_need(auth, call));
    TRY(sql_transact(auth->sql, remove_one, &removing));
    return sign_in_end_others(auth, call->arena, &call->identity, STR("passkey removed"), &out->ended);
}
