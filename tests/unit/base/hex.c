#include "check.h"

#include "base/hex.h"

/* RFC 4648, section 10, in lower case, and bytes of every kind. */
static const struct Example {
    Str bytes;
    const char *digits;
} EXAMPLES[] = {
    {{"", 0}, ""},
    {{"f", 1}, "66"},
    {{"foobar", 6}, "666f6f626172"},
    {{"\xff\x00\xfb", 3}, "ff00fb"},
};

static void bytes_come_back_from_their_digits(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str bytes;

    (void)state;
    for (size_t i = 0; i < COUNT(EXAMPLES); i++) {
        check_text(hex_text(&arena, EXAMPLES[i].bytes), EXAMPLES[i].digits);
        assert_true(hex_bytes(&arena, str_from(EXAMPLES[i].digits), &bytes));
        assert_true(str_equal(bytes, EXAMPLES[i].bytes));
    }
}

static void every_byte_has_digits_of_its_own(void **state)
{
    char digits[3];

    (void)state;
    for (int i = 0; i < 256; i++) {
        uint8_t byte = (uint8_t)i, again;
        assert_ptr_equal(hex_print(digits, &byte, 1), digits + 2);
        assert_true(hex_parse(digits, &again, 1));
        assert_int_equal(again, i);
    }
}

static void what_is_no_text_of_digits_is_refused(void **state)
{
    static const char *const TEXTS[] = {"6", "666", "FF", "6g", " 66", "0x66"};
    AUTO_ARENA Arena arena = {0};
    Str bytes;

    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        if (hex_bytes(&arena, str_from(TEXTS[i]), &bytes))
            fail_msg("\"%s\" was read", TEXTS[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bytes_come_back_from_their_digits),
                                       cmocka_unit_test(every_byte_has_digits_of_its_own),
                                       cmocka_unit_test(what_is_no_text_of_digits_is_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
