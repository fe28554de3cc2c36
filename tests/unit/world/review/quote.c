#include "check.h"
#include "services/world/review/quote.h"

static const char TEXT[] = "On rainy days people eat\n  bindaetteok (빈대떡), and\tdrink.";

static void a_quotation_is_found_however_its_lines_are_wrapped(void **state)
{
    (void)state;
    check_text(quote_find(str_from(TEXT), STR("eat bindaetteok")), "eat\n  bindaetteok");
    check_text(quote_find(str_from(TEXT), STR(" (빈대떡),\nand  drink. \n")), "(빈대떡), and\tdrink.");
    check_text(quote_find(str_from(TEXT), str_from(TEXT)), TEXT);
}

static void what_differs_in_a_letter_is_no_quotation(void **state)
{
    static const char *const others[] = {
        "eat pajeon", "on rainy days", "eatbindaetteok", "rai ny", "drink. And", "drink..",
        "",           " \n",           "빈대 떡",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++)
        assert_null(quote_find(str_from(TEXT), str_from(others[i])).data);
    assert_null(quote_find(STR(""), STR("a")).data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quotation_is_found_however_its_lines_are_wrapped),
        cmocka_unit_test(what_differs_in_a_letter_is_no_quotation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
