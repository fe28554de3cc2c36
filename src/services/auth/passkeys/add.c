/* A new passkey: for a member, or for a guest, who becomes one by it. */
#include "base/hex.h"
#include "base/random.h"
#include "base/time.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/auth_sql.h"
#include "services/auth/passkeys/challenge.h"
#include "services/auth/passkeys/passkeys.h"
#include "services/auth/sign_ins/answer.h"
#include "base/base64url.h"

#define RP_NAME STR("NERDX")

/* COSE's numbers, the preferred first; the same as webauthn_register knows. */
static const int64_t ALGORITHMS[] = {-8, -7, -257};

enum { ALGORITHM_COUNT = sizeof ALGORITHMS / sizeof *ALGORITHMS };

static Str purpose_of(Arena *arena, Str user_id)
{
    return str_format(arena, "add %.*s", STR_ARG(user_id));
}

static bool is_guest(Str role)
{
    return str_equal(role, ROLE_TEXT[ROLE_GUEST]);
}

/* Who they are in the store; what a token says may be older. Whoever has shown a secret once shows one again. */
static Err who_adds(const Auth *auth, Call *call, Str *role)
{
    bool found;

    TRY(auth_need_person(call));
    TRY(auth_sql_get_role(auth->sql, NULL, call->arena, call->identity.subject, role, &found));
    if (!found)
        return err(FORBIDDEN, "There is no account of this id here: begin as a guest first.");
    return is_guest(*role) ? OK : proof_need(auth, call);
}

/* ---- the options */

static Err list_known(const Auth *auth, Call *call, PasskeyOptions *out)
{
    PasskeysSqlList *rows;
    size_t count;

    TRY(passkeys_sql_list(auth->sql, NULL, call->arena, call->identity.subject, MOST_PASSKEYS, &rows,
                          &count));
    out->exclude.items = arena_array(call->arena, Str, count + 1);
    for (size_t i = 0; i < count; i++)
        out->exclude.items[out->exclude.count++] = rows[i].credential_id;
    return OK;
}

Err auth_begin_passkey(Call *call, PasskeyOptions *out)
{
    const Auth *auth = call->service;
    const Challenges challenges = {auth->kv, auth->clock};
    Str user_id = call->identity.subject, role;
    AccountsSqlGetAccount account = {0};
    bool found;

    TRY(who_adds(auth, call, &role));
    TRY(accounts_sql_get_account(auth->sql, NULL, call->arena, user_id, &account, &found));
    out->rp_id = auth->passkey_site.domain;
    out->rp_name = RP_NAME;
    out->user_handle = base64url_write(call->arena, user_id);
    out->user_name = account.shown.data != NULL ? account.shown : RP_NAME;
    out->algorithms.items = arena_array(call->arena, int64_t, ALGORITHM_COUNT);
    for (; out->algorithms.count < ALGORITHM_COUNT; out->algorithms.count++)
        out->algorithms.items[out->algorithms.count] = ALGORITHMS[out->algorithms.count];
    out->timeout_ms = CHALLENGE_MS;
    TRY(list_known(auth, call, out));
    return challenge_make(&challenges, call->arena, purpose_of(call->arena, user_id), &out->challenge);
}

/* ---- adding */

typedef struct Adding {
    const Auth *auth;
    Arena *arena;
    const WebauthnCredential *credential;
    PasskeysSqlList item;
    Str user_id;
    Str role; /* a guest's becomes a member's */
    bool was_guest;
} Adding;

static Err make_member(Adding *adding, Tx *tx)
{
    TRY(accounts_sql_set_role(tx, adding->user_id, ROLE_TEXT[ROLE_MEMBER], NULL));
    adding->role = ROLE_TEXT[ROLE_MEMBER];
    return audit_add(tx, adding->arena, adding->item.added_us,
                     &(AuditEvent){STR("signed-up"), adding->user_id, adding->user_id, STR("passkey")});
}

static Err put(const Adding *adding, Tx *tx)
{
    const WebauthnCredential *credential = adding->credential;
    const PasskeysSqlList *item = &adding->item;
    int64_t added;

    TRY(passkeys_sql_add(tx, item->passkey_id, item->credential_id, adding->user_id, item->name,
                         credential->algorithm, hex_text(adding->arena, credential->public_key),
                         credential->counter, item->added_us, &added));
    return added == 1 ? OK : err(CONFLICT, "This passkey is known already.");
}

static Err add(void *context, Tx *tx)
{
    Adding *adding = context;
    PasskeysSqlList *rows;
    size_t count;
    bool found;

    TRY(auth_sql_get_role(NULL, tx, adding->arena, adding->user_id, &adding->role, &found));
    if (!found || is_guest(adding->role) != adding->was_guest)
        return err(CONFLICT, "The account has changed meanwhile: begin again.");
    TRY(passkeys_sql_list(NULL, tx, adding->arena, adding->user_id, MOST_PASSKEYS, &rows, &count));
    if (count == MOST_PASSKEYS)
        return err(CONFLICT, "There are %d passkeys already: remove one that isn't used.", MOST_PASSKEYS);
    TRY(put(adding, tx));
    if (adding->was_guest)
        TRY(make_member(adding, tx));
    AuditEvent event = {STR("passkey-added"), adding->user_id, adding->user_id, adding->item.passkey_id};
    return audit_add(tx, adding->arena, adding->item.added_us, &event);
}

/* The sign-ins of before, a guest's, end: nobody who had one of them goes on as a member (ASVS 5, 7.2.4). */
static Err enter_as_member(const Auth *auth, Call *call, const Adding *adding, bool with_cookies,
                           SignedIn *out)
{
    SignInGrant grant = {
        .user_id = adding->user_id, .role = adding->role, .proved_us = adding->item.added_us};
    int64_t ended;

    auth_count_sign_up(auth, SIGNED_UP_BY_PASSKEY);
    TRY(sign_in_end_all(auth, call->arena, adding->user_id, STR("signed up"), &ended));
    TRY(sign_in_begin(auth, call, false, &grant));
    return answer_grant(auth, call, &grant, with_cookies, out);
}

static Err read_new(const Auth *auth, Call *call, const AddPasskeyInput *in, WebauthnCredential *out)
{
    WebauthnClient client;
    Str bytes;

    TRY(passkey_read_client(auth, call->arena, in->client_data,
                            purpose_of(call->arena, call->identity.subject), &client));
    TRY(passkey_read_bytes(call->arena, in->attestation_object, "/attestation_object", &bytes));
    return webauthn_register(call->arena, &auth->passkey_site, &client, bytes, out);
}

Err auth_add_passkey(Call *call, const AddPasskeyInput *in, NewPasskey *out)
{
    const Auth *auth = call->service;
    WebauthnCredential credential;
    Adding adding = {
        .auth = auth, .arena = call->arena, .credential = &credential, .user_id = call->identity.subject};
    Str role;

    TRY(who_adds(auth, call, &role));
    TRY(read_new(auth, call, in, &credential));
    adding.was_guest = is_guest(role);
    adding.item =
        (PasskeysSqlList){id_new(call->arena, auth->clock), base64url_write(call->arena, credential.id),
                          in->name, auth_now_us(auth), 0};
    TRY(sql_transact(auth->sql, add, &adding));
    out->passkey = passkey_item(call->arena, &adding.item);
    if (!adding.was_guest)
        return OK;
    SignedIn *signed_in = arena_new(call->arena, SignedIn);
    out->signed_in = signed_in;
    return enter_as_member(auth, call, &adding, in->cookies, signed_in);
}
