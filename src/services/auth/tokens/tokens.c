#include "services/auth/tokens/tokens.h"

#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "services/auth/tokens/cache.h"
#include "services/auth/tokens/jws.h"
#include "services/auth/tokens/key_folder.h"
#include "services/auth/tokens/limits.h"
#include "services/auth/tokens/secret.h"

enum { SECRETS_MAX = 2, SECOND_US = 1000000 };

struct Tokens {
    Arena arena; /* of the texts below */
    Str issuer;
    Str audience;
    int64_t lifetime_s;
    const Clock *clock;
    Key secrets[SECRETS_MAX]; /* the first one signs, where there is no folder */
    size_t secret_count;
    KeyFolder *folder; /* NULL: none */
    TokenCache *cache;
};

/* ---- made and gone */

static Err add_secret(Tokens *tokens, const char *what, Str secret)
{
    return secret.data != NULL ? key_from_secret(what, secret, &tokens->secrets[tokens->secret_count++]) : OK;
}

static Err add_secret_of_file(Tokens *tokens, const char *path)
{
    AUTO_ARENA Arena scratch = {0};
    Str secret;

    TRY(secret_from_file(&scratch, path, &secret));
    Err e = add_secret(tokens, path, secret);
    explicit_bzero((char *)secret.data, secret.len); /* the scratch arena's */
    return e;
}

static Err take_keys(const TokensConfig *config, Tokens *tokens)
{
    if (config->keys_folder != NULL)
        TRY(key_folder_open(config->keys_folder, tokens->lifetime_s, &tokens->folder));
    else if (config->secret.data == NULL && config->secret_file == NULL)
        return err(INVALID, "JWT_SECRET: there is none, and no folder where one could be kept");
    else if (config->secret.data == NULL)
        TRY(add_secret_of_file(tokens, config->secret_file));
    TRY(add_secret(tokens, "JWT_SECRET", config->secret));
    return add_secret(tokens, "JWT_SECRET_PREVIOUS", config->previous_secret);
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
    tokens->cache =
        token_cache_create(config->cache_entries != 0 ? config->cache_entries : TOKEN_CACHE_ENTRIES);
    Err e = take_keys(config, tokens);
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
    key_folder_close(tokens->folder);
    token_cache_destroy(tokens->cache);
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

static bool signing_key(const Tokens *tokens, int64_t now_s, Key *out)
{
    if (tokens->folder != NULL)
        return key_folder_signer(tokens->folder, now_s, out);
    *out = tokens->secrets[0];
    return true;
}

Err tokens_issue(Tokens *tokens, Arena *arena, const Claims *claims, Str *out)
{
    ClaimRules rules = rules_of(tokens);
    Claims whole = *claims;
    Key key;

    if (whole.issued_at_s == 0)
        whole.issued_at_s = rules.now_s;
    if (whole.expires_at_s == 0)
        whole.expires_at_s = whole.issued_at_s + tokens->lifetime_s;
    if (whole.id.data == NULL)
        whole.id = id_new(arena, tokens->clock);
    Json payload = claims_write(arena, &rules, &whole);
    if (!signing_key(tokens, rules.now_s, &key))
        return err_detail(err(INTERNAL, "no token could be made"), "no key signs");
    *out = jws_write(arena, &key, payload);
    explicit_bzero(&key, sizeof key);
    return check_issued(arena, &rules, payload, *out);
}

/* ---- in */

/* A token that names no key was made by a program that knows the secret and not its name: it is for the newest. */
static bool secret_for(const Tokens *tokens, const Jws *jws, Key *out)
{
    for (size_t i = 0; i < tokens->secret_count; i++) {
        *out = tokens->secrets[i];
        if (jws->key_id.data == NULL || str_equal(str_from(out->id), jws->key_id))
            return true;
    }
    return false;
}

/* The algorithm that a token names only says among which keys its own is: a secret is never a public half, nor the other
 * way round (RFC 8725, sections 2.1 and 3.1). */
static bool key_for(const Tokens *tokens, const Jws *jws, int64_t now_s, Key *out)
{
    if (jws->algorithm == KEY_HS256)
        return secret_for(tokens, jws, out);
    return tokens->folder != NULL && key_folder_find(tokens->folder, jws->key_id, now_s, out);
}

static Err read_token(const Tokens *tokens, Arena *arena, const ClaimRules *rules, Str token, Claims *out)
{
    Jws jws;
    Key key;

    TRY(jws_read(arena, token, &jws));
    if (!key_for(tokens, &jws, rules->now_s, &key))
        return err(INVALID, "head: no key of ours has this `kid` and `alg`");
    bool is_ours = key_signed(&key, jws.signed_text, jws.signature);
    explicit_bzero(&key, sizeof key);
    return is_ours ? claims_read(arena, rules, jws.payload, out) : err(INVALID, "the signature isn't ours");
}

static Err read_or_remember(Tokens *tokens, Arena *arena, const ClaimRules *rules, Str token, Claims *out)
{
    uint64_t version = tokens->folder != NULL ? key_folder_version(tokens->folder) : 0;
    TokenPrint print;

    if (token.len > TOKEN_BYTES_MAX)
        return err(INVALID, "%zu bytes are more than %d", token.len, TOKEN_BYTES_MAX);
    print = token_print(token);
    if (token_cache_get(tokens->cache, &print, version, arena, out))
        return OK;
    TRY(read_token(tokens, arena, rules, token, out));
    if (!claims_are_over(out, rules->now_s))
        token_cache_put(tokens->cache, &print, version, out);
    return OK;
}

Err tokens_verify(Tokens *tokens, Arena *arena, Str token, Claims *out)
{
    ClaimRules rules = rules_of(tokens);
    Err e = read_or_remember(tokens, arena, &rules, token, out);

    if (!failed(&e) && !claims_are_over(out, rules.now_s))
        return OK;
    *out = (Claims){0};
    return failed(&e) ? err_detail(err(UNAUTHORIZED, "The token isn't valid here: sign in"), "%s", e.message)
                      : err(UNAUTHORIZED, "The token is over: refresh it, or sign in");
}

void tokens_forget(Tokens *tokens, Str session)
{
    token_cache_forget(tokens->cache, session);
}

Json tokens_public_keys(Tokens *tokens, Arena *arena)
{
    return tokens->folder != NULL ? key_folder_public_keys(tokens->folder, arena, rules_of(tokens).now_s)
                                  : STR("[]");
}
