#include "services/auth/oidc/request.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/random.h"
#include "http/target.h"
#include "services/auth/oidc/client_secret.h"
#include "base/base64url.h"

/* ---- secrets */

Str oidc_secret(Arena *arena)
{
    enum { BYTES = 32 };
    uint8_t bytes[BYTES];

    random_bytes(bytes, sizeof bytes);
    Str text = base64url_write(arena, (Str){(const char *)bytes, sizeof bytes});
    explicit_bzero(bytes, sizeof bytes);
    return text;
}

Str oidc_digest(Arena *arena, Str text)
{
    uint8_t hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const uint8_t *)text.data, text.len);
    return base64url_write(arena, (Str){(const char *)hash, sizeof hash});
}

/* ---- requests */

/* name=value, behind a '&' where one is missing; nothing for a value that is absent. */
static void put(Buf *buf, const char *name, Str value)
{
    char last = buf->len > 0 ? buf->data[buf->len - 1] : '?';

    if (value.data == NULL)
        return;
    if (last != '?' && last != '&')
        buf_put_char(buf, '&');
    buf_format(buf, "%s=", name);
    target_put_encoded(buf, value);
}

Str oidc_authorization_address(Arena *arena, const Asking *asking)
{
    Buf buf = {.arena = arena};
    Str door = asking->endpoints->authorization;

    buf_put(&buf, door);
    if (str_find(door, STR("?"), 0) == SIZE_MAX)
        buf_put_char(&buf, '?');
    put(&buf, "response_type", STR("code"));
    put(&buf, "client_id", asking->provider->client_id);
    put(&buf, "redirect_uri", asking->callback);
    put(&buf, "scope", asking->provider->scope);
    put(&buf, "state", asking->state);
    if (provider_is_oidc(asking->provider))
        put(&buf, "nonce", asking->nonce);
    put(&buf, "code_challenge", oidc_digest(arena, asking->verifier));
    put(&buf, "code_challenge_method", STR("S256"));
    return buf_str(&buf);
}

Err oidc_exchange_form(Arena *arena, const Asking *asking, Str code, const Clock *clock, Str *out)
{
    const Provider *provider = asking->provider;
    Buf buf = {.arena = arena};
    Str secret = provider->client_secret;

    if (provider->client_key.data != NULL)
        TRY(client_secret_sign(arena, provider, clock, &secret));
    put(&buf, "grant_type", STR("authorization_code"));
    put(&buf, "code", code);
    put(&buf, "redirect_uri", asking->callback);
    put(&buf, "client_id", provider->client_id);
    put(&buf, "client_secret", secret);
    put(&buf, "code_verifier", asking->verifier);
    if (!provider_is_oidc(provider))
        put(&buf, "state", asking->state); /* Naver asks for it here too */
    *out = buf_str(&buf);
    return OK;
}
