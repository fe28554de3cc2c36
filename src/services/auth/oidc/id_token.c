#include "services/auth/oidc/id_token.h"

#include <sodium.h>

#include "base/base64url.h"
#include "services/auth/tokens/compact.h"

/* ---- the envelope */

static Err read_head(Arena *arena, Str text, IdToken *out)
{
    const json_t *head;

    TRY(json_read_into(arena, text, &head));
    const json_t *key_id = json_object_get(head, "kid"), *type = json_object_get(head, "typ");
    if (!signature_algorithm_from(json_str_or_empty(head, "alg"), &out->algorithm))
        return err(INVALID, "head: `alg` is none of RS256, ES256 and EdDSA");
    if (json_object_get(head, "crit") != NULL)
        return err(INVALID, "head: `crit` asks for what we don't know");
    if (type != NULL && !str_equal_nocase(json_str(type), STR("JWT")))
        return err(INVALID, "head: `typ` isn't JWT");
    if (key_id != NULL && json_string_length(key_id) == 0)
        return err(INVALID, "head: `kid` is no name");
    out->key_id = json_str(key_id);
    return OK;
}

Err id_token_read(Arena *arena, Str text, IdToken *out)
{
    CompactJws parts;

    *out = (IdToken){0};
    TRY(compact_read(arena, text, ID_TOKEN_BYTES_MAX, &parts));
    out->signed_text = parts.signed_text;
    out->payload = parts.payload;
    out->signature = parts.signature;
    return read_head(arena, parts.head, out);
}

/* ---- the claims */

/* One that is for others too must say that it was made for us: `azp`. */
static Err check_audience(const json_t *claims, const IdTokenRules *rules)
{
    const json_t *audience = json_object_get(claims, "aud"), *party = json_object_get(claims, "azp");
    size_t count = json_array_size(audience);
    bool is_ours = str_equal(json_str_or_empty(claims, "aud"), rules->client_id);

    for (size_t i = 0; i < count; i++)
        is_ours = is_ours || str_equal(json_str(json_array_get(audience, i)), rules->client_id);
    if (!is_ours)
        return err(INVALID, "`aud` isn't us");
    if (party == NULL && count > 1)
        return err(INVALID, "`aud` has others beside us, and there is no `azp`");
    return party == NULL || str_equal(json_str(party), rules->client_id) ? OK
                                                                         : err(INVALID, "`azp` isn't us");
}

static Err check_times(const json_t *claims, const IdTokenRules *rules)
{
    const json_t *issued = json_object_get(claims, "iat"), *ends = json_object_get(claims, "exp");
    const json_t *begins = json_object_get(claims, "nbf");
    int64_t latest_s = rules->now_s + ID_TOKEN_CLOCKS_DIFFER_S;
    int64_t earliest_s = rules->now_s - ID_TOKEN_CLOCKS_DIFFER_S;

    if (!json_is_number(issued) || !json_is_number(ends))
        return err(INVALID, "`iat` and `exp` must be numbers");
    if (json_number_value(ends) <= (double)earliest_s)
        return err(INVALID, "`exp` has come");
    if (json_number_value(issued) > (double)latest_s)
        return err(INVALID, "`iat` hasn't come");
    if (json_number_value(issued) < (double)(earliest_s - ID_TOKEN_AGE_S))
        return err(INVALID, "`iat` is too long ago");
    if (begins != NULL && (!json_is_number(begins) || json_number_value(begins) > (double)latest_s))
        return err(INVALID, "`nbf` hasn't come");
    return OK;
}

/* OpenID Connect Core, section 3.1.3.6: the left half of the hash that belongs to `alg`. */
static Err check_access_token(Arena *arena, const json_t *claims, SignatureAlgorithm algorithm, Str token)
{
    uint8_t hash[crypto_hash_sha512_BYTES];
    size_t half = crypto_hash_sha256_BYTES / 2;
    const json_t *claim = json_object_get(claims, "at_hash");

    if (claim == NULL)
        return OK;
    if (token.data == NULL)
        return err(INVALID, "`at_hash` is of an access token that didn't come");
    if (algorithm == SIGNED_EDDSA) { /* Ed25519 is made of SHA-512 */
        half = crypto_hash_sha512_BYTES / 2;
        crypto_hash_sha512(hash, (const uint8_t *)token.data, token.len);
    } else {
        crypto_hash_sha256(hash, (const uint8_t *)token.data, token.len);
    }
    Str wanted = base64url_write(arena, (Str){(const char *)hash, half});
    return str_equal(json_str(claim), wanted) ? OK : err(INVALID, "`at_hash` isn't the access token's");
}

static bool is_same_secret(Str a, Str b)
{
    return a.len == b.len && a.len > 0 && sodium_memcmp(a.data, b.data, a.len) == 0;
}

Err id_token_check(Arena *arena, const IdToken *token, const Jwk *key, const IdTokenRules *rules,
                   const json_t **claims)
{
    *claims = NULL;
    if (key == NULL)
        return err(INVALID, "head: the provider has no key of this `kid` and `alg`");
    if (!jwk_has_signed(key, token->signed_text, token->signature))
        return err(INVALID, "the signature isn't the provider's");
    TRY(json_read_into(arena, token->payload, claims));
    if (!json_is_object(*claims))
        return err(INVALID, "the claims are no object");
    if (!str_equal(json_str_or_empty(*claims, "iss"), rules->issuer))
        return err(INVALID, "`iss` isn't the provider");
    TRY(check_audience(*claims, rules));
    TRY(check_times(*claims, rules));
    if (!is_same_secret(json_str_or_empty(*claims, "nonce"), rules->nonce))
        return err(INVALID, "`nonce` isn't what was asked with");
    return check_access_token(arena, *claims, token->algorithm, rules->access_token);
}

/* ---- looked up */

static const json_t *claim_at(Arena *arena, const json_t *claims, Str path)
{
    Str name;

    while (claims != NULL && str_split(&path, '.', &name))
        claims = json_object_get(claims, str_c(arena, name));
    return claims;
}

Str claim_text(Arena *arena, const json_t *claims, Str path)
{
    if (path.data == NULL)
        return (Str){0};
    const json_t *value = claim_at(arena, claims, path);
    if (json_is_integer(value))
        return str_format(arena, "%lld", (long long)json_integer_value(value));
    return json_str(value);
}

bool claim_is_true(const json_t *claims, Str path)
{
    AUTO_ARENA Arena scratch = {0};

    if (path.data == NULL)
        return false;
    const json_t *value = claim_at(&scratch, claims, path);
    return json_is_true(value) || str_equal(json_str(value), STR("true"));
}
