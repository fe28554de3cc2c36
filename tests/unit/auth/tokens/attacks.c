/* What has been published against JSON Web Tokens, tried: RFC 8725 (JSON Web Token Best Current Practices), sections 2 and 3,
 * and what its sources name. Each is refused, for its own reason, with one answer for all that tells the sender nothing.
 * Here: signatures and the shape of the whole; what heads and claims say: attacks_words.c. */
#include "attack.h"

#include "services/auth/tokens/limits.h"

static void what_the_attacks_are_made_of_is_accepted_when_nothing_is_wrong(void **state)
{
    Arena *arena = &setting.bench.arena;

    (void)state;
    check_ok(verify(good_token()));
    check_ok(verify(forge(arena, &setting.pair,
                          str_format(arena, "{\"alg\":\"EdDSA\",\"kid\":\"%s\"}", setting.pair.id),
                          STR(GOOD_CLAIMS))));
    check_ok(verify(forge(
        arena, &setting.secret, STR("{\"alg\":\"HS256\",\"typ\":\"jwt\"}"),
        STR("{\"iss\":\"nerdx\",\"aud\":[\"others\",\"nerdx\"],\"sub\":\"kim\",\"nbf\":1764000030," TIMES
            ",\"of_others\":{\"a\":[1.5e300,null,{\"b\":true}]}}"))));
}

/* ---- section 2.1, 3.1, 3.2: signatures */

static void an_algorithm_that_proves_nothing_or_isnt_ours_is_refused(void **state)
{
    static const char *const ALGORITHMS[] = {
        "\"none\"",   "\"None\"",  "\"NONE\"",    "\"nOnE\"",    "\"none \"", "\"\"",
        "null",       "true",      "0",           "[\"HS256\"]", "{}",        "\"HS256 \"",
        "\"hs256\"",  "\"HS384\"", "\"HS512\"",   "\"RS256\"",   "\"PS256\"", "\"ES256\"",
        "\"ES256K\"", "\"EDDSA\"", "\"Ed25519\"", "\"A128KW\"",  "\"dir\"",
    };
    Arena *arena = &setting.bench.arena;

    (void)state;
    for (size_t i = 0; i < COUNT(ALGORITHMS); i++) {
        Str head = str_format(arena, "{\"alg\":%s}", ALGORITHMS[i]);

        check_refused(ALGORITHMS[i], forge(arena, NULL, head, STR(GOOD_CLAIMS)),
                      "`alg` is no algorithm of ours");
        check_refused(ALGORITHMS[i], forge(arena, &setting.secret, head, STR(GOOD_CLAIMS)),
                      "`alg` is no algorithm of ours");
    }
    check_refused("no alg", forge(arena, &setting.secret, STR("{\"typ\":\"JWT\"}"), STR(GOOD_CLAIMS)),
                  "an `alg`");
}

static void a_signature_that_is_missing_short_long_or_anothers_is_refused(void **state)
{
    Arena *arena = &setting.bench.arena;
    Str good = good_token();
    Key others;

    (void)state;
    check_ok(key_from_secret("secret", STR("fedcba9876543210fedcba9876543210"), &others));
    check_refused("empty", forge(arena, NULL, STR(GOOD_HEAD), STR(GOOD_CLAIMS)), "the signature isn't ours");
    check_refused("short", str_slice(good, 0, good.len - 3), "the signature isn't ours");
    check_refused("long", str_format(arena, "%.*sAAAA", STR_ARG(good)), "");
    check_refused("another's", forge(arena, &others, STR(GOOD_HEAD), STR(GOOD_CLAIMS)),
                  "the signature isn't ours");
    check_refused("of other claims",
                  str_format(arena, "%.*s%.*s",
                             STR_ARG(str_slice(forge(arena, NULL, STR(GOOD_HEAD), STR("{}")), 0, 24)),
                             STR_ARG(str_slice(good, str_find(good, STR("."), 24), good.len))),
                  "the signature isn't ours");
}

static void no_token_that_differs_in_one_bit_or_ends_early_is_accepted(void **state)
{
    AUTO_ARENA Arena scratch = {0};
    Str good = good_token();
    char *changed = (char *)str_copy(&setting.bench.arena, good).data;

    (void)state;
    for (size_t bit = 0; bit < 8 * good.len; bit++, arena_reset(&scratch)) {
        Claims claims;
        changed[bit / 8] ^= (char)(1U << (bit % 8));
        check_err(tokens_verify(setting.bench.tokens, &scratch, (Str){changed, good.len}, &claims),
                  UNAUTHORIZED, "");
        changed[bit / 8] ^= (char)(1U << (bit % 8));
    }
    for (size_t length = 0; length < good.len; length++)
        check_err(verify(str_slice(good, 0, length)), UNAUTHORIZED, "isn't valid here");
    check_ok(verify((Str){changed, good.len}));
}

/* Everybody knows the public half: it must not do as a secret (section 2.1, the second). */
static void a_public_half_is_no_secret_in_any_of_its_forms(void **state)
{
    Arena *arena = &setting.bench.arena;
    Str jwks = tokens_public_keys(setting.bench.tokens, arena);
    Str raw = {(const char *)setting.pair.pair.public_half, crypto_sign_PUBLICKEYBYTES};
    const Str forms[] = {raw, key_public_text(&setting.pair, arena), key_public_jwk(&setting.pair, arena),
                         jwks};

    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        Str heads[] = {STR(GOOD_HEAD),
                       str_format(arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", setting.pair.id),
                       str_format(arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", setting.secret.id)};
        Key confused;

        check_ok(key_from_secret("public half", forms[i], &confused));
        for (size_t head = 0; head < COUNT(heads); head++)
            check_refused("confusion", forge(arena, &confused, heads[head], STR(GOOD_CLAIMS)), "");
    }
}

static void a_key_serves_its_own_algorithm_only(void **state)
{
    Arena *arena = &setting.bench.arena;

    (void)state;
    check_refused("a secret's kid with EdDSA",
                  forge(arena, &setting.pair,
                        str_format(arena, "{\"alg\":\"EdDSA\",\"kid\":\"%s\"}", setting.secret.id),
                        STR(GOOD_CLAIMS)),
                  "no key of ours");
    check_refused("a pair's kid with HS256",
                  forge(arena, &setting.secret,
                        str_format(arena, "{\"alg\":\"HS256\",\"kid\":\"%s\"}", setting.pair.id),
                        STR(GOOD_CLAIMS)),
                  "no key of ours");
    check_refused("EdDSA without a kid",
                  forge(arena, &setting.pair, STR("{\"alg\":\"EdDSA\"}"), STR(GOOD_CLAIMS)),
                  "no key of ours");
}

/* RFC 8032 leaves room for two signatures of one text: s and s + L. The second would be a token that no list knows. */
static void a_signature_has_no_twin(void **state)
{
    static const uint8_t L[] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    uint8_t signature[KEY_SIGNATURE_BYTES_MAX];
    unsigned carry = 0;

    (void)state;
    assert_int_equal(key_sign(&setting.pair, STR("text"), signature), sizeof signature);
    assert_true(key_signed(&setting.pair, STR("text"), (Str){(char *)signature, sizeof signature}));
    for (size_t i = 0; i < sizeof L; i++) {
        carry += (unsigned)signature[32 + i] + L[i];
        signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_false(key_signed(&setting.pair, STR("text"), (Str){(char *)signature, sizeof signature}));
}

/* ---- RFC 7515, section 7.1: the shape */

static void a_text_that_isnt_three_parts_in_their_one_form_is_refused(void **state)
{
    static const struct Around {
        const char *before;
        const char *after;
    } AROUND[] = {
        {" ", ""},       {"", " "},    {"", "\n"},       {"\t", ""},   {"", "="},        {"", "."}, {".", ""},
        {"Bearer ", ""}, {"", ".e30"}, {"", ".e30.e30"}, {"\"", "\""}, {"", "\xC2\xA0"}, {"", "#"}, {"", ","},
    };
    Arena *arena = &setting.bench.arena;
    Str good = good_token();

    (void)state;
    for (size_t i = 0; i < COUNT(AROUND); i++)
        check_refused(AROUND[i].after,
                      str_format(arena, "%s%.*s%s", AROUND[i].before, STR_ARG(good), AROUND[i].after), "");
    check_refused("NUL", (Str){str_format(arena, "%.*s%c", STR_ARG(good), 0).data, good.len + 1},
                  "isn't base64url");
    for (size_t dot = 0;
         (dot = str_find(good, STR("."), dot + 1)) != SIZE_MAX;) { /* behind the head and the payload */
        check_refused("padded", str_format(arena, "%.*s=%s", (int)dot, good.data, good.data + dot),
                      "isn't base64url");
        check_refused("broken", str_format(arena, "%.*s\r\n%s", (int)dot, good.data, good.data + dot),
                      "isn't base64url");
    }
}

static void nothing_and_next_to_nothing_is_refused(void **state)
{
    static const char *const TEXTS[] = {
        "",    ".",     "..",       "...",         "....", "a",
        "a.b", "a.b.c", "e30.e30.", "e30.e30.e30", "null", "{\"payload\":\"e30\",\"signatures\":[]}"};

    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        check_refused(TEXTS[i], str_from(TEXTS[i]), "");
    check_refused("absent", (Str){0}, "fewer than three parts");
}

/* 32 bytes end in a digit with two bits to spare: of four texts that a lenient reader takes for one signature, one is right. */
static void a_signature_is_written_in_one_way_only(void **state)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    Str good = good_token();
    char *twin = (char *)str_copy(&setting.bench.arena, good).data;
    size_t digit = (size_t)(strchr(DIGITS, good.data[good.len - 1]) - DIGITS);

    (void)state;
    for (size_t spare = 1; spare < 4; spare++) {
        twin[good.len - 1] = DIGITS[digit | spare];
        check_refused("a twin", (Str){twin, good.len}, "isn't base64url");
    }
}

static void a_token_that_is_too_long_is_refused_unread(void **state)
{
    Arena *arena = &setting.bench.arena;
    char *filler = arena_alloc(arena, 1 << 20);

    (void)state;
    memset(filler, 'A', 1 << 20);
    check_refused("4,097 bytes", (Str){filler, TOKEN_BYTES_MAX + 1}, "more than 4096");
    check_refused("a megabyte", (Str){filler, 1 << 20}, "more than 4096");
    memset(filler, '.', TOKEN_BYTES_MAX);
    check_refused("dots", (Str){filler, TOKEN_BYTES_MAX}, "isn't base64url");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_attacks_are_made_of_is_accepted_when_nothing_is_wrong),
        cmocka_unit_test(an_algorithm_that_proves_nothing_or_isnt_ours_is_refused),
        cmocka_unit_test(a_signature_that_is_missing_short_long_or_anothers_is_refused),
        cmocka_unit_test(no_token_that_differs_in_one_bit_or_ends_early_is_accepted),
        cmocka_unit_test(a_public_half_is_no_secret_in_any_of_its_forms),
        cmocka_unit_test(a_key_serves_its_own_algorithm_only),
        cmocka_unit_test(a_signature_has_no_twin),
        cmocka_unit_test(a_text_that_isnt_three_parts_in_their_one_form_is_refused),
        cmocka_unit_test(nothing_and_next_to_nothing_is_refused),
        cmocka_unit_test(a_signature_is_written_in_one_way_only),
        cmocka_unit_test(a_token_that_is_too_long_is_refused_unread),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
