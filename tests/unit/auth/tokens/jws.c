/* The envelope: other people's vectors come out, and a text has one form only. */
#include "check.h"

#include "base/base64url.h"
#include "services/auth/tokens/jws.h"

/* RFC 7515, appendix A.1: the first token there was. */
#define RFC_TEXT                                                     \
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."                      \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leG" \
    "FtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define RFC_SIGNATURE "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define RFC_SECRET "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"

static void the_rfcs_own_token_is_read_and_its_signature_is_right(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str secret;
    Jws jws;
    Key key;

    (void)state;
    assert_true(base64url_read(&arena, STR(RFC_SECRET), &secret));
    check_ok(key_from_secret("secret", secret, &key));
    check_ok(jws_read(&arena, STR(RFC_TEXT "." RFC_SIGNATURE), &jws));
    assert_int_equal(jws.algorithm, KEY_HS256);
    assert_null(jws.key_id.data);
    check_text(jws.signed_text, RFC_TEXT);
    check_text(jws.payload,
               "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
    assert_true(key_signed(&key, jws.signed_text, jws.signature));
    assert_false(key_signed(&key, STR(RFC_TEXT "x"), jws.signature));
    assert_false(key_signed(&key, jws.signed_text, str_slice(jws.signature, 0, 31)));
}

static void what_is_written_is_read_again(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Jws jws;
    Key key;

    (void)state;
    check_ok(key_from_secret("secret", STR("0123456789abcdef0123456789abcdef"), &key));
    check_ok(jws_read(&arena, jws_write(&arena, &key, STR("{}")), &jws));
    check_text(jws.key_id, key.id);
    check_text(jws.payload, "{}");
    assert_true(key_signed(&key, jws.signed_text, jws.signature));
}

static void base64url_has_one_form_and_no_other(void **state)
{
    static const char *const WRONG[] = {"Zh",   "Zm9",   "Zg==", "Zg=",  "Z",
                                        "Z m8", "Zm8\n", "Zm+/", "Zm8.", "\xC3\xA9"};
    AUTO_ARENA Arena arena = {0};
    Str bytes;

    (void)state;
    check_text(base64url_write(&arena, STR("\xff\xfe\xfb")), "__77");
    check_text(base64url_write(&arena, STR("fo")), "Zm8");
    assert_true(base64url_read(&arena, STR("__77"), &bytes));
    check_text(bytes, "\xff\xfe\xfb");
    assert_true(base64url_read(&arena, STR(""), &bytes));
    assert_int_equal(bytes.len, 0);
    for (size_t i = 0; i < COUNT(WRONG); i++)
        assert_false(base64url_read(&arena, str_from(WRONG[i]), &bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rfcs_own_token_is_read_and_its_signature_is_right),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(base64url_has_one_form_and_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
