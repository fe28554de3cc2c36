#include "services/auth/tokens/jws.h"

#include "base/base64url.h"
#include "services/auth/tokens/compact.h"
#include "services/auth/tokens/limits.h"

/* ---- the head */

static Err take_algorithm(const json_t *value, Jws *out)
{
    return json_is_string(value) && key_algorithm_from(json_str(value), &out->algorithm)
               ? OK
               : err(INVALID, "head: `alg` is no algorithm of ours");
}

/* A name to look up among ours: never a path, a query or a URL, and compared as it is. */
static Err take_key_id(const json_t *value, Jws *out)
{
    out->key_id = json_str(value);
    return json_is_string(value) && out->key_id.len > 0 && out->key_id.len < KEY_ID_TEXT
               ? OK
               : err(INVALID, "head: `kid` is no name that a key of ours could have");
}

/* RFC 8725, section 3.11: what says to be another kind of token is none of these. */
static Err take_type(const json_t *value, Jws *out)
{
    (void)out;
    return json_is_string(value) && str_equal_nocase(json_str(value), STR("JWT"))
               ? OK
               : err(INVALID, "head: `typ` isn't JWT");
}

static const struct HeadMember {
    const char *name;
    Err (*take)(const json_t *value, Jws *out);
} HEAD_MEMBERS[] = {{"alg", take_algorithm}, {"kid", take_key_id}, {"typ", take_type}};

enum { HEAD_MEMBER_COUNT = sizeof HEAD_MEMBERS / sizeof *HEAD_MEMBERS };

static Err read_head(Arena *arena, Str text, Jws *out)
{
    const json_t *head;
    size_t known = 0;

    TRY(json_read_into(arena, text, &head));
    if (json_object_get(head, "alg") == NULL)
        return err(INVALID, "head: no object with an `alg`");
    for (size_t i = 0; i < HEAD_MEMBER_COUNT; i++) {
        const json_t *value = json_object_get(head, HEAD_MEMBERS[i].name);

        if (value == NULL)
            continue;
        known++;
        TRY(HEAD_MEMBERS[i].take(value, out));
    }
    return known == json_object_size(head) ? OK : err(INVALID, "head: has more than `alg`, `kid` and `typ`");
}

/* ---- the whole */

Err jws_read(Arena *arena, Str token, Jws *out)
{
    CompactJws parts;

    *out = (Jws){0};
    TRY(compact_read(arena, token, TOKEN_BYTES_MAX, &parts));
    out->signed_text = parts.signed_text;
    out->payload = parts.payload;
    out->signature = parts.signature;
    return read_head(arena, parts.head, out);
}

Str jws_write(Arena *arena, const Key *key, Json payload)
{
    uint8_t signature[KEY_SIGNATURE_BYTES_MAX];
    Str head = str_format(arena, "{\"alg\":\"%.*s\",\"kid\":\"%s\",\"typ\":\"JWT\"}",
                          STR_ARG(key_algorithm_name(key->algorithm)), key->id);
    Str text = str_format(arena, "%.*s.%.*s", STR_ARG(base64url_write(arena, head)),
                          STR_ARG(base64url_write(arena, payload)));
    size_t length = key_sign(key, text, signature);

    return str_format(arena, "%.*s.%.*s", STR_ARG(text),
                      STR_ARG(base64url_write(arena, (Str){(const char *)signature, length})));
}
