/* What has been published against JSON Web Tokens, tried: RFC 8725 (JSON Web Token Best Current Practices), sections 2 and 3,
 * and what its sources name. Each is refused, for its own reason, with one answer for all that tells the sender nothing.
 * Here: what heads and claims say; signatures and the shape of the whole: attacks.c. */
#include "attack.h"

/* ---- sections 3.10, 3.11, 2.8: heads */

static void a_kid_is_looked_up_among_names_and_is_no_path_and_no_query(void **state)
{
    static const char *const KIDS[] = {
        "\"../../../../dev/null\"",
        "\"/etc/passwd\"",
        "\"ed25519-0.jwk\"",
        "\"' OR '1'='1\"",
        "\"x' UNION SELECT 'key\"",
        "\"$(sleep 9)\"",
        "\"|/bin/true\"",
        "\"https://evil.example/k\"",
        "\"*\"",
        "\"%s%n\"",
        "\"hs-\"",
        "\"unknown\"",
        "\"\\ud55c\\uae00\"",
    };
    static const Row ROWS[] = {
        {"{\"alg\":\"HS256\",\"kid\":\"\"}", NULL, "`kid` is no name"},
        {"{\"alg\":\"HS256\",\"kid\":null}", NULL, "`kid` is no name"},
        {"{\"alg\":\"HS256\",\"kid\":0}", NULL, "`kid` is no name"},
        {"{\"alg\":\"HS256\",\"kid\":[\"a\"]}", NULL, "`kid` is no name"},
        {"{\"alg\":\"HS256\",\"kid\":\"0123456789012345678901234567890123456789abcd\"}", NULL,
         "`kid` is no name"},
        {"{\"alg\":\"HS256\",\"kid\":\"a\\u0000b\"}", NULL, "\\u0000"},
    };
    Arena *arena = &setting.bench.arena;

    (void)state;
    for (size_t i = 0; i < COUNT(KIDS); i++)
        check_refused(KIDS[i],
                      forge(arena, &setting.secret,
                            str_format(arena, "{\"alg\":\"HS256\",\"kid\":%s}", KIDS[i]), STR(GOOD_CLAIMS)),
                      "no key of ours");
    check_rows(ROWS, COUNT(ROWS));
}

static void a_head_that_brings_or_points_to_its_key_or_asks_for_other_reading_is_refused(void **state)
{
    static const char *const MEMBERS[] = {
        "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
        "\"jku\":\"https://evil.example/jwks.json\"",
        "\"x5u\":\"https://evil.example/x.pem\"",
        "\"x5c\":[\"MIIB\"]",
        "\"x5t\":\"AAAA\"",
        "\"crit\":[\"exp\"]",
        "\"crit\":[]",
        "\"b64\":false",
        "\"zip\":\"DEF\"",
        "\"enc\":\"A128GCM\"",
        "\"cty\":\"JWT\"",
        "\"p2c\":1000000000",
        "\"KID\":\"a\"",
        "\"iss\":\"nerdx\"",
        "\"\":0",
    };
    Arena *arena = &setting.bench.arena;

    (void)state;
    for (size_t i = 0; i < COUNT(MEMBERS); i++)
        check_refused(MEMBERS[i],
                      forge(arena, &setting.secret, str_format(arena, "{\"alg\":\"HS256\",%s}", MEMBERS[i]),
                            STR(GOOD_CLAIMS)),
                      "more than `alg`, `kid` and `typ`");
}

static void a_token_of_another_kind_is_not_taken_for_one_of_these(void **state)
{
    static const Row ROWS[] = {
        {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", NULL, "`typ` isn't JWT"},
        {"{\"alg\":\"HS256\",\"typ\":\"dpop+jwt\"}", NULL, "`typ` isn't JWT"},
        {"{\"alg\":\"HS256\",\"typ\":\"secevent+jwt\"}", NULL, "`typ` isn't JWT"},
        {"{\"alg\":\"HS256\",\"typ\":\"JOSE\"}", NULL, "`typ` isn't JWT"},
        {"{\"alg\":\"HS256\",\"typ\":null}", NULL, "`typ` isn't JWT"},
        {"{\"alg\":\"HS256\",\"typ\":[\"JWT\"]}", NULL, "`typ` isn't JWT"},
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void a_head_that_two_readers_could_read_differently_is_refused(void **state)
{
    static const Row ROWS[] = {
        {"{\"alg\":\"none\",\"alg\":\"HS256\"}", NULL, "duplicate"},
        {"{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}", NULL, "duplicate"},
        {"{\"alg\":\"HS256\"}{}", NULL, "line 1"},
        {"{\"alg\":\"HS256\",}", NULL, "line 1"},
        {"{'alg':'HS256'}", NULL, "line 1"},
        {"{\"alg\":\"HS256\"/**/}", NULL, "line 1"},
        {"\xEF\xBB\xBF{\"alg\":\"HS256\"}", NULL, "line 1"},
        {"[\"HS256\"]", NULL, "no object with an `alg`"},
        {"\"HS256\"", NULL, "no object with an `alg`"},
        {"", NULL, "too early"},
        {"{\"alg\":\"HS256\",\"typ\":\"\xff\"}", NULL, "not UTF-8"},
        {"{\"alg\":\"HS256\",\"typ\":\"\xc0\xca\"}", NULL, "not UTF-8"},
        {"{\"alg\":\"HS256\",\"typ\":\"\\ud800\"}", NULL, "line 1"},
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

/* ---- sections 3.8, 3.9, 3.10: claims */

static void claims_that_are_missing_of_another_type_or_out_of_range_are_refused(void **state)
{
#define WITH_SUB(sub) NULL, "{" OURS ",\"sub\":" sub "," TIMES "}"
#define ID_129                                                                                               \
    "\"0000000000111111111122222222223333333333444444444455555555556666666666777777777788888888889999999999" \
    "0000000000"                                                                                             \
    "111111111123456789a\""
    static const Row ROWS[] = {
        {NULL, "{" OURS "," TIMES "}", "no `sub`"},
        {WITH_SUB("null"), "`sub` is no text"},
        {WITH_SUB("\"\""), "`sub` is no text"},
        {WITH_SUB("17"), "`sub` is no text"},
        {WITH_SUB("[\"kim\"]"), "`sub` is no text"},
        {WITH_SUB("{\"id\":\"kim\"}"), "`sub` is no text"},
        {WITH_SUB(ID_129), "`sub` is no text"},
        {WITH_SUB("\"kim\\u0000admin\""), "\\u0000"},
        {WITH_SUB("\"\xed\xa0\x80\""), "not UTF-8"},
        {WITH_SUB("\"kim\",\"sub\":\"admin\""), "duplicate"},
        {WITH_SUB("\"kim\",\"sid\":1"), "`sid` is no text"},
        {WITH_SUB("\"kim\",\"jti\":\"\""), "`jti` is no text"},
        {WITH_SUB("\"kim\",\"permissions\":\"admin\""), "`permissions` is no list"},
        {WITH_SUB("\"kim\",\"permissions\":{\"0\":\"admin\"}"), "`permissions` is no list"},
        {WITH_SUB("\"kim\",\"permissions\":[\"chat\",7]"), "`permissions` has"},
        {WITH_SUB("\"kim\",\"permissions\":[[\"admin\"]]"), "`permissions` has"},
        {WITH_SUB("\"kim\",\"permissions\":[\"\"]"), "`permissions` has"},
        {NULL, "[]", "no object"},
        {NULL, "\"kim\"", "no object"},
        {NULL, "", "too early"},
        {NULL, GOOD_CLAIMS " x", "line 1"},
        {NULL, "eyJhbGciOiJIUzI1NiJ9.e30.", "line 1"}, /* a token in a token */
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void another_issuer_or_audience_or_none_is_refused(void **state)
{
#define WITH(ours) NULL, "{" ours "\"sub\":\"kim\"," TIMES "}"
    static const Row ROWS[] = {
        {WITH("\"aud\":\"nerdx\","), "`iss` isn't ours"},
        {WITH("\"iss\":\"NERDX\",\"aud\":\"nerdx\","), "`iss` isn't ours"},
        {WITH("\"iss\":\"nerdx.evil.example\",\"aud\":\"nerdx\","), "`iss` isn't ours"},
        {WITH("\"iss\":[\"nerdx\"],\"aud\":\"nerdx\","), "`iss` isn't ours"},
        {WITH("\"iss\":\"nerdx\","), "`aud` isn't us"},
        {WITH("\"iss\":\"nerdx\",\"aud\":\"others\","), "`aud` isn't us"},
        {WITH("\"iss\":\"nerdx\",\"aud\":[],"), "`aud` isn't us"},
        {WITH("\"iss\":\"nerdx\",\"aud\":[\"others\",1,null,[\"nerdx\"]],"), "`aud` isn't us"},
        {WITH("\"iss\":\"nerdx\",\"aud\":{\"0\":\"nerdx\"},"), "`aud` isn't us"},
        {WITH("\"iss\":\"nerdx\",\"aud\":null,"), "`aud` isn't us"},
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void a_time_that_isnt_whole_seconds_of_this_age_is_refused(void **state)
{
#define WITH_EXP(exp) NULL, "{" OURS ",\"sub\":\"kim\",\"iat\":1764000000,\"exp\":" exp "}"
    static const Row ROWS[] = {
        {NULL, "{" OURS ",\"sub\":\"kim\",\"iat\":1764000000}", "no `exp`"},
        {NULL, "{" OURS ",\"sub\":\"kim\",\"exp\":1764003600}", "no `iat`"},
        {WITH_EXP("1764003600000"), "`exp` is no whole number of seconds"}, /* Date.now() */
        {WITH_EXP("1764003600.5"), "`exp` is no whole number of seconds"},
        {WITH_EXP("1764003600.0"), "`exp` is no whole number of seconds"},
        {WITH_EXP("1.7640036e9"), "`exp` is no whole number of seconds"},
        {WITH_EXP("\"1764003600\""), "`exp` is no whole number of seconds"},
        {WITH_EXP("null"), "`exp` is no whole number of seconds"},
        {WITH_EXP("true"), "`exp` is no whole number of seconds"},
        {WITH_EXP("[1764003600]"), "`exp` is no whole number of seconds"},
        {WITH_EXP("-1"), "`exp` is no whole number of seconds"},
        {WITH_EXP("9223372036854775807"), "`exp` is no whole number of seconds"},
        {WITH_EXP("9223372036854775808"), "line 1"},
        {WITH_EXP("99999999999999999999999999999999"), "line 1"},
        {WITH_EXP("1e999"), "line 1"},
        {WITH_EXP("NaN"), "line 1"},
        {WITH_EXP("Infinity"), "line 1"},
        {WITH_EXP("0x69246ec0"), "line 1"},
        {WITH_EXP("01764003600"), "line 1"},
        {WITH_EXP("253402300799"), "`exp` isn't within 86400 s"},
        {WITH_EXP("1764086401"), "`exp` isn't within 86400 s"},
        {WITH_EXP("1764000000"), "`exp` isn't within 86400 s"},
        {WITH_EXP("1764003600,\"nbf\":1764000031"), "`nbf` hasn't come"},
        {WITH_EXP("1764003600,\"nbf\":\"0\""), "`nbf` is no whole number"},
        {WITH_EXP("1764003600,\"auth_time\":1764000031"), "`auth_time` hasn't come"},
        {NULL, "{" OURS ",\"sub\":\"kim\",\"iat\":1764000031,\"exp\":1764003600}", "`iat` hasn't come"},
    };

    (void)state;
    check_rows(ROWS, COUNT(ROWS));
}

static void a_token_that_is_over_is_refused_and_said_to_be_over_only_when_it_was_ours(void **state)
{
    Arena *arena = &setting.bench.arena;
    Str over = STR("{" OURS ",\"sub\":\"kim\",\"iat\":1763990000,\"exp\":1764000000}");

    (void)state;
    check_err(verify(forge(arena, &setting.secret, STR(GOOD_HEAD), over)), UNAUTHORIZED, "The token is over");
    check_refused("unsigned", forge(arena, NULL, STR(GOOD_HEAD), over), "the signature isn't ours");
}

static void what_the_log_is_told_holds_nothing_of_the_token(void **state)
{
    Arena *arena = &setting.bench.arena;
    Str rows[] = {
        forge(arena, &setting.secret, STR("{\"alg\":\"planted\"}"), STR(GOOD_CLAIMS)),
        forge(arena, &setting.secret, STR("{\"alg\":\"HS256\",\"kid\":\"planted\"}"), STR(GOOD_CLAIMS)),
        forge(arena, &setting.secret, STR("{\"alg\":\"HS256\",\"typ\":\"planted\"}"), STR(GOOD_CLAIMS)),
        forge(arena, &setting.secret, STR(GOOD_HEAD), STR("{\"iss\":\"planted\"}")), STR("planted")};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        Err e = verify(rows[i]);
        assert_int_equal(e.code, UNAUTHORIZED);
        assert_null(strstr(e.detail, "planted"));
        assert_null(strstr(e.message, "planted"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kid_is_looked_up_among_names_and_is_no_path_and_no_query),
        cmocka_unit_test(a_head_that_brings_or_points_to_its_key_or_asks_for_other_reading_is_refused),
        cmocka_unit_test(a_token_of_another_kind_is_not_taken_for_one_of_these),
        cmocka_unit_test(a_head_that_two_readers_could_read_differently_is_refused),
        cmocka_unit_test(claims_that_are_missing_of_another_type_or_out_of_range_are_refused),
        cmocka_unit_test(another_issuer_or_audience_or_none_is_refused),
        cmocka_unit_test(a_time_that_isnt_whole_seconds_of_this_age_is_refused),
        cmocka_unit_test(a_token_that_is_over_is_refused_and_said_to_be_over_only_when_it_was_ours),
        cmocka_unit_test(what_the_log_is_told_holds_nothing_of_the_token),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
