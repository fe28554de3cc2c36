/* Bytes as a token. The first byte says what is made of the others: the token itself, which nobody here has signed and which must
 * be refused; or a head and, behind a line break, a payload, which a secret of ours signs: so that what lies behind the
 * signature is reached. What is accepted keeps to the limits, says the same when it is asked again (from the cache), and can be
 * issued anew. */
#include <stdlib.h>

#include "base/base64url.h"
#include "services/auth/tokens/key.h"
#include "services/auth/tokens/limits.h"
#include "services/auth/tokens/tokens.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t NOW_US = INT64_C(1764000000) * 1000000;

static struct Under {
    ManualClock clock;
    Tokens *tokens;
    Key secret;
} under;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_do(Err e)
{
    must(!failed(&e));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const Str secret = STR("0123456789abcdef0123456789abcdef");

    (void)argc;
    (void)argv;
    manual_clock_init(&under.clock, NOW_US);
    must_do(tokens_create(&(TokensConfig){.secret = secret, .clock = &under.clock.clock}, &under.tokens));
    must_do(key_from_secret("secret", secret, &under.secret));
    return 0;
}

static Str signed_token(Arena *arena, Str text)
{
    uint8_t signature[KEY_SIGNATURE_BYTES_MAX];
    Str payload = text;
    Str head;

    (void)str_split(&payload, '\n', &head);
    if (payload.data == NULL)
        payload = STR("");
    Str both = str_format(arena, "%.*s.%.*s", STR_ARG(base64url_write(arena, head)),
                          STR_ARG(base64url_write(arena, payload)));
    size_t length = key_sign(&under.secret, both, signature);
    return str_format(arena, "%.*s.%.*s", STR_ARG(both),
                      STR_ARG(base64url_write(arena, (Str){(const char *)signature, length})));
}

static void check_same(const Claims *a, const Claims *b)
{
    must(str_equal(a->subject, b->subject) && str_equal(a->session, b->session));
    must(a->permissions.count == b->permissions.count);
    for (size_t i = 0; i < a->permissions.count; i++)
        must(str_equal(a->permissions.items[i], b->permissions.items[i]));
    must(a->issued_at_s == b->issued_at_s && a->expires_at_s == b->expires_at_s);
    must(a->proved_at_s == b->proved_at_s);
}

static void check_accepted(Arena *arena, Str token, const Claims *claims)
{
    Claims again;

    must(claims->subject.len > 0 && claims->subject.len <= TOKEN_ID_BYTES_MAX);
    must(claims->permissions.count <= TOKEN_PERMISSIONS_MAX);
    must(claims->expires_at_s > NOW_US / 1000000 &&
         claims->expires_at_s - claims->issued_at_s <= TOKEN_LIFETIME_S);
    must_do(tokens_verify(under.tokens, arena, token, &again));
    check_same(claims, &again);
    Err e = tokens_issue(under.tokens, arena, claims, &token);
    if (failed(&e)) /* escaped otherwise, it may be longer */
        return;
    must_do(tokens_verify(under.tokens, arena, token, &again));
    check_same(claims, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Str text = {(const char *)data + 1, size > 0 ? size - 1 : 0};
    Claims claims;

    if (size == 0)
        return 0;
    bool is_signed = data[0] % 2 != 0;
    Str token = is_signed ? signed_token(&arena, text) : text;
    Err e = tokens_verify(under.tokens, &arena, token, &claims);
    must(failed(&e) || is_signed);
    must(!failed(&e) || (e.code == UNAUTHORIZED && claims.subject.data == NULL));
    if (!failed(&e))
        check_accepted(&arena, token, &claims);
    return 0;
}
