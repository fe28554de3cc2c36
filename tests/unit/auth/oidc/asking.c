/* What a provider is asked, and where: addresses, discovery documents, requests. */
#include "check.h"

#include <string.h>

#include "services/auth/oidc/address.h"
#include "services/auth/oidc/client_secret.h"
#include "services/auth/oidc/id_token.h"
#include "services/auth/oidc/request.h"
#include "signer.h"

static void only_https_and_this_machine_are_addresses(void **state)
{
    static const char *const RIGHT[] = {"https://id.example", "https://id.example:8443/a?b=c",
                                        "http://127.0.0.1:4000/x", "http://[::1]:4000", "http://localhost"};
    static const char *const WRONG[] = {"",
                                        "id.example",
                                        "http://id.example",
                                        "ftp://id.example",
                                        "https://",
                                        "https:///path",
                                        "http://127.0.0.1.evil.example",
                                        "http://localhost@evil.example",
                                        "https://user@id.example",
                                        "https://id.example/#a",
                                        "https://id.example/ a",
                                        "https://id.example/\r\nX: y",
                                        "http://2130706433/",
                                        "javascript:alert(1)",
                                        "https://id.example\\@evil.example",
                                        "https://\xED\x95\x9C.example"};

    (void)state;
    for (size_t i = 0; i < COUNT(RIGHT); i++)
        check_ok(oidc_check_address("issuer", str_from(RIGHT[i])));
    for (size_t i = 0; i < COUNT(WRONG); i++)
        check_err(oidc_check_address("issuer", str_from(WRONG[i])), INVALID, "issuer: ");
}

static void a_return_path_leads_nowhere_else(void **state)
{
    static const char *const RIGHT[] = {"/", "/talk", "/talk?session=1&x=%2F", "/a//b", "/a/@b:c"};
    static const char *const WRONG[] = {"",
                                        "talk",
                                        "//evil.example",
                                        "/\\evil.example",
                                        "https://evil.example",
                                        "\\/evil.example",
                                        "/talk\\..",
                                        "/ta lk",
                                        "/\t/evil.example",
                                        "/\n/evil.example",
                                        " /talk",
                                        "javascript:alert(1)",
                                        "/talk\x7f",
                                        "/\xED\x95\x9C"};

    (void)state;
    for (size_t i = 0; i < COUNT(RIGHT); i++)
        assert_true(oidc_is_local_path(str_from(RIGHT[i])));
    for (size_t i = 0; i < COUNT(WRONG); i++)
        assert_false(oidc_is_local_path(str_from(WRONG[i])));
    assert_false(oidc_is_local_path((Str){0}));
}

static const Provider PROVIDER = {
    .name = {"id", 2},
    .issuer = {"https://id.example", 18},
    .scope = {"openid email", 12},
    .subject = {"sub", 3},
    .client_id = {"nerdx&co", 8},
    .client_secret = {"s e", 3},
};

#define DOCUMENT                                                                                      \
    "\"authorization_endpoint\":\"https://id.example/auth\",\"token_endpoint\":\"https://id.example/" \
    "token\","                                                                                        \
    "\"jwks_uri\":\"https://keys.example/\",\"response_types_supported\":[\"code\"],"                 \
    "\"id_token_signing_alg_values_supported\":[\"RS256\"]"

static void a_document_of_the_issuer_is_believed(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Endpoints found;

    (void)state;
    check_text(discovery_address(&arena, STR("https://id.example/")),
               "https://id.example/.well-known/openid-configuration");
    check_ok(discovery_read(&arena, &PROVIDER,
                            STR("{\"issuer\":\"https://id.example\"," DOCUMENT
                                ",\"authorization_response_iss_parameter_supported\":true}"),
                            &found));
    check_text(found.authorization, "https://id.example/auth");
    check_text(found.token, "https://id.example/token");
    check_text(found.keys, "https://keys.example/");
    assert_true(found.says_iss);
}

static void a_document_that_says_otherwise_is_refused(void **state)
{
    static const struct Row {
        const char *document;
        const char *said;
    } ROWS[] = {
        {"{" DOCUMENT "}", "issuer: isn't"},
        {"{\"issuer\":\"https://id.example/\"," DOCUMENT "}", "issuer: isn't"},
        {"{\"issuer\":\"https://evil.example\"," DOCUMENT "}", "issuer: isn't"},
        {"{\"issuer\":\"https://id.example\",\"authorization_endpoint\":\"http://id.example/auth\"}",
         "must begin with https"},
        {"{\"issuer\":\"https://id.example\",\"authorization_endpoint\":\"http://127.0.0.1/auth\"}",
         "leads to this machine"},
        {"{\"issuer\":\"https://id.example\"}", "authorization_endpoint"},
        {"{\"issuer\":\"https://id.example\"," DOCUMENT ",\"code_challenge_methods_supported\":[\"plain\"]}",
         "no S256"},
        {"[]", "issuer: isn't"},
    };
    AUTO_ARENA Arena arena = {0};
    Endpoints found;

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        check_err(discovery_read(&arena, &PROVIDER, str_from(ROWS[i].document), &found), INVALID,
                  ROWS[i].said);
}

/* RFC 7636, appendix B. */
static void the_challenge_is_that_of_the_standard(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    check_text(oidc_digest(&arena, STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    assert_int_equal(oidc_secret(&arena).len, OIDC_SECRET_TEXT);
    assert_false(str_equal(oidc_secret(&arena), oidc_secret(&arena)));
}

static void a_request_says_what_it_must_and_no_secret(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Endpoints doors = {.authorization = STR("https://id.example/auth?tenant=1")};
    Asking asking = {&PROVIDER, &doors,    STR("https://us.example/callback"),
                     STR("st"), STR("no"), STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")};
    Str form;

    (void)state;
    check_text(
        oidc_authorization_address(&arena, &asking),
        "https://id.example/auth?tenant=1&response_type=code&client_id=nerdx%26co&redirect_uri=https%3A%2F%2F"
        "us.example%2Fcallback&scope=openid%20email&state=st&nonce=no&code_challenge="
        "E9Melhoa2OwvFrEMTJguCHaoe"
        "K1t8URWbuGJSstw-cM&code_challenge_method=S256");
    check_ok(oidc_exchange_form(&arena, &asking, STR("c/1"), clock_system(), &form));
    check_text(
        form,
        "grant_type=authorization_code&code=c%2F1&redirect_uri=https%3A%2F%2Fus.example%2Fcallback&client_id="
        "nerdx%26co&client_secret=s%20e&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

/* As Apple checks it: with the public half of the key. */
static void a_signed_secret_is_what_apple_asks_for(void **state)
{
    AUTO_ARENA Arena arena = {0};
    IdTokenRules rules = {.issuer = STR("TEAM"), .client_id = STR("https://id.example"), .nonce = STR("x")};
    Provider provider = PROVIDER;
    const json_t *claims;
    ManualClock clock;
    IdToken token;
    Signer signer;
    Str secret;

    (void)state;
    signer_init(&signer, SIGNED_ES256, "K1");
    manual_clock_init(&clock, INT64_C(1800000000000000));
    provider.client_secret = (Str){0};
    provider.client_key = signer_pem(&signer, &arena);
    provider.key_id = STR("K1");
    provider.team_id = STR("TEAM");
    rules.now_s = 1800000000;
    for (int i = 0; i < 64; i++) { /* integers with and without leading zeros */
        check_ok(client_secret_sign(&arena, &provider, &clock.clock, &secret));
        check_ok(id_token_read(&arena, secret, &token));
        Jwks *keys = signer_set(&signer);
        check_err(id_token_check(&arena, &token, jwks_find(keys, STR("K1"), SIGNED_ES256), &rules, &claims),
                  INVALID, "`nonce`"); /* all before it was right */
        jwks_destroy(keys);
    }
    check_text(claim_text(&arena, claims, STR("sub")), "nerdx&co");
    provider.client_key = STR("nonsense");
    check_err(client_secret_sign(&arena, &provider, &clock.clock, &secret), INVALID, "no private EC key");
    signer_finish(&signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_https_and_this_machine_are_addresses),
        cmocka_unit_test(a_return_path_leads_nowhere_else),
        cmocka_unit_test(a_document_of_the_issuer_is_believed),
        cmocka_unit_test(a_document_that_says_otherwise_is_refused),
        cmocka_unit_test(the_challenge_is_that_of_the_standard),
        cmocka_unit_test(a_request_says_what_it_must_and_no_secret),
        cmocka_unit_test(a_signed_secret_is_what_apple_asks_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
