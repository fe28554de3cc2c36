#include "check.h"

#include <string.h>

#include "base/utf8.h"

static void what_rfc_3629_allows_is_valid(void **state)
{
    static const char *const GOOD[] = {"",
                                       "ascii",
                                       "é",
                                       "술",
                                       "\U0001F376",
                                       "\x7f",
                                       "\xc2\x80",
                                       "\u07ff",
                                       "\u0800",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\uffff",
                                       "\U00010000",
                                       "\U0010ffff",
                                       "a술\U0001F376z"};

    (void)state;
    for (size_t i = 0; i < COUNT(GOOD); i++)
        assert_true(utf8_valid(str_from(GOOD[i])));
    assert_true(utf8_valid((Str){0}));
    assert_true(utf8_valid((Str){"a\0b", 3}));
}

static void overlong_surrogate_cut_and_stray_bytes_are_refused(void **state)
{
    static const struct {
        const char *text;
        size_t valid;
    } BAD[] = {
        {"\x80", 0},
        {"a\xbf", 1},
        {"\xc0\x80", 0},
        {"\xc1\xbf", 0},
        {"\xe0\x80\x80", 0},
        {"\xe0\x9f\xbf", 0},
        {"\xed\xa0\x80", 0},
        {"\xed\xbf\xbf", 0},
        {"ab\xe2\x82", 2},
        {"\xe2", 0},
        {"\xe2\x28\xa1", 0},
        {"\xf0\x80\x80\x80", 0},
        {"\xf0\x8f\xbf\xbf", 0},
        {"\xf4\x90\x80\x80", 0},
        {"\xf5\x80\x80\x80", 0},
        {"\xff", 0},
        {"\xfe", 0},
        {"abcdefgh\xf0\x9f\x8d", 8},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++)
        assert_int_equal(utf8_valid_until(str_from(BAD[i].text)), BAD[i].valid);
}

/* Every code point there is, encoded, validated and decoded again. */
static void every_code_point_comes_back(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        char bytes[4];
        uint32_t decoded = 0;
        size_t at = 0;
        if (code_point == 0xD800)
            code_point = 0xE000;
        size_t length = utf8_encode(code_point, bytes);
        if (!utf8_valid((Str){bytes, length}) || !utf8_next((Str){bytes, length}, &at, &decoded) ||
            at != length || decoded != code_point)
            fail_msg("U+%04X", code_point);
    }
}

static void an_ill_formed_byte_is_one_replacement_character(void **state)
{
    Str text = STR("a\xe2\x82z");
    static const uint32_t POINTS[] = {'a', UTF8_REPLACEMENT, UTF8_REPLACEMENT, 'z'};
    uint32_t point;
    size_t count = 0;

    (void)state;
    for (size_t at = 0; utf8_next(text, &at, &point);)
        assert_int_equal(point, POINTS[count++]);
    assert_int_equal(count, COUNT(POINTS));
    assert_int_equal(utf8_count(text), COUNT(POINTS));
}

static void counting_and_cutting_go_by_code_points(void **state)
{
    Str text = STR("a술\U0001F376é");

    (void)state;
    assert_int_equal(utf8_count(text), 4);
    check_text(utf8_cut(text, 0), "");
    check_text(utf8_cut(text, 2), "a술");
    check_text(utf8_cut(text, 3), "a술\U0001F376");
    check_text(utf8_cut(text, 99), "a술\U0001F376é");
}

static void cutting_by_bytes_never_splits_a_character(void **state)
{
    Str text = STR("a술\U0001F376é");

    (void)state;
    for (size_t bytes = 0; bytes <= text.len + 1; bytes++) {
        Str cut = utf8_cut_bytes(text, bytes);
        assert_true(cut.len <= bytes && utf8_valid(cut));
        assert_true(bytes < 4 || cut.len + 4 > bytes || cut.len == text.len);
    }
    assert_int_equal(utf8_cut_bytes(STR("\x80\x80\x80\x80\x80\x80"), 5).len, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rfc_3629_allows_is_valid),
        cmocka_unit_test(overlong_surrogate_cut_and_stray_bytes_are_refused),
        cmocka_unit_test(every_code_point_comes_back),
        cmocka_unit_test(an_ill_formed_byte_is_one_replacement_character),
        cmocka_unit_test(counting_and_cutting_go_by_code_points),
        cmocka_unit_test(cutting_by_bytes_never_splits_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
