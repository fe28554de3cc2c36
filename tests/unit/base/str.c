#include <string.h>

#include "check.h"

#include "base/str.h"

static void absent_and_empty_are_told_apart_but_equal_in_bytes(void **state)
{
    (void)state;
    assert_null(str_from(NULL).data);
    assert_non_null(STR("").data);
    assert_true(str_equal((Str){0}, STR("")));
}

static void comparing_goes_by_bytes_and_then_by_length(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("b")) < 0);
    assert_true(str_compare(STR("ab"), STR("a")) > 0);
    assert_true(str_compare(STR("z"), STR("술")) < 0);
    assert_int_equal(str_compare(STR("술"), STR("술")), 0);
    assert_true(str_compare(STR(""), STR("a")) < 0);
}

static void case_is_ignored_for_ascii_letters_alone(void **state)
{
    (void)state;
    assert_true(str_equal_nocase(STR("Content-Type"), STR("cONTENT-tYPE")));
    assert_false(str_equal_nocase(STR("@"), STR("`")));
    assert_false(str_equal_nocase(STR("É"), STR("é")));
}

static void finding_starts_where_it_is_told(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("abcabc"), STR("bc"), 0), 1);
    assert_int_equal(str_find(STR("abcabc"), STR("bc"), 2), 4);
    assert_true(str_find(STR("abcabc"), STR("bc"), 5) == SIZE_MAX);
    assert_true(str_find(STR(""), STR("a"), 0) == SIZE_MAX);
    assert_int_equal(str_find(STR("abc"), STR(""), 3), 3);
    assert_true(str_find(STR("abc"), STR(""), 4) == SIZE_MAX);
}

/* Wherever it stands, and in whatever it is hidden: beside a look at each place. */
static void a_needle_is_found_at_its_first_place(void **state)
{
    enum { TEXT = 100, LONGEST = 40 };
    char text[TEXT];

    (void)state;
    for (size_t i = 0; i < TEXT; i++)
        text[i] = i % 7 == 3 ? 'b' : 'a';
    for (size_t len = 1; len <= LONGEST; len++)
        for (size_t from = 0; from + len <= TEXT; from++) {
            const Str needle = {text + from, len};
            size_t first = 0;
            while (memcmp(text + first, needle.data, len) != 0)
                first++;
            assert_int_equal(str_find((Str){text, TEXT}, needle, 0), first);
            assert_true(str_find((Str){text, first + len - 1}, needle, 0) == SIZE_MAX);
        }
}

static void slices_are_clamped(void **state)
{
    (void)state;
    check_text(str_slice(STR("abcdef"), 2, 4), "cd");
    check_text(str_slice(STR("abcdef"), 4, 100), "ef");
    check_text(str_slice(STR("abcdef"), 5, 2), "");
    check_text(str_slice(STR("abcdef"), 9, 12), "");
}

static void splitting_gives_every_part_even_empty_ones(void **state)
{
    static const char *const PARTS[] = {"a", "", "b", ""};
    Str rest = STR("a,,b,");
    Str part;
    size_t count = 0;

    (void)state;
    while (str_split(&rest, ',', &part))
        check_text(part, PARTS[count++]);
    assert_int_equal(count, COUNT(PARTS));
}

static void trimming_takes_white_space_off_both_ends(void **state)
{
    (void)state;
    check_text(str_trim(STR(" \t\r\n a b \n")), "a b");
    check_text(str_trim(STR("   ")), "");
    check_text(str_trim(STR("")), "");
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    static const char *const WRONG[] = {
        "", "-", "+", "1 ", " 1", "1.0", "0x1", "12a", "9223372036854775808", "-9223372036854775809"};
    int64_t value = 0;

    (void)state;
    assert_true(str_to_int(STR("9223372036854775807"), &value) && value == INT64_MAX);
    assert_true(str_to_int(STR("-9223372036854775808"), &value) && value == INT64_MIN);
    assert_true(str_to_int(STR("+007"), &value) && value == 7);
    for (size_t i = 0; i < COUNT(WRONG); i++)
        assert_false(str_to_int(str_from(WRONG[i]), &value));
}

static void formatted_text_of_any_length_is_whole(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    check_text(str_format(&arena, "%d-%s", 7, "x"), "7-x");
    for (int width = 1; width < 3000; width += 97) {
        Str text = str_format(&arena, "%*d", width, 5);
        assert_int_equal(text.len, width);
        assert_int_equal(text.data[width - 1], '5');
    }
}

static void starts_and_ends_need_the_whole_affix(void **state)
{
    (void)state;
    assert_true(str_starts(STR("abc"), STR("ab")));
    assert_false(str_starts(STR("a"), STR("ab")));
    assert_true(str_ends(STR("abc"), STR("bc")));
    assert_false(str_ends(STR("c"), STR("bc")));
    assert_true(str_starts(STR(""), STR("")) && str_ends(STR(""), STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_and_empty_are_told_apart_but_equal_in_bytes),
        cmocka_unit_test(comparing_goes_by_bytes_and_then_by_length),
        cmocka_unit_test(case_is_ignored_for_ascii_letters_alone),
        cmocka_unit_test(finding_starts_where_it_is_told),
        cmocka_unit_test(a_needle_is_found_at_its_first_place),
        cmocka_unit_test(slices_are_clamped),
        cmocka_unit_test(splitting_gives_every_part_even_empty_ones),
        cmocka_unit_test(trimming_takes_white_space_off_both_ends),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(formatted_text_of_any_length_is_whole),
        cmocka_unit_test(starts_and_ends_need_the_whole_affix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
