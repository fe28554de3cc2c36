#include "gateway/node.h"

#include <inttypes.h>
#include <sodium.h>

#include "base/hex.h"

enum {
    FIELDS = 7,
    MAC = crypto_auth_hmacsha256_BYTES,
    PASS_FIRST_BYTES = 256,
    MS_PER_S = 1000,
    US_PER_S = 1000000
};
enum { EXPIRES, KIND, PERMISSIONS, PROVED, SESSION, SUBJECT, SIGNED };

static const Str SCHEME = {.data = "Nerdx-Node ", .len = 11};

Err node_policy_check(const NodePolicy *policy)
{
    if (policy->secret.data == NULL || policy->secret.len >= NODE_SECRET_LEAST)
        return OK;
    return err(INVALID, "node_secret: has %zu bytes and must have %d or more", policy->secret.len,
               NODE_SECRET_LEAST);
}

static int64_t now_s(const NodePolicy *policy)
{
    return clock_wall_us(policy->clock) / US_PER_S;
}

static void sign(const NodePolicy *policy, Str method, Str target, Str fields, uint8_t mac[static MAC])
{
    crypto_auth_hmacsha256_state state;
    const Str parts[] = {method, STR(" "), target, STR(" "), fields};

    (void)crypto_auth_hmacsha256_init(&state, (const uint8_t *)policy->secret.data, policy->secret.len);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)parts[i].data, parts[i].len);
    (void)crypto_auth_hmacsha256_final(&state, mac);
}

const char *node_pass(const NodePolicy *policy, Arena *arena, const Identity *identity, Str method,
                      Str target)
{
    uint8_t mac[MAC];
    Buf out;

    buf_init(&out, arena, PASS_FIRST_BYTES);
    buf_put(&out, SCHEME);
    buf_format(&out, "%" PRIx64 ".%x.%" PRIx64 ".%" PRIx64 ".", (uint64_t)(now_s(policy) + NODE_PASS_S),
               (unsigned)identity->kind, identity->permissions, (uint64_t)identity->proved_at_s);
    buf_put(&out, hex_text(arena, identity->session));
    buf_put_char(&out, '.');
    buf_put(&out, hex_text(arena, identity->subject));
    sign(policy, method, target, str_slice(buf_str(&out), SCHEME.len, SIZE_MAX), mac);
    buf_put_char(&out, '.');
    buf_put(&out, hex_text(arena, (Str){(const char *)mac, MAC}));
    return str_c(arena, buf_str(&out));
}

/* --- reading --- */

static bool read_number(Str hex, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < hex.len; i++) {
        char c = hex.data[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return false;
        *out = *out << 4 | (uint64_t)digit;
    }
    return hex.len > 0 && hex.len <= 2 * sizeof *out;
}

/* Of an empty text there is none. */
static bool read_text(Arena *arena, Str hex, Str *out)
{
    bool is_hex = hex_bytes(arena, hex, out);

    if (out->len == 0)
        *out = (Str){0};
    return is_hex;
}

static bool split(Str pass, Str fields[static FIELDS])
{
    for (int i = 0; i < FIELDS; i++)
        if (!str_split(&pass, '.', &fields[i]))
            return false;
    return pass.data == NULL;
}

static bool is_signed(const NodePolicy *policy, Arena *arena, Str pass, const Str *fields, Str method,
                      Str target)
{
    uint8_t mac[MAC];
    Str shown;

    if (!read_text(arena, fields[SIGNED], &shown) || shown.len != MAC)
        return false;
    sign(policy, method, target, str_slice(pass, 0, pass.len - fields[SIGNED].len - 1), mac);
    return sodium_memcmp(mac, shown.data, MAC) == 0;
}

static bool read_identity(Arena *arena, const Str *fields, uint64_t *expires_s, Identity *out)
{
    uint64_t kind;
    uint64_t proved;

    *out = (Identity){0};
    if (!read_number(fields[EXPIRES], expires_s) || !read_number(fields[KIND], &kind) ||
        !read_number(fields[PERMISSIONS], &out->permissions) || !read_number(fields[PROVED], &proved) ||
        !read_text(arena, fields[SESSION], &out->session) ||
        !read_text(arena, fields[SUBJECT], &out->subject) || kind > IDENTITY_KEY)
        return false;
    out->kind = (IdentityKind)kind;
    out->proved_at_s = (int64_t)proved;
    return true;
}

Err node_pass_read(const NodePolicy *policy, Arena *arena, Str pass, Str method, Str target, Identity *out)
{
    Str fields[FIELDS];
    uint64_t expires_s;
    uint64_t now = (uint64_t)now_s(policy);

    if (policy->secret.data == NULL || !split(pass, fields) ||
        !is_signed(policy, arena, pass, fields, method, target) ||
        !read_identity(arena, fields, &expires_s, out) || expires_s < now)
        return err(UNAUTHORIZED, "This is no pass of a node of ours.");
    return OK;
}

static Err know_node(void *context, Exchange *exchange)
{
    const NodePolicy *policy = context;
    Str shown = exchange_header(exchange, STR("authorization"));

    if (!str_starts(shown, SCHEME))
        return OK;
    TRY(node_pass_read(policy, &exchange->arena, str_slice(shown, SCHEME.len, shown.len), exchange->method,
                       exchange->target, &exchange->identity));
    exchange->from_node = true;
    exchange->limit_class = NULL;
    return OK;
}

Filter node_filter(const NodePolicy *policy)
{
    return (Filter){.before = know_node, .context = (void *)policy};
}
