#include "services/auth/oidc/discovery.h"

#include "services/auth/oidc/address.h"
#include "services/auth/oidc/keys.h"

Str discovery_address(Arena *arena, Str issuer)
{
    Str base = str_ends(issuer, STR("/")) ? str_slice(issuer, 0, issuer.len - 1) : issuer;

    return str_format(arena, "%.*s/.well-known/openid-configuration", STR_ARG(base));
}

/* A provider elsewhere has no door on this machine: whoever sends us to one wants what only this machine may reach. */
static Err read_address(Arena *arena, const Provider *provider, const json_t *document, const char *name,
                        Str *out)
{
    Str address = json_str_or_empty(document, name);

    TRY(oidc_check_address(name, address));
    if (oidc_is_loopback(address) && !oidc_is_loopback(provider->issuer))
        return err(INVALID, "%s: leads to this machine, the issuer doesn't", name);
    *out = str_copy(arena, address);
    return OK;
}

static bool has_text(const json_t *list, Str wanted)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (str_equal(json_str(json_array_get(list, i)), wanted))
            return true;
    return false;
}

static bool has_algorithm_of_ours(const json_t *list)
{
    SignatureAlgorithm algorithm;

    for (size_t i = 0; i < json_array_size(list); i++)
        if (signature_algorithm_from(json_str(json_array_get(list, i)), &algorithm))
            return true;
    return false;
}

static Err check_offers(const json_t *document)
{
    const json_t *pkce = json_object_get(document, "code_challenge_methods_supported");

    if (!has_text(json_object_get(document, "response_types_supported"), STR("code")))
        return err(INVALID, "response_types_supported: has no code");
    if (pkce != NULL && !has_text(pkce, STR("S256")))
        return err(INVALID, "code_challenge_methods_supported: has no S256");
    if (!has_algorithm_of_ours(json_object_get(document, "id_token_signing_alg_values_supported")))
        return err(INVALID, "id_token_signing_alg_values_supported: has none of ours");
    return OK;
}

Err discovery_read(Arena *arena, const Provider *provider, Json document, Endpoints *out)
{
    AUTO_JSON json_t *all = NULL;

    *out = (Endpoints){0};
    TRY(json_read(document, &all));
    if (!str_equal(json_str_or_empty(all, "issuer"), provider->issuer))
        return err(INVALID, "issuer: isn't %.*s", STR_ARG(provider->issuer));
    TRY(read_address(arena, provider, all, "authorization_endpoint", &out->authorization));
    TRY(read_address(arena, provider, all, "token_endpoint", &out->token));
    TRY(read_address(arena, provider, all, "jwks_uri", &out->keys));
    out->says_iss = json_is_true(json_object_get(all, "authorization_response_iss_parameter_supported"));
    return check_offers(all);
}

Endpoints discovery_none(const Provider *provider)
{
    return (Endpoints){
        .authorization = provider->authorization_endpoint,
        .token = provider->token_endpoint,
        .userinfo = provider->userinfo_endpoint,
    };
}
