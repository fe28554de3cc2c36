#include "check.h"
#include "services/world/index.h"
#include "services/world/letters.h"
#include "services/world/names.h"

static const char *const NAMES[] = {"makgeolli", "막걸리",    "Icheon rice", "이천 쌀",
                                    "NERD12",    "전통 누룩", "takju"};

typedef struct Fixture {
    Arena arena;
    Names *names;
    NamesPart part;
    NamesParts parts;
} Fixture;

static int make_names(void **state)
{
    static Fixture f;

    arena_init(&f.arena);
    f.names = names_create();
    for (size_t i = 0; i < COUNT(NAMES); i++)
        names_add(f.names, (uint32_t)i, analyse(&f.arena, str_from(NAMES[i])));
    names_seal(f.names);
    f.part = (NamesPart){.names = f.names};
    f.parts = (NamesParts){&f.part, 1};
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
    size_t count = names_find(f->parts, &f->arena, analyse(&f->arena, str_from(question)), &matches);

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
    Str found = names_correct(f->parts, &f->arena, &words.items[0]);

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

static void the_dead_are_called_nothing(void **state)
{
    Fixture *f = *state;
    uint64_t dead[] = {1U << 3 | 1U << 6};

    f->part.dead = dead;
    check_found(f, "이천쌀로 빚은 술", (uint32_t[]){0}, 0);
    check_found(f, "이천 쌀과 막걸리", (uint32_t[]){1}, 1);
    check_correction(f, "takjju", NULL);
    f->part.dead = NULL;
    check_correction(f, "takjju", "takju");
}

static void several_are_searched_as_one(void **state)
{
    static const uint32_t became[] = {INDEX_GONE, INDEX_GONE, INDEX_GONE, 0, INDEX_GONE, INDEX_GONE, 1};
    Fixture *f = *state;
    Names *merged = names_create();
    NamesPart parts[] = {{f->names, NULL, 0}, {NULL, NULL, 10}};
    NamesParts both = {parts, 2};
    NameMatch *matches = NULL;

    names_merge(merged, f->names, became);
    names_seal(merged);
    parts[1].names = merged;
    assert_int_equal(names_find(both, &f->arena, analyse(&f->arena, STR("이천 쌀")), &matches), 1);
    assert_int_equal(matches[0].entity_count, 2);
    assert_int_equal(matches[0].entities[0], 3);
    assert_int_equal(matches[0].entities[1], 10);
    names_destroy(merged);
}

#define names_test(f) cmocka_unit_test_setup_teardown(f, make_names, free_names)

int main(void)
{
    const struct CMUnitTest tests[] = {
        names_test(names_are_found_written_together_or_apart),
        names_test(a_slip_of_one_letter_is_forgiven),
        names_test(two_slips_or_short_words_are_not),
        names_test(the_dead_are_called_nothing),
        names_test(several_are_searched_as_one),
        names_test(one_edit_is_a_letter_more_less_other_or_swapped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
