/* Who holds a permission, by their role: whom the program tells what they are there for. */
#include "services/auth/accounts_sql.h"
#include "services/auth/core.h"
#include "services/auth/roles.h"

enum { MOST_HOLDERS = 100 };

static Err add_those_of(const Auth *auth, Arena *arena, Str role, StrList *out)
{
    Str *user_ids;
    size_t count;

    TRY(accounts_sql_list_accounts_of_role(auth->sql, NULL, arena, role, MOST_HOLDERS - (int64_t)out->count,
                                           &user_ids, &count));
    for (size_t i = 0; i < count; i++)
        out->items[out->count++] = user_ids[i];
    return OK;
}

Err auth_list_holders(Call *call, const AuthListHoldersInput *in, Holders *out)
{
    const Auth *auth = call->service;
    Str name = in->permission;
    uint64_t wanted = permission_bits((Texts){&name, 1});

    if (wanted == 0)
        return err_at(
            err(UNPROCESSABLE, "permission: there is none of that name (x-permissions in api/common.yaml)"),
            "/permission");
    out->user_ids.items = arena_array(call->arena, Str, MOST_HOLDERS);
    for (int i = 0; i < ROLE_COUNT; i++)
        if ((ROLE_PERMISSIONS[i] & wanted) != 0)
            TRY(add_those_of(auth, call->arena, ROLE_TEXT[i], &out->user_ids));
    return OK;
}
