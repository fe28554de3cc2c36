/* A provider's keys: which are taken, and which are found. */
#include "check.h"

#include "signer.h"

static size_t taken(const char *jwk)
{
    AUTO_ARENA Arena arena = {0};
    size_t count = 0;
    Jwks *set;

    check_ok(jwks_read(str_format(&arena, "{\"keys\":[%s]}", jwk), &set));
    for (SignatureAlgorithm i = 0; i < SIGNATURE_ALGORITHM_COUNT; i++)
        count += jwks_find(set, (Str){0}, i) != NULL;
    jwks_destroy(set);
    return count;
}

static void keys_that_are_not_for_signatures_of_ours_are_left_out(void **state)
{
    static const char *const LEFT_OUT[] = {
        "{}",
        "7",
        "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"enc\",\"x\":\"11qYAYKxCrfVS_"
        "7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"alg\":\"RS256\",\"x\":\"11qYAYKxCrfVS_"
        "7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"RSA\",\"n\":"
        "\"sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5y"
        "jU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_7svlJJQ4H9_NxsiIoLwAEk7-"
        "Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF_RJLqHpM2kgWFLU7-"
        "VTdL1VbC2tejvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw\",\"e\":\"AQAB\",\"use\":\"enc\"}",
        /* 512 bits */
        "{\"kty\":\"RSA\",\"n\":"
        "\"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kQ\",\"e\":"
        "\"AQAB\"}",
    };

    (void)state;
    assert_int_equal(
        taken("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"),
        1);
    for (size_t i = 0; i < COUNT(LEFT_OUT); i++)
        assert_int_equal(taken(LEFT_OUT[i]), 0);
}

static void what_is_no_set_of_at_most_32_keys_is_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf buf = {.arena = &arena};
    Jwks *set;

    (void)state;
    check_err(jwks_read(STR("{}"), &set), INVALID, "no list");
    check_err(jwks_read(STR("[]"), &set), INVALID, "no list");
    check_err(jwks_read(STR("nonsense"), &set), INVALID, "");
    buf_put(&buf, STR("{\"keys\":[{}"));
    for (size_t i = 0; i < JWKS_MAX; i++)
        buf_put(&buf, STR(",{}"));
    buf_put(&buf, STR("]}"));
    check_err(jwks_read(buf_str(&buf), &set), INVALID, "at most 32");
    char *large = arena_zalloc(&arena, JWKS_BYTES_MAX + 1);
    check_err(jwks_read((Str){large, JWKS_BYTES_MAX + 1}, &set), TOO_LARGE, "bytes of keys");
    assert_null(set);
}

/* OpenID Connect Core, section 10.1: without `kid` it must be clear which one is meant. */
static void a_token_that_names_no_key_is_for_the_only_one(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Signer first, second;
    Jwks *set;

    (void)state;
    signer_init(&first, SIGNED_EDDSA, "a");
    signer_init(&second, SIGNED_EDDSA, "b");
    check_ok(jwks_read(str_format(&arena, "{\"keys\":[%s,%s]}", signer_jwk(&first, &arena).data,
                                  signer_jwk(&second, &arena).data),
                       &set));
    assert_null(jwks_find(set, (Str){0}, SIGNED_EDDSA));
    assert_non_null(jwks_find(set, STR("a"), SIGNED_EDDSA));
    assert_ptr_not_equal(jwks_find(set, STR("a"), SIGNED_EDDSA), jwks_find(set, STR("b"), SIGNED_EDDSA));
    assert_null(jwks_find(set, STR("a"), SIGNED_RS256));
    assert_null(jwks_find(set, STR("c"), SIGNED_EDDSA));
    jwks_destroy(set);
    signer_finish(&first);
    signer_finish(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_are_not_for_signatures_of_ours_are_left_out),
        cmocka_unit_test(what_is_no_set_of_at_most_32_keys_is_refused),
        cmocka_unit_test(a_token_that_names_no_key_is_for_the_only_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
