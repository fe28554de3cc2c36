/* What a browser says of itself, and whose pages are believed. */
#include "check.h"

#include "services/auth/webauthn/parts.h"

static const WebauthnSite LOCAL = {{"localhost", 9}, {NULL, 0}};

static void a_page_of_the_site_is_believed_and_no_other(void **state)
{
    static const struct {
        const char *origins; /* NULL: this machine's */
        const char *origin;
        bool is_ours;
    } ROWS[] = {
        {NULL, "http://localhost", true},
        {NULL, "http://localhost:8080", true},
        {NULL, "https://localhost:8080", false},
        {NULL, "http://localhost:", false},
        {NULL, "http://localhost:80x", false},
        {NULL, "http://localhost.evil.example", false},
        {NULL, "http://localhost:80@evil.example", false},
        {NULL, "", false},
        {"https://a.example,https://b.example:8443", "https://a.example", true},
        {"https://a.example, https://b.example:8443", "https://b.example:8443", true},
        {"https://a.example", "https://a.example:443", false},
        {"https://a.example", "http://a.example", false},
        {"https://a.example", "https://A.example", false},
        {"https://a.example", "http://localhost", false},
        {"https://a.example", "", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        WebauthnSite site = {STR("localhost"),
                             ROWS[i].origins != NULL ? str_from(ROWS[i].origins) : (Str){0}};
        WebauthnClient client = {.type = STR("webauthn.get"), .origin = str_from(ROWS[i].origin)};
        Err e = webauthn_check_client(&site, &client, STR("webauthn.get"));
        assert_int_equal(failed(&e), !ROWS[i].is_ours);
    }
}

static void another_type_or_a_frame_is_refused(void **state)
{
    WebauthnClient client = {.type = STR("webauthn.create"), .origin = STR("http://localhost")};

    (void)state;
    check_ok(webauthn_check_client(&LOCAL, &client, STR("webauthn.create")));
    check_err(webauthn_check_client(&LOCAL, &client, STR("webauthn.get")), UNAUTHORIZED, "");
    client.is_framed = true;
    check_err(webauthn_check_client(&LOCAL, &client, STR("webauthn.create")), UNAUTHORIZED, "");
}

static void what_is_missing_or_of_another_kind_is_empty(void **state)
{
    AUTO_ARENA Arena arena = {0};
    WebauthnClient client;

    (void)state;
    check_ok(webauthn_read_client(STR("{\"type\":1,\"origin\":null,\"crossOrigin\":false,\"new\":[]}"),
                                  &arena, &client));
    check_text(client.type, "");
    check_text(client.challenge, "");
    check_text(client.origin, "");
    assert_false(client.is_framed);
    check_ok(webauthn_read_client(STR("{\"crossOrigin\":\"false\"}"), &arena, &client));
    assert_true(client.is_framed);
    check_err(webauthn_read_client(STR("{\"type\":\"a\",\"type\":\"b\"}"), &arena, &client), UNAUTHORIZED,
              "");
    check_err(webauthn_read_client(STR("[]"), &arena, &client), UNAUTHORIZED, "");
}

static void a_site_is_pages_of_its_domain(void **state)
{
    static const struct {
        const char *domain;
        const char *origins;
        bool is_right;
    } ROWS[] = {
        {"localhost", NULL, true},
        {"nerdx.com", NULL, false},
        {"nerdx.com", "https://nerdx.com", true},
        {"nerdx.com", "https://apec.nerdx.com:8443,https://nerdx.com", true},
        {"nerdx.com", "http://nerdx.com", false},
        {"nerdx.com", "https://evilnerdx.com", false},
        {"nerdx.com", "https://nerdx.com.evil.example", false},
        {"nerdx.com", "https://nerdx.com/talk", false},
        {"nerdx.com", "nerdx.com", false},
        {"nerdx.com", "", false},
        {"localhost", "http://localhost:3000", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        WebauthnSite site = {str_from(ROWS[i].domain),
                             ROWS[i].origins != NULL ? str_from(ROWS[i].origins) : (Str){0}};
        Err e = webauthn_check_site(&site);
        assert_int_equal(failed(&e), !ROWS[i].is_right);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_of_the_site_is_believed_and_no_other),
        cmocka_unit_test(another_type_or_a_frame_is_refused),
        cmocka_unit_test(what_is_missing_or_of_another_kind_is_empty),
        cmocka_unit_test(a_site_is_pages_of_its_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
