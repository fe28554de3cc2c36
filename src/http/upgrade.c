#include "http/upgrade.h"

#include <assert.h>
#include <gnutls/crypto.h>

#include "base/base64.h"

enum { SHA1_SIZE = 20, KEY_LEN = 24 /* of 16 bytes in base64 */ };
static const char GUID[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

static bool list_has(Str list, Str wanted)
{
    Str name;

    while (str_split(&list, ',', &name))
        if (str_equal_nocase(str_trim(name), wanted))
            return true;
    return false;
}

/* Lists may come in several lines (RFC 9110, 5.3). */
static bool header_has(const Exchange *exchange, Str name, Str wanted)
{
    for (size_t i = 0; i < exchange->header_count; i++)
        if (str_equal_nocase(exchange->headers[i].name, name) && list_has(exchange->headers[i].value, wanted))
            return true;
    return false;
}

bool upgrade_is_asked(const Exchange *exchange)
{
    return str_equal(exchange->method, STR("GET")) &&
           header_has(exchange, STR("upgrade"), STR("websocket")) &&
           header_has(exchange, STR("connection"), STR("upgrade"));
}

static Str key_of(const Exchange *exchange)
{
    return str_trim(exchange_header(exchange, STR("sec-websocket-key")));
}

static bool is_key(Str text)
{
    static const bool BASE64[256] = {
        ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true, ['+'] = true, ['/'] = true};

    if (text.len != KEY_LEN || !str_equal(str_slice(text, KEY_LEN - 2, KEY_LEN), STR("==")))
        return false;
    for (size_t i = 0; i < KEY_LEN - 2; i++)
        if (!BASE64[(unsigned char)text.data[i]])
            return false;
    return true;
}

Err upgrade_check(const Exchange *exchange)
{
    if (!str_equal(str_trim(exchange_header(exchange, STR("sec-websocket-version"))), STR("13")))
        return err(UNSUPPORTED, "Sec-WebSocket-Version must be 13 (RFC 6455).");
    if (!is_key(key_of(exchange)))
        return err(INVALID, "Sec-WebSocket-Key must be 16 bytes in base64.");
    return OK;
}

Str upgrade_accept(Arena *arena, const Exchange *exchange)
{
    Str text = str_format(arena, "%.*s%s", STR_ARG(key_of(exchange)), GUID);
    char digest[SHA1_SIZE];

    /* A fixed answer to a fixed question: nothing is kept safe by it. */
    int failure = gnutls_hash_fast(GNUTLS_DIG_SHA1, text.data, text.len, digest);
    assert(failure == 0);
    (void)failure;
    return base64_encode(arena, (Str){digest, sizeof digest});
}
