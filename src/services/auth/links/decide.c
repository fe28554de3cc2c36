#include "services/auth/links/decide.h"

#include "base/random.h"
#include "services/auth/accounts_sql.h"
#include "services/auth/accounts/address.h"
#include "services/auth/auth_sql.h"
#include "services/auth/links_sql.h"
#include "services/auth/tell.h"

typedef struct Deciding {
    const Auth *auth;
    Arena *arena;
    const OidcPerson *person;
    Str new_id; /* of somebody new */
    Str email;  /* as it is compared; absent: none was verified */
    int64_t now_us;
    SignInGrant *grant;
    Str *merged;
    bool *is_new; /* somebody became a member */
} Deciding;

/* Who asked, as they are now: an account may have gone meanwhile. Absent: nobody. */
typedef struct Asker {
    Str user_id;
    Str role;
} Asker;

static Err find_asker(const Deciding *deciding, Tx *tx, Asker *out)
{
    Str role = {0};
    bool found = false;

    *out = (Asker){0};
    if (deciding->person->user_id.data != NULL)
        TRY(auth_sql_get_role(NULL, tx, deciding->arena, deciding->person->user_id, &role, &found));
    if (found)
        *out = (Asker){deciding->person->user_id, role};
    return OK;
}

static bool is_guest(const Asker *asker)
{
    return str_equal(asker->role, ROLE_TEXT[ROLE_GUEST]);
}

static Err audit(const Deciding *deciding, Tx *tx, Str act)
{
    Str user_id = deciding->grant->user_id;

    return audit_add(tx, deciding->arena, deciding->now_us,
                     &(AuditEvent){act, user_id, user_id, deciding->person->issuer});
}

static void grant_to(const Deciding *deciding, Str user_id, Str role)
{
    *deciding->grant = (SignInGrant){.user_id = user_id, .role = role, .proved_us = deciding->now_us};
}

/* ---- the cases */

static Err go_on(const Deciding *deciding, const LinksSqlFindLink *link, const Asker *asker)
{
    bool is_other = asker->user_id.data != NULL && !str_equal(asker->user_id, link->user_id);

    if (is_other && !is_guest(asker))
        return err(CONFLICT, "This account signs in to another account here: sign out first to use that one");
    if (is_other)
        *deciding->merged = asker->user_id;
    grant_to(deciding, link->user_id, link->role);
    return OK;
}

static Err join_member(const Deciding *deciding, Tx *tx, const Asker *asker)
{
    const OidcPerson *person = deciding->person;

    grant_to(deciding, asker->user_id, asker->role);
    TRY(links_sql_add_link(tx, person->issuer, person->subject, asker->user_id, deciding->now_us, NULL));
    return audit(deciding, tx, STR("linked"));
}

static Err check_address_is_free(const Deciding *deciding, Tx *tx)
{
    AccountsSqlFindMember member;
    bool is_taken = false;

    if (deciding->email.data != NULL)
        TRY(accounts_sql_find_member(NULL, tx, deciding->arena, deciding->email, &member, &is_taken));
    return is_taken ? err(CONFLICT,
                          "There is an account with this address already: sign in to it, then link this one")
                    : OK;
}

static Err make_member(const Deciding *deciding, Tx *tx, const Asker *asker)
{
    const OidcPerson *person = deciding->person;
    Str user_id = asker->user_id.data != NULL ? asker->user_id : deciding->new_id;

    TRY(check_address_is_free(deciding, tx));
    grant_to(deciding, user_id, ROLE_TEXT[ROLE_MEMBER]);
    TRY(accounts_sql_put_account(tx, user_id, deciding->grant->role, deciding->now_us, NULL));
    if (deciding->email.data != NULL)
        TRY(accounts_sql_add_email(tx, deciding->email, user_id, person->email, deciding->now_us, NULL));
    TRY(links_sql_add_link(tx, person->issuer, person->subject, user_id, deciding->now_us, NULL));
    *deciding->is_new = true;
    TRY(tell_signed_up(deciding->auth, tx, deciding->arena, user_id, USER_SIGNED_UP_WAY_PROVIDER));
    return audit(deciding, tx, STR("signed-up"));
}

static Err decide(void *context, Tx *tx)
{
    const Deciding *deciding = context;
    const OidcPerson *person = deciding->person;
    LinksSqlFindLink link = {0};
    Asker asker;
    bool is_linked;

    *deciding->merged = (Str){0};
    *deciding->is_new = false;
    TRY(find_asker(deciding, tx, &asker));
    TRY(links_sql_find_link(NULL, tx, deciding->arena, person->issuer, person->subject, &link, &is_linked));
    if (is_linked)
        return go_on(deciding, &link, &asker);
    if (asker.user_id.data != NULL && !is_guest(&asker))
        return join_member(deciding, tx, &asker);
    return make_member(deciding, tx, &asker);
}

Err link_decide(const Auth *auth, Arena *arena, const OidcPerson *person, SignInGrant *grant, Str *merged)
{
    bool is_new = false;
    Deciding deciding = {
        .auth = auth,
        .arena = arena,
        .person = person,
        .new_id = id_new(arena, auth->clock),
        .now_us = auth_now_us(auth),
        .grant = grant,
        .merged = merged,
        .is_new = &is_new,
    };

    /* One that we wouldn't take from a person isn't kept. */
    if (person->email.data != NULL) {
        Err e = address_fold(arena, person->email, &deciding.email);
        if (failed(&e))
            deciding.email = (Str){0};
    }
    TRY(sql_transact(auth->sql, decide, &deciding));
    if (is_new)
        auth_count_sign_up(auth, SIGNED_UP_BY_PROVIDER);
    return OK;
}
