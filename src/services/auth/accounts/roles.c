/* What a member may do, decided on the machine itself (`nerdx account --role`): so there is a first admin. */
#include "services/auth/accounts/address.h"
#include "services/auth/accounts_sql.h"
#include "services/auth/core.h"
#include "services/auth/keys_sql.h"
#include "services/auth/roles.h"
#include "services/auth/sign_ins/sign_ins.h"

typedef struct Giving {
    const Auth *auth;
    Arena *arena;
    Str user_id;
    Str role;
} Giving;

static Err give(void *context, Tx *tx)
{
    const Giving *giving = context;
    int64_t now_us = auth_now_us(giving->auth);

    TRY(accounts_sql_set_role(tx, giving->user_id, giving->role, NULL));
    TRY(keys_sql_revoke_all(tx, giving->user_id, now_us, NULL));
    return audit_add(tx, giving->arena, now_us,
                     &(AuditEvent){STR("role-given"), STR("machine"), giving->user_id, giving->role});
}

static Err check_role(Arena *arena, Str role)
{
    Buf known = {.arena = arena};

    for (int i = ROLE_MEMBER; i < ROLE_COUNT; i++)
        buf_format(&known, "%s%.*s", i > ROLE_MEMBER ? ", " : "", STR_ARG(ROLE_TEXT[i]));
    return role_is_known(role) && !str_equal(role, ROLE_TEXT[ROLE_GUEST])
               ? OK
               : err(INVALID, "%.*s is no role of a member: %.*s", STR_ARG(role), STR_ARG(buf_str(&known)));
}

/* Tokens say what one may do, so those of before end. */
Err auth_give_role(Auth *auth, Arena *arena, Str email, Str role, Str *user_id)
{
    AccountsSqlFindMember member = {0};
    int64_t ended;
    bool found;
    Str folded;

    TRY(check_role(arena, role));
    TRY(address_fold(arena, email, &folded));
    TRY(accounts_sql_find_member(auth->sql, NULL, arena, folded, &member, &found));
    if (!found)
        return err(NOT_FOUND, "no member has this address; sign up with it first");
    Giving giving = {auth, arena, member.user_id, role};
    TRY(sql_transact(auth->sql, give, &giving));
    TRY(sign_in_end_all(auth, arena, member.user_id, STR("role given"), &ended));
    *user_id = member.user_id;
    return OK;
}
