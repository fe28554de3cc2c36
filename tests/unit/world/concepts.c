/* Words that mean the same are found from each other in any form, and what is wrong with the file is said. */
#include "check.h"
#include "services/world/concepts.h"

static Word word_of(Arena *arena, const char *text)
{
    return analyse(arena, str_from(text)).items[0];
}

static void a_word_leads_to_those_that_mean_the_same_in_whatever_form(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Concepts *concepts;
    Word weak, strong, anything;

    (void)state;
    arena_init(&arena);
    check_ok(concepts_read(STR("same: [[weak, 약한]]\nplain: [anything]\n"), &concepts));
    weak = word_of(&arena, "약해요");
    strong = word_of(&arena, "strong");
    anything = word_of(&arena, "anything");
    assert_int_equal(concepts_of(concepts, &weak).count, 2);
    assert_int_equal(concepts_of(concepts, &strong).count, 0);
    assert_int_equal(concepts_of(NULL, &weak).count, 0);
    assert_true(concepts_is_plain(concepts, &anything));
    assert_false(concepts_is_plain(concepts, &weak));
    concepts_destroy(concepts);
}

static void what_is_wrong_with_the_file_is_said(void **state)
{
    static const char *const wrong[][2] = {
        {"same: []\n", "the lists same and plain"},
        {"same: [[weak]]\nplain: []\n", "2 to 24 words"},
        {"same: [[weak, not strong]]\nplain: []\n", "a single word"},
        {"same: [[weak, mild], [mild, soft]]\nplain: []\n", "mild: stands in two lists"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Concepts *concepts;

        check_err(concepts_read(str_from(wrong[i][0]), &concepts), INVALID, wrong[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_leads_to_those_that_mean_the_same_in_whatever_form),
        cmocka_unit_test(what_is_wrong_with_the_file_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
