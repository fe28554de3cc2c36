#include "push/service_account.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#include "base/base64url.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"

enum { FILE_MAX = 16 * 1024 };

Err service_account_read(Arena *arena, const char *path, ServiceAccount *out)
{
    const struct {
        const char *name;
        Str *to;
    } members[] = {
        {"project_id", &out->project_id},   {"client_email", &out->client_email},
        {"private_key", &out->private_key}, {"private_key_id", &out->private_key_id},
        {"token_uri", &out->token_uri},
    };
    const json_t *document;
    Str text;

    TRY(file_read_private(arena, path, FILE_MAX, &text));
    Err e = json_read_into(arena, text, &document);
    if (failed(&e))
        return err(INVALID, "%s: must be the JSON of a service account's key", path);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        *members[i].to = str_copy(arena, json_str_or_empty(document, members[i].name));
        if (members[i].to->len == 0)
            return err(INVALID, "%s: has no %s, as the JSON of a service account's key has", path,
                       members[i].name);
    }
    return OK;
}

static Str part(Arena *arena, Buf *json)
{
    return base64url_write(arena, buf_str(json));
}

static Str text_to_sign(Arena *arena, const ServiceAccount *account, Str scope, int64_t now_s)
{
    Buf head = {.arena = arena}, claims = {.arena = arena};

    buf_put_char(&head, '{');
    json_put_member(&head, "alg", STR("RS256"));
    json_put_member(&head, "typ", STR("JWT"));
    json_put_member(&head, "kid", account->private_key_id);
    buf_put_char(&head, '}');
    buf_put_char(&claims, '{');
    json_put_member(&claims, "iss", account->client_email);
    json_put_member(&claims, "scope", scope);
    json_put_member(&claims, "aud", account->token_uri);
    buf_format(&claims, ",\"iat\":%lld,\"exp\":%lld}", (long long)now_s, (long long)now_s + ASSERTION_LIFE_S);
    return str_format(arena, "%.*s.%.*s", STR_ARG(part(arena, &head)), STR_ARG(part(arena, &claims)));
}

static bool sign(Arena *arena, gnutls_privkey_t key, Str pem, Str text, Str *out)
{
    gnutls_datum_t key_text = {(unsigned char *)pem.data, (unsigned)pem.len};
    gnutls_datum_t data = {(unsigned char *)text.data, (unsigned)text.len};
    gnutls_datum_t signature = {0};
    bool is_signed = gnutls_privkey_import_x509_raw(key, &key_text, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 &&
                     gnutls_privkey_sign_data2(key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &signature) == 0;

    if (is_signed)
        *out = base64url_write(arena, (Str){(const char *)signature.data, signature.size});
    gnutls_free(signature.data);
    return is_signed;
}

Err service_account_assert(Arena *arena, const ServiceAccount *account, Str scope, int64_t now_s, Str *out)
{
    Str text = text_to_sign(arena, account, scope, now_s), proof;
    gnutls_privkey_t key;

    if (gnutls_privkey_init(&key) != 0)
        return err(INTERNAL, "no memory for a key");
    bool is_signed = sign(arena, key, account->private_key, text, &proof);
    gnutls_privkey_deinit(key);
    if (!is_signed)
        return err(INVALID, "private_key of the service account: no RSA key (PEM)");
    *out = str_format(arena, "%.*s.%.*s", STR_ARG(text), STR_ARG(proof));
    return OK;
}
