/* Codes by time: the RFCs' own vectors, and what of them is accepted. */
#include "check.h"

#include "services/auth/totp/base32.h"
#include "services/auth/totp/code.h"

static const Str RFC_SECRET = {"12345678901234567890", TOTP_SECRET_BYTES};

enum { RFC_DIGITS = 8 };

/* RFC 6238, appendix B, the rows of SHA-1. */
static void codes_are_those_of_rfc_6238(void **state)
{
    static const struct {
        int64_t time_s;
        const char *code;
    } ROWS[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {INT64_C(20000000000), "65353130"},
    };
    AUTO_ARENA Arena arena = {0};
    Str code;

    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        check_ok(totp_code(&arena, RFC_SECRET, ROWS[i].time_s / TOTP_STEP_S, RFC_DIGITS, &code));
        check_text(code, ROWS[i].code);
    }
}

/* RFC 4226, appendix D. */
static void codes_are_those_of_rfc_4226(void **state)
{
    static const char *const CODES[] = {"755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"};
    AUTO_ARENA Arena arena = {0};
    Str code;

    (void)state;
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        check_ok(totp_code(&arena, RFC_SECRET, (int64_t)i, TOTP_DIGITS, &code));
        check_text(code, CODES[i]);
    }
}

/* RFC 4648, section 10, without the padding. */
static void base32_is_that_of_rfc_4648(void **state)
{
    static const struct {
        const char *bytes;
        const char *text;
    } ROWS[] = {{"", ""},
                {"f", "MY"},
                {"fo", "MZXQ"},
                {"foo", "MZXW6"},
                {"foob", "MZXW6YQ"},
                {"fooba", "MZXW6YTB"},
                {"foobar", "MZXW6YTBOI"}};
    AUTO_ARENA Arena arena = {0};

    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        check_text(base32_write(&arena, str_from(ROWS[i].bytes)), ROWS[i].text);
}

static void only_codes_of_this_step_and_its_neighbours_are_found(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const int64_t now_s = 1234567890, now_step = now_s / TOTP_STEP_S;
    int64_t step;
    Str code;

    (void)state;
    for (int64_t drift = -2; drift <= 2; drift++) {
        bool is_near = drift >= -1 && drift <= 1;
        check_ok(totp_code(&arena, RFC_SECRET, now_step + drift, TOTP_DIGITS, &code));
        check_ok(totp_find(&arena, RFC_SECRET, now_s, code, &step));
        assert_int_equal(step, is_near ? now_step + drift : -1);
    }
}

static void what_is_no_code_is_not_found(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const char *const WRONG[] = {"", "00592", "0059240", "89005924", "00592x", "005925"};
    int64_t step;

    (void)state;
    check_ok(totp_find(&arena, RFC_SECRET, 1234567890, STR("005924"), &step));
    assert_int_equal(step, 1234567890 / TOTP_STEP_S);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        check_ok(totp_find(&arena, RFC_SECRET, 1234567890, str_from(WRONG[i]), &step));
        assert_int_equal(step, -1);
    }
}

static void an_apps_address_says_all_that_the_app_needs(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    check_text(totp_uri(&arena, STR("MZXW6YTB"), STR("a+b&c@example.com")),
               "otpauth://totp/NERDX:a%2Bb%26c%40example.com?secret=MZXW6YTB&issuer=NERDX&algorithm=SHA1&"
               "digits=6&period=30");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_rfc_6238),
        cmocka_unit_test(codes_are_those_of_rfc_4226),
        cmocka_unit_test(base32_is_that_of_rfc_4648),
        cmocka_unit_test(only_codes_of_this_step_and_its_neighbours_are_found),
        cmocka_unit_test(what_is_no_code_is_not_found),
        cmocka_unit_test(an_apps_address_says_all_that_the_app_needs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
