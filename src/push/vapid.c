#include "push/vapid.h"

#include "base/base64url.h"
#include "base/buf.h"
#include "base/json.h"

Str vapid_origin(Str address)
{
    size_t host = str_find(address, STR("://"), 0);

    if (host == SIZE_MAX)
        return (Str){0};
    size_t end = str_find(address, STR("/"), host + STR("://").len);
    return str_slice(address, 0, end);
}

static Str part(Arena *arena, Buf *json)
{
    return base64url_write(arena, buf_str(json));
}

/* RFC 7519, with the claims of RFC 8292, section 2. */
static Str text_to_sign(Arena *arena, Str origin, Str contact, int64_t now_s)
{
    Buf head = {.arena = arena}, claims = {.arena = arena};

    buf_put(&head, STR("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"));
    buf_put_char(&claims, '{');
    json_put_member(&claims, "aud", origin);
    json_put_member(&claims, "sub", contact);
    buf_format(&claims, ",\"exp\":%lld}", (long long)now_s + VAPID_LIFE_S);
    return str_format(arena, "%.*s.%.*s", STR_ARG(part(arena, &head)), STR_ARG(part(arena, &claims)));
}

Err vapid_show(Arena *arena, const P256Key *key, Str address, Str contact, int64_t now_s, Str *out)
{
    Str origin = vapid_origin(address);
    uint8_t signature[P256_SIGNATURE_BYTES];

    if (origin.data == NULL)
        return err(UNPROCESSABLE, "endpoint: must be an https:// address");
    Str text = text_to_sign(arena, origin, contact, now_s);
    p256_sign(key, text, signature);
    Str proof = base64url_write(arena, (Str){(const char *)signature, sizeof signature});
    Str point = base64url_write(arena, (Str){(const char *)key->point, sizeof key->point});
    *out = str_format(arena, "vapid t=%.*s.%.*s, k=%.*s", STR_ARG(text), STR_ARG(proof), STR_ARG(point));
    return OK;
}
