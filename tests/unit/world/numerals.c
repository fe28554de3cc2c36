/* Numbers that are written as words are read, and other words aren't numbers. */
#include "check.h"
#include "services/world/numerals.h"

static void a_number_of_two_digits_is_read_in_either_language(void **state)
{
    static const struct {
        const char *word;
        unsigned value;
    } cases[] = {{"forty", 40}, {"sixteen", 16}, {"사십", 40},    {"사십오", 45},
                 {"십육", 16},  {"마흔", 40},    {"four", 0},     {"이", 0},
                 {"십", 0},     {"", 0},         {"사십오육", 0}, {"막걸리", 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (numeral_of(str_from(cases[i].word)) != cases[i].value)
            fail_msg("%s: expected %u", cases[i].word, cases[i].value);
}

static void what_percent_is_called_is_a_unit(void **state)
{
    (void)state;
    assert_true(numeral_is_unit(STR("percent")));
    assert_true(numeral_is_unit(STR("도짜리")));
    assert_false(numeral_is_unit(STR("병")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_of_two_digits_is_read_in_either_language),
        cmocka_unit_test(what_percent_is_called_is_a_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
