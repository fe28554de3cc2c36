#include "check.h"
#include "services/world/letters.h"
#include "services/world/names.h"

static const char *const NAMES[] = {"makgeolli", "막걸리",    "Icheon rice", "이천 쌀",
                                    "NERD12",    "전통 누룩", "takju"};

typedef struct Fixture {
    Arena arena;
    Names *names;
} Fixture;

static int make_names(void **state)
{
    static Fixture f;

    arena_init(&f.arena);
    f.names = names_create();
    for (size_t i = 0; i < COUNT(NAMES); i++)
        names_add(f.names, (uint32_t)i, analyse(&f.arena, str_from(NAMES[i])));
    *state = &f;
    return 0;
}

static int free_names(void **state)
{
    Fixture *f = *state;

    names_destroy(f->names);
    arena_finish(&f->arena);
    return 0;
}

static void check_found(Fixture *f, const char *question, const uint32_t *expected, size_t expected_count)
{
    NameMatch *matches = NULL;
    size_t count = names_find(f->names, &f->arena, analyse(&f->arena, str_from(question)), &matches);

    assert_int_equal(count, expected_count);
    for (size_t i = 0; i < expected_count; i++)
        assert_int_equal(matches[i].entities[0], expected[i]);
}

static void names_are_found_written_together_or_apart(void **state)
{
    check_found(*state, "이천쌀로 빚은 술", (uint32_t[]){3}, 1);
    check_found(*state, "이천 쌀은?", (uint32_t[]){3}, 1);
    check_found(*state, "how strong is NERD 12, and what about icheon rice", (uint32_t[]){4, 2}, 2);
    check_found(*state, "nothing of this", (uint32_t[]){0}, 0);
}

static void check_correction(Fixture *f, const char *word, const char *meant)
{
    Words words = analyse(&f->arena, str_from(word));
    Str found = names_correct(f->names, &f->arena, &words.items[0]);

    if (meant != NULL)
        check_text(found, meant);
    else
        assert_null(found.data);
}

static void a_slip_of_one_letter_is_forgiven(void **state)
{
    Fixture *f = *state;
    Words makgeolli = analyse(&f->arena, STR("makgeolli"));
    const char *term = str_c(&f->arena, makgeolli.items[0].term);

    check_correction(f, "makgoelli", term);
    check_correction(f, "makgeoli", term);
    check_correction(f, "makgeollli", term);
    check_correction(f, "makgeolly", term);
    check_correction(f, "막컬리", "막걸리");
    check_correction(f, "막걸레", "막걸리");
}

static void two_slips_or_short_words_are_not(void **state)
{
    check_correction(*state, "makkoli", NULL);
    check_correction(*state, "tak", NULL);
    check_correction(*state, "쌀", NULL);
    check_correction(*state, "막창", NULL);
}

static void one_edit_is_a_letter_more_less_other_or_swapped(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        bool near;
    } pairs[] = {
        {"abcd", "abcd", false}, {"abcd", "abd", true},   {"abcd", "abcde", true}, {"abcd", "abxd", true},
        {"abcd", "acbd", true},  {"abcd", "dbca", false}, {"abcd", "ab", false},   {"누룩", "누륵", true},
    };
    Letters a;
    Letters b;

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        assert_true(letters_of(str_from(pairs[i].a), &a) && letters_of(str_from(pairs[i].b), &b));
        assert_int_equal(letters_one_slip_apart(&a, &b), pairs[i].near);
        assert_int_equal(letters_one_slip_apart(&b, &a), pairs[i].near);
    }
}

#define names_test(f) cmocka_unit_test_setup_teardown(f, make_names, free_names)

int main(void)
{
    const struct CMUnitTest tests[] = {
        names_test(names_are_found_written_together_or_apart),
        names_test(a_slip_of_one_letter_is_forgiven),
        names_test(two_slips_or_short_words_are_not),
        names_test(one_edit_is_a_letter_more_less_other_or_swapped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
