#include "services/auth/oidc/remote.h"

#include <stdatomic.h>

#include "base/memory.h"
#include "base/thread.h"
#include "services/auth/oidc/fetch.h"
#include "services/auth/oidc/id_token.h"

enum { STATUS_OK = 200, STATUS_REFUSED = 400, SECOND_US = 1000000 };

struct Remote {
    const Provider *provider;
    const Clock *clock;
    atomic_int under_way;
    pthread_mutex_t lock;
    Arena arena; /* of the endpoints */
    Endpoints endpoints;
    int64_t endpoints_until_us; /* monotonic, as all of these; 0 = there are none */
    Jwks *keys;
    int64_t keys_until_us;
    int64_t keys_again_us;
};

Remote *remote_create(const Provider *provider, const Clock *clock)
{
    Remote *remote = memory_new(Remote);

    remote->provider = provider;
    remote->clock = clock;
    (void)pthread_mutex_init(&remote->lock, NULL);
    return remote;
}

void remote_destroy(Remote *remote)
{
    if (remote == NULL)
        return;
    jwks_destroy(remote->keys);
    arena_finish(&remote->arena);
    (void)pthread_mutex_destroy(&remote->lock);
    memory_free(remote);
}

static int64_t now_us(const Remote *remote)
{
    return clock_monotonic_us(remote->clock);
}

/* ---- asked and answered */

static Err fetch(Remote *remote, const Call *call, const Fetch *what, HttpReply *out)
{
    Err e = oidc_unavailable(remote->provider, "too many wait for it already");

    if (atomic_fetch_add(&remote->under_way, 1) < REMOTE_UNDER_WAY_MAX)
        e = oidc_fetch(call, what, out);
    atomic_fetch_sub(&remote->under_way, 1);
    return e;
}

/* What only succeeds or fails. */
static Err fetch_document(Remote *remote, const Call *call, Str address, Str bearer, Json *out)
{
    HttpReply reply = {0};

    TRY(fetch(remote, call, &(Fetch){remote->provider, address, .bearer = bearer}, &reply));
    if (reply.status != STATUS_OK)
        return oidc_unavailable(
            remote->provider,
            str_format(call->arena, "%.*s: status %d", STR_ARG(address), reply.status).data);
    *out = reply.body;
    return OK;
}

/* ---- where its doors are */

static bool get_endpoints(Remote *remote, Arena *arena, Endpoints *out)
{
    MUTEX_HOLD(&remote->lock);

    if (remote->endpoints_until_us <= now_us(remote))
        return false;
    *out = remote->endpoints;
    out->authorization = str_copy(arena, out->authorization);
    out->token = str_copy(arena, out->token);
    out->keys = str_copy(arena, out->keys);
    return true;
}

static void keep_endpoints(Remote *remote, const Endpoints *found)
{
    MUTEX_HOLD(&remote->lock);

    arena_reset(&remote->arena);
    remote->endpoints = *found;
    remote->endpoints.authorization = str_copy(&remote->arena, found->authorization);
    remote->endpoints.token = str_copy(&remote->arena, found->token);
    remote->endpoints.keys = str_copy(&remote->arena, found->keys);
    remote->endpoints_until_us = now_us(remote) + (int64_t)REMOTE_KEEP_S * SECOND_US;
}

Err remote_endpoints(Remote *remote, const Call *call, Endpoints *out)
{
    Json document = {0};

    if (!provider_is_oidc(remote->provider)) {
        *out = discovery_none(remote->provider);
        return OK;
    }
    if (get_endpoints(remote, call->arena, out))
        return OK;
    TRY(fetch_document(remote, call, discovery_address(call->arena, remote->provider->issuer), (Str){0},
                       &document));
    Err e = discovery_read(call->arena, remote->provider, document, out);
    if (failed(&e))
        return oidc_unavailable(remote->provider, e.message);
    keep_endpoints(remote, out);
    return OK;
}

/* ---- its keys */

static Err fetch_keys(Remote *remote, const Call *call, Str address)
{
    Json document = {0};
    Jwks *keys;

    TRY(fetch_document(remote, call, address, (Str){0}, &document));
    Err e = jwks_read(document, &keys);
    if (failed(&e))
        return oidc_unavailable(remote->provider, e.message);
    MUTEX_HOLD(&remote->lock);
    jwks_destroy(remote->keys);
    remote->keys = keys;
    remote->keys_until_us = now_us(remote) + (int64_t)REMOTE_KEEP_S * SECOND_US;
    remote->keys_again_us = now_us(remote) + (int64_t)REMOTE_KEYS_AGAIN_S * SECOND_US;
    return OK;
}

/* Whether the keys are too old, or this token's is new and it is time to look again. */
static bool needs_keys(Remote *remote, const IdToken *token)
{
    MUTEX_HOLD(&remote->lock);
    int64_t now = now_us(remote);

    if (remote->keys == NULL || remote->keys_until_us <= now)
        return true;
    return jwks_find(remote->keys, token->key_id, token->algorithm) == NULL && remote->keys_again_us <= now;
}

/* ---- who it is about */

static Err unbelievable(const Remote *remote, const char *why)
{
    return err_detail(
        err(UNAUTHORIZED, "%.*s's answer can't be believed: begin again", STR_ARG(remote->provider->title)),
        "%s", why);
}

static Err check_id_token(Remote *remote, const Call *call, const Asking *asking, const json_t *answer,
                          const json_t **claims)
{
    IdToken token;
    IdTokenRules rules = {
        .issuer = remote->provider->issuer,
        .client_id = remote->provider->client_id,
        .nonce = asking->nonce,
        .access_token = json_str_at(answer, "access_token"),
        .now_s = clock_wall_us(remote->clock) / SECOND_US,
    };
    Err e = id_token_read(call->arena, json_str_or_empty(answer, "id_token"), &token);

    if (failed(&e))
        return unbelievable(remote, e.message);
    if (needs_keys(remote, &token))
        TRY(fetch_keys(remote, call, asking->endpoints->keys));
    MUTEX_HOLD(&remote->lock); /* a key isn't for two threads at once */
    e = id_token_check(call->arena, &token, jwks_find(remote->keys, token.key_id, token.algorithm), &rules,
                       claims);
    return failed(&e) ? unbelievable(remote, e.message) : OK;
}

static Err read_profile(Remote *remote, const Call *call, const Asking *asking, const json_t *answer,
                        const json_t **claims)
{
    Str bearer = json_str_or_empty(answer, "access_token");
    Json document = {0};

    if (bearer.len == 0 || str_find(bearer, STR("\n"), 0) != SIZE_MAX ||
        str_find(bearer, STR("\r"), 0) != SIZE_MAX)
        return unbelievable(remote, "no access token came");
    TRY(fetch_document(remote, call, asking->endpoints->userinfo, bearer, &document));
    Err e = json_read_into(call->arena, document, claims);
    return failed(&e) ? unbelievable(remote, e.message) : OK;
}

/* A refusal (RFC 6749, section 5.2) is the code's fault where it says so, and else ours or theirs. Naver refuses with status 200. */
static Err read_exchange(Remote *remote, const Call *call, const HttpReply *reply, const json_t **answer)
{
    Err e = json_read_into(call->arena, reply->body, answer);
    Str refusal = failed(&e) ? (Str){0} : json_str_at(*answer, "error");

    if (refusal.data != NULL && (reply->status <= STATUS_REFUSED) && str_equal(refusal, STR("invalid_grant")))
        return err_detail(err(UNAUTHORIZED, "%.*s doesn't know this code, or it was used before: begin again",
                              STR_ARG(remote->provider->title)),
                          "token endpoint: invalid_grant");
    if (reply->status != STATUS_OK || failed(&e) || refusal.data != NULL)
        return oidc_unavailable(
            remote->provider,
            str_format(call->arena, "token endpoint: status %d %.*s", reply->status, STR_ARG(refusal)).data);
    return OK;
}

Err remote_claims(Remote *remote, const Call *call, const Asking *asking, Str code, const json_t **claims)
{
    Fetch what = {remote->provider, asking->endpoints->token};
    const json_t *answer;
    HttpReply reply = {0};

    TRY(oidc_exchange_form(call->arena, asking, code, remote->clock, &what.form));
    TRY(fetch(remote, call, &what, &reply));
    TRY(read_exchange(remote, call, &reply, &answer));
    return provider_is_oidc(remote->provider) ? check_id_token(remote, call, asking, answer, claims)
                                              : read_profile(remote, call, asking, answer, claims);
}
