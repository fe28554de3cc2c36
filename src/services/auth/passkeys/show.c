/* A known passkey is shown: to sign in, or again before what can't be undone. */
#include "base/hex.h"
#include "services/auth/accounts/enter.h"
#include "services/auth/passkeys/challenge.h"
#include "services/auth/passkeys/passkeys.h"
#include "base/base64url.h"

#define PURPOSE_SHOW STR("show")

Err passkey_read_bytes(Arena *arena, Str text, const char *pointer, Str *out)
{
    return base64url_read(arena, text, out)
               ? OK
               : err_at(err(UNPROCESSABLE, "%s: must be base64url without padding", pointer + 1), "%s",
                        pointer);
}

static Err not_shown(const char *why)
{
    return err_detail(
        err(UNAUTHORIZED, "The passkey isn't known here, or this isn't its answer to the challenge."), "%s",
        why);
}

Err passkey_read_client(const Auth *auth, Arena *arena, Str client_data, Str purpose, WebauthnClient *out)
{
    const Challenges challenges = {auth->kv, auth->clock};
    bool was_good;
    Str bytes;

    TRY(passkey_read_bytes(arena, client_data, "/client_data", &bytes));
    TRY(webauthn_read_client(bytes, arena, out));
    TRY(challenge_take(&challenges, arena, out->challenge, purpose, &was_good));
    return was_good ? OK : not_shown("the challenge isn't ours, was used, or is over");
}

Err auth_ask_passkey(Call *call, PasskeyAsked *out)
{
    const Auth *auth = call->service;
    const Challenges challenges = {auth->kv, auth->clock};

    out->rp_id = auth->passkey_site.domain;
    out->timeout_ms = CHALLENGE_MS;
    return challenge_make(&challenges, call->arena, PURPOSE_SHOW, &out->challenge);
}

/* ---- checking */

/* The handle is the user's id (it says nothing of who they are); section 7.2, step 6: it must be whose passkey it is. */
static Err check_handle(Arena *arena, Str user_handle, Str user_id)
{
    Str bytes;

    TRY(passkey_read_bytes(arena, user_handle, "/user_handle", &bytes));
    return str_equal(bytes, user_id) ? OK : not_shown("the passkey is another user's");
}

static Err verify(const Auth *auth, Arena *arena, const ShowPasskeyInput *in, const WebauthnClient *client,
                  const PasskeysSqlFind *row, uint32_t *counter)
{
    WebauthnCredential known = {.algorithm = row->algorithm};
    WebauthnAssertion assertion;

    if (!hex_bytes(arena, row->public_key, &known.public_key))
        return err_detail(err(INTERNAL, "What is kept of this passkey can't be read."), "public_key: no hex");
    TRY(check_handle(arena, in->user_handle, row->user_id));
    TRY(passkey_read_bytes(arena, in->authenticator_data, "/authenticator_data",
                           &assertion.authenticator_data));
    TRY(passkey_read_bytes(arena, in->signature, "/signature", &assertion.signature));
    return webauthn_verify(&auth->passkey_site, client, &known, &assertion, counter);
}

typedef struct Using {
    const Auth *auth;
    Arena *arena;
    const PasskeysSqlFind *row;
    const char *refused; /* NULL: it was right */
    uint32_t counter;
} Using;

/* A counter that doesn't go up tells of a copy: nobody is let in, and the log knows. */
static Err use(void *context, Tx *tx)
{
    Using *using = context;
    int64_t now_us = auth_now_us(using->auth), used = 0;

    if (using->refused == NULL) {
        TRY(passkeys_sql_use(tx, using->row->passkey_id, using->counter, now_us, &used));
        if (used == 0)
            using->refused = "passkey, its counter went back";
    }
    AuditEvent event = {using->refused == NULL ? STR("proved") : STR("sign-in-refused"), STR(""),
                        using->row->user_id, str_from(using->refused == NULL ? "passkey" : using->refused)};
    return audit_add(tx, using->arena, now_us, &event);
}

static Err check_and_use(const Auth *auth, Call *call, const ShowPasskeyInput *in,
                         const WebauthnClient *client, const PasskeysSqlFind *row)
{
    Using using = {auth, call->arena, row, NULL, 0};
    Err e = verify(auth, call->arena, in, client, row, &using.counter);

    if (failed(&e) && e.code != UNAUTHORIZED)
        return e;
    if (failed(&e))
        using.refused = "passkey";
    TRY(sql_transact(auth->sql, use, &using));
    if (failed(&e))
        return e;
    return using.refused == NULL ? OK : not_shown("its counter went back: is there a copy of it?");
}

static Err show(const Auth *auth, Call *call, const ShowPasskeyInput *in, Member *out)
{
    PasskeysSqlFind row = {0};
    WebauthnClient client;
    bool found;

    TRY(passkey_read_client(auth, call->arena, in->client_data, PURPOSE_SHOW, &client));
    TRY(passkeys_sql_find(auth->sql, NULL, call->arena, in->credential_id, &row, &found));
    if (!found)
        return not_shown("no such credential");
    TRY(check_and_use(auth, call, in, &client, &row));
    *out = (Member){row.user_id, row.role};
    return OK;
}

/* ---- the operations */

Err auth_sign_in_by_passkey(Call *call, const ShowPasskeyInput *in, SignedIn *out)
{
    const Auth *auth = call->service;
    Member member;

    TRY(show(auth, call, in, &member));
    return member_enter(auth, call, &member, in->cookies, out);
}

Err auth_step_up_by_passkey(Call *call, const ShowPasskeyInput *in, Proved *out)
{
    const Auth *auth = call->service;
    Member member = {0};

    TRY(auth_need_person(call));
    TRY(show(auth, call, in, &member));
    if (!str_equal(member.user_id, call->identity.subject))
        return not_shown("of another account");
    return member_prove(auth, call, in->cookies, out);
}
