#include "services/auth/tokens/tokens.h"

#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "services/auth/tokens/jws.h"
#include "services/auth/tokens/limits.h"
#include "services/auth/tokens/secret.h"

enum { SECRETS_MAX = 2, SECOND_US = 1000000 };

struct Tokens {
    Arena arena; /* of the texts below */
    Str issuer;
    Str audience;
    int64_t lifetime_s;
    const Clock *clock;
    Key secrets[SECRETS_MAX]; /* the first one signs */
    size_t secret_count;
};

/* ---- made and gone */

static Err take_secrets(const TokensConfig *config, Tokens *tokens)
{
    AUTO_ARENA Arena scratch = {0};
    Str secret = config->secret;

    if (secret.data == NULL && config->secret_file == NULL)
        return err(INVALID, "JWT_SECRET: there is none, and no folder where one could be kept");
    if (secret.data == NULL)
        TRY(secret_from_file(&scratch, config->secret_file, &secret));
    Err e = key_from_secret(config->secret.data != NULL ? "JWT_SECRET" : config->secret_file, secret,
                            &tokens->secrets[0]);
    if (config->secret.data == NULL)
        explicit_bzero((char *)secret.data, secret.len); /* the scratch arena's */
    TRY(e);
    tokens->secret_count = 1;
    if (config->previous_secret.data == NULL)
        return OK;
    TRY(key_from_secret("JWT_SECRET_PREVIOUS", config->previous_secret, &tokens->secrets[1]));
    tokens->secret_count = 2;
    return OK;
}

static Str copy_or(Tokens *tokens, Str text, Str fallback)
{
    return text.data != NULL ? str_copy(&tokens->arena, text) : fallback;
}

Err tokens_create(const TokensConfig *config, Tokens **out)
{
    *out = NULL;
    if (sodium_init() < 0)
        return err(INTERNAL, "libsodium can't be used on this machine");
    Tokens *tokens = memory_new(Tokens);
    arena_init(&tokens->arena);
    tokens->issuer = copy_or(tokens, config->issuer, STR("nerdx"));
    tokens->audience = copy_or(tokens, config->audience, STR("nerdx"));
    tokens->lifetime_s = config->lifetime_s != 0 ? config->lifetime_s : TOKEN_LIFETIME_S;
    tokens->clock = config->clock;
    Err e = take_secrets(config, tokens);
    if (failed(&e))
        tokens_destroy(tokens);
    else
        *out = tokens;
    return e;
}

void tokens_destroy(Tokens *tokens)
{
    if (tokens == NULL)
        return;
    arena_finish(&tokens->arena);
    explicit_bzero(tokens, sizeof *tokens);
    memory_free(tokens);
}

/* ---- out */

static ClaimRules rules_of(const Tokens *tokens)
{
    return (ClaimRules){
        .issuer = tokens->issuer,
        .audience = tokens->audience,
        .lifetime_s = tokens->lifetime_s,
        .now_s = clock_wall_us(tokens->clock) / SECOND_US,
    };
}

/* What we give out must be taken back. */
static Err check_issued(Arena *arena, const ClaimRules *rules, Json payload, Str token)
{
    Claims again;
    Err e = claims_read(arena, rules, payload, &again);

    if (failed(&e))
        return err_detail(err(INTERNAL, "no token could be made"), "%s", e.message);
    if (token.len > TOKEN_BYTES_MAX)
        return err_detail(err(INTERNAL, "no token could be made"), "it would have %zu bytes", token.len);
    return OK;
}

Err tokens_issue(Tokens *tokens, Arena *arena, const Claims *claims, Str *out)
{
    ClaimRules rules = rules_of(tokens);
    Claims whole = *claims;

    if (whole.issued_at_s == 0)
        whole.issued_at_s = rules.now_s;
    if (whole.expires_at_s == 0)
        whole.expires_at_s = whole.issued_at_s + tokens->lifetime_s;
    if (whole.id.data == NULL)
        whole.id = id_new(arena, tokens->clock);
    Json payload = claims_write(arena, &rules, &whole);
    *out = jws_write(arena, &tokens->secrets[0], payload);
    return check_issued(arena, &rules, payload, *out);
}

/* ---- in */

/* A token that names no key was made by a program that knows the secret and not its name: it is for the one that signs. */
static const Key *key_for(const Tokens *tokens, const Jws *jws)
{
    for (size_t i = 0; i < tokens->secret_count; i++) {
        const Key *key = &tokens->secrets[i];

        if (key->algorithm == jws->algorithm &&
            (jws->key_id.data == NULL || str_equal(str_from(key->id), jws->key_id)))
            return key;
    }
    return NULL;
}

static Err read_token(const Tokens *tokens, Arena *arena, const ClaimRules *rules, Str token, Claims *out)
{
    Jws jws;

    TRY(jws_read(arena, token, &jws));
    const Key *key = key_for(tokens, &jws);
    if (key == NULL)
        return err(INVALID, "head: no key of ours has this `kid` and `alg`");
    if (!key_signed(key, jws.signed_text, jws.signature))
        return err(INVALID, "the signature isn't ours");
    return claims_read(arena, rules, jws.payload, out);
}

Err tokens_verify(Tokens *tokens, Arena *arena, Str token, Claims *out)
{
    ClaimRules rules = rules_of(tokens);
    Err e = read_token(tokens, arena, &rules, token, out);

    if (!failed(&e) && !claims_are_over(out, rules.now_s))
        return OK;
    *out = (Claims){0};
    return failed(&e) ? err_detail(err(UNAUTHORIZED, "The token isn't valid here: sign in"), "%s", e.message)
                      : err(UNAUTHORIZED, "The token is over: refresh it, or sign in");
}
