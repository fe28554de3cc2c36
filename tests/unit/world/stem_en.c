#include "check.h"
#include "services/world/stem_en.h"

#include <string.h>

static Str stem(Arena *arena, const char *word)
{
    char *copy = str_c(arena, str_from(word));

    return (Str){copy, stem_english(copy, strlen(copy))};
}

/* A selection of https://snowballstem.org/algorithms/english/stemmer.html. */
static void words_are_cut_as_porter_cuts_them(void **state)
{
    static const char *const pairs[][2] = {
        {"caresses", "caress"},
        {"ties", "tie"},
        {"cries", "cri"},
        {"gas", "gas"},
        {"this", "this"},
        {"gaps", "gap"},
        {"agreed", "agre"},
        {"feed", "feed"},
        {"hopping", "hop"},
        {"hoping", "hope"},
        {"luxuriating", "luxuri"},
        {"falling", "fall"},
        {"cry", "cri"},
        {"by", "by"},
        {"say", "say"},
        {"consistency", "consist"},
        {"consisting", "consist"},
        {"knightly", "knight"},
        {"relational", "relat"},
        {"electrical", "electr"},
        {"adjustment", "adjust"},
        {"rice", "rice"},
        {"national", "nation"},
        {"controlling", "control"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(pairs); i++)
        check_text(stem(&arena, pairs[i][0]), pairs[i][1]);
}

static void forms_of_a_word_meet_in_one_stem(void **state)
{
    static const char *const forms[][2] = {
        {"brewing", "brewed"}, {"brews", "brew"},  {"fermented", "fermentation"}, {"stories", "story"},
        {"began", "begin"},    {"made", "making"}, {"drank", "drinks"},           {"vessels", "vessel"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(forms); i++)
        check_text(stem(&arena, forms[i][0]), str_c(&arena, stem(&arena, forms[i][1])));
}

static void what_is_no_lower_case_word_is_left_alone(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    check_text(stem(&arena, "nerd12s"), "nerd12s");
    check_text(stem(&arena, "is"), "is");
    check_text(stem(&arena, "막걸리"), "막걸리");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_cut_as_porter_cuts_them),
        cmocka_unit_test(forms_of_a_word_meet_in_one_stem),
        cmocka_unit_test(what_is_no_lower_case_word_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
