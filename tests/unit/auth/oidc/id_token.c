/* ID tokens: those of the three algorithms are believed, and none that anybody else has made or that is for somebody else. */
#include "check.h"

#include <string.h>

#include "services/auth/oidc/id_token.h"
#include "base/base64url.h"
#include "signer.h"

static const int64_t NOW_S = 1800000000;

#define CLAIMS                                                                                  \
    "\"iss\":\"https://id.example\",\"aud\":\"nerdx\",\"sub\":\"person-1\",\"iat\":1800000000," \
    "\"exp\":1800000300,\"nonce\":\"n-1\""

static IdTokenRules rules(void)
{
    return (IdTokenRules){
        .issuer = STR("https://id.example"), .client_id = STR("nerdx"), .nonce = STR("n-1"), .now_s = NOW_S};
}

static Err check(Arena *arena, const Jwks *keys, const IdTokenRules *by, Str text, const json_t **claims)
{
    IdToken token;

    *claims = NULL;
    TRY(id_token_read(arena, text, &token));
    return id_token_check(arena, &token, jwks_find(keys, token.key_id, token.algorithm), by, claims);
}

static void a_token_of_each_algorithm_is_believed_and_of_no_other_key(void **state)
{
    (void)state;
    for (SignatureAlgorithm i = 0; i < SIGNATURE_ALGORITHM_COUNT; i++) {
        AUTO_ARENA Arena arena = {0};
        Signer right, other;
        const json_t *claims;
        IdTokenRules by = rules();

        signer_init(&right, i, "k1");
        signer_init(&other, i, "k1");
        Jwks *keys = signer_set(&right);
        check_ok(check(&arena, keys, &by, signer_token(&right, &arena, NULL, STR("{" CLAIMS "}")), &claims));
        check_text(claim_text(&arena, claims, STR("sub")), "person-1");
        check_err(check(&arena, keys, &by, signer_token(&other, &arena, NULL, STR("{" CLAIMS "}")), &claims),
                  INVALID, "the signature isn't the provider's");
        assert_null(claims);
        jwks_destroy(keys);
        signer_finish(&right);
        signer_finish(&other);
    }
}

static void a_changed_byte_anywhere_is_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    IdTokenRules by = rules();
    const json_t *claims;
    Signer signer;

    (void)state;
    signer_init(&signer, SIGNED_EDDSA, "k1");
    Jwks *keys = signer_set(&signer);
    Str token = signer_token(&signer, &arena, NULL, STR("{" CLAIMS "}"));
    for (size_t i = 0; i < token.len; i++) {
        Str bad = str_copy(&arena, token);

        ((char *)bad.data)[i] = bad.data[i] == 'A' ? 'B' : 'A';
        Err e = check(&arena, keys, &by, bad, &claims);
        assert_true(failed(&e));
    }
    jwks_destroy(keys);
    signer_finish(&signer);
}

static void what_the_head_may_not_say_is_refused(void **state)
{
    static const struct Row {
        const char *head;
        const char *said;
    } ROWS[] = {
        {"{\"alg\":\"none\"}", "`alg` is none of"},
        {"{\"alg\":\"HS256\",\"kid\":\"k1\"}", "`alg` is none of"},
        {"{\"alg\":\"rs256\",\"kid\":\"k1\"}", "`alg` is none of"},
        {"{\"alg\":\"PS256\",\"kid\":\"k1\"}", "`alg` is none of"},
        {"{\"alg\":[\"RS256\"],\"kid\":\"k1\"}", "`alg` is none of"},
        {"{\"kid\":\"k1\"}", "`alg` is none of"},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\"}", "has no key of this `kid` and `alg`"},
        {"{\"alg\":\"RS256\",\"kid\":\"k2\"}", "has no key of this `kid` and `alg`"},
        {"{\"alg\":\"RS256\",\"kid\":\"../k1\"}", "has no key of this `kid` and `alg`"},
        {"{\"alg\":\"RS256\",\"kid\":\"\"}", "`kid` is no name"},
        {"{\"alg\":\"RS256\",\"kid\":7}", "`kid` is no name"},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":[\"b64\"],\"b64\":false}", "`crit`"},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", "`typ` isn't JWT"},
    };
    AUTO_ARENA Arena arena = {0};
    IdTokenRules by = rules();
    const json_t *claims;
    Signer signer;

    (void)state;
    signer_init(&signer, SIGNED_RS256, "k1");
    Jwks *keys = signer_set(&signer);
    for (size_t i = 0; i < COUNT(ROWS); i++)
        check_err(check(&arena, keys, &by, signer_token(&signer, &arena, ROWS[i].head, STR("{" CLAIMS "}")),
                        &claims),
                  INVALID, ROWS[i].said);
    jwks_destroy(keys);
    signer_finish(&signer);
}

/* The key that a thief sends along is never looked at. */
static void a_key_in_the_head_is_not_believed(void **state)
{
    AUTO_ARENA Arena arena = {0};
    IdTokenRules by = rules();
    const json_t *claims;
    Signer right, thief;

    (void)state;
    signer_init(&right, SIGNED_ES256, "k1");
    signer_init(&thief, SIGNED_ES256, "k1");
    Jwks *keys = signer_set(&right);
    Str head =
        str_format(&arena, "{\"alg\":\"ES256\",\"kid\":\"k1\",\"jwk\":%s}", signer_jwk(&thief, &arena).data);
    check_err(check(&arena, keys, &by, signer_token(&thief, &arena, head.data, STR("{" CLAIMS "}")), &claims),
              INVALID, "the signature isn't the provider's");
    jwks_destroy(keys);
    signer_finish(&right);
    signer_finish(&thief);
}

static const struct ClaimsRow {
    const char *claims;
    const char *said; /* NULL: nothing is wrong */
} CLAIMS_ROWS[] = {
    {CLAIMS ",\"azp\":\"nerdx\"", NULL},
    {CLAIMS ",\"azp\":\"other\"", "`azp` isn't us"},
    {CLAIMS ",\"nbf\":1800000061", "`nbf` hasn't come"},
    {"\"aud\":\"nerdx\",\"iat\":1800000000,\"exp\":1800000300,\"nonce\":\"n-1\"", "`iss`"},
    {"\"iss\":\"https://id.example/"
     "\",\"aud\":\"nerdx\",\"iat\":1800000000,\"exp\":1800000300,\"nonce\":\"n-1\"",
     "`iss`"},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":\"other\",\"iat\":1800000000,\"exp\":1800000300,\"nonce\":\"n-1\"",
     "`aud` isn't us"},
    {"\"iss\":\"https://id.example\",\"iat\":1800000000,\"exp\":1800000300,\"nonce\":\"n-1\"",
     "`aud` isn't us"},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":[\"nerdx\",\"other\"],\"iat\":1800000000,\"exp\":1800000300,\"nonce\":\"n-1\"",
     "no `azp`"},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":[\"nerdx\",\"other\"],\"azp\":\"nerdx\",\"iat\":1800000000,\"exp\":1800000300,"
     "\"nonce\":\"n-1\"",
     NULL},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":[\"nerdx\"],\"iat\":1800000000,\"exp\":1800000300,\"nonce\":\"n-1\"",
     NULL},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":\"nerdx\",\"iat\":1800000000,\"exp\":1799999940,\"nonce\":\"n-1\"",
     "`exp` has come"},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":\"nerdx\",\"iat\":1800000000,\"exp\":1799999941,\"nonce\":\"n-1\"",
     NULL},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":\"nerdx\",\"iat\":1800000061,\"exp\":1800000300,\"nonce\":\"n-1\"",
     "`iat` hasn't come"},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":\"nerdx\",\"iat\":1799999339,\"exp\":1800000300,\"nonce\":\"n-1\"",
     "`iat` is too long ago"},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":\"nerdx\",\"iat\":\"now\",\"exp\":1800000300,\"nonce\":\"n-1\"",
     "must be numbers"},
    {"\"iss\":\"https://id.example\",\"aud\":\"nerdx\",\"iat\":1800000000,\"nonce\":\"n-1\"",
     "must be numbers"},
    {"\"iss\":\"https://"
     "id.example\",\"aud\":\"nerdx\",\"iat\":1800000000,\"exp\":1800000300,\"nonce\":\"n-2\"",
     "`nonce`"},
    {"\"iss\":\"https://id.example\",\"aud\":\"nerdx\",\"iat\":1800000000,\"exp\":1800000300", "`nonce`"},
};

static void claims_that_are_not_for_us_now_and_here_are_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    IdTokenRules by = rules();
    const json_t *claims;
    Signer signer;

    (void)state;
    signer_init(&signer, SIGNED_EDDSA, NULL);
    Jwks *keys = signer_set(&signer);
    for (size_t i = 0; i < COUNT(CLAIMS_ROWS); i++) {
        Str token = signer_token(&signer, &arena, NULL, str_format(&arena, "{%s}", CLAIMS_ROWS[i].claims));

        if (CLAIMS_ROWS[i].said == NULL)
            check_ok(check(&arena, keys, &by, token, &claims));
        else
            check_err(check(&arena, keys, &by, token, &claims), INVALID, CLAIMS_ROWS[i].said);
    }
    jwks_destroy(keys);
    signer_finish(&signer);
}

/* RFC 6749's example token; its hash is of OpenID Connect Core, appendix A.3. */
static void an_access_token_that_is_not_the_one_it_was_made_with_is_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    IdTokenRules by = rules();
    const json_t *claims;
    Signer signer;

    (void)state;
    signer_init(&signer, SIGNED_ES256, "k1");
    Jwks *keys = signer_set(&signer);
    Str token =
        signer_token(&signer, &arena, NULL, STR("{" CLAIMS ",\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\"}"));
    by.access_token = STR("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
    check_ok(check(&arena, keys, &by, token, &claims));
    by.access_token = STR("another");
    check_err(check(&arena, keys, &by, token, &claims), INVALID, "`at_hash` isn't");
    by.access_token = (Str){0};
    check_err(check(&arena, keys, &by, token, &claims), INVALID, "didn't come");
    jwks_destroy(keys);
    signer_finish(&signer);
}

static void what_a_path_leads_to_is_found(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const json_t *claims;

    (void)state;
    check_ok(json_read_into(
        &arena,
        STR("{\"sub\":7,\"a\":{\"b\":{\"c\":\"deep\"}},\"yes\":true,\"apple\":\"true\",\"no\":\"yes\"}"),
        &claims));
    check_text(claim_text(&arena, claims, STR("sub")), "7");
    check_text(claim_text(&arena, claims, STR("a.b.c")), "deep");
    assert_null(claim_text(&arena, claims, STR("a.x.c")).data);
    assert_null(claim_text(&arena, claims, STR("a.b")).data);
    assert_null(claim_text(&arena, claims, (Str){0}).data);
    assert_true(claim_is_true(claims, STR("yes")));
    assert_true(claim_is_true(claims, STR("apple")));
    assert_false(claim_is_true(claims, STR("no")));
    assert_false(claim_is_true(claims, (Str){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_of_each_algorithm_is_believed_and_of_no_other_key),
        cmocka_unit_test(a_changed_byte_anywhere_is_refused),
        cmocka_unit_test(what_the_head_may_not_say_is_refused),
        cmocka_unit_test(a_key_in_the_head_is_not_believed),
        cmocka_unit_test(claims_that_are_not_for_us_now_and_here_are_refused),
        cmocka_unit_test(an_access_token_that_is_not_the_one_it_was_made_with_is_refused),
        cmocka_unit_test(what_a_path_leads_to_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
