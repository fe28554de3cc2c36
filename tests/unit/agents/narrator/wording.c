/* Phrases that aren't heard twice, and names as they stand inside a sentence. */
#include "facts_for_tests.h"

static const Str NONE = {NULL, 0};

static void a_phrase_is_not_heard_twice_while_there_is_another(void **state)
{
    Scene scene;
    Str heard[64];
    Str phrase;
    size_t count = 0;

    scene_open(&scene, *state, ENGLISH, "");
    while ((phrase = wording_new(&scene.telling, NULL, "abstain", NONE, NULL, 0)).len > 0) {
        heard[count++] = phrase;
        scene.telling.said = (Texts){heard, count};
    }
    assert_true(count >= 6);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(str_equal(heard[i], heard[k]));
    assert_true(wording(&scene.telling, NULL, "abstain", NONE, NULL, 0).len >
                0); /* rather again than nothing */
    arena_finish(&scene.arena);
}

typedef struct NameRow {
    Tongue tongue;
    const char *label;
    const char *name;
    const char *korean;
    const char *spoken;
    const char *introduced;
} NameRow;

static const NameRow NAMES[] = {
    {ENGLISH, "Drink", "Makgeolli", "막걸리", "makgeolli", "막걸리 (makgeolli)"},
    {ENGLISH, "Drink", "Yakju (Cheongju)", "약주(청주)", "yakju", "약주 (yakju)"},
    {ENGLISH, "Ingredient", "Icheon Rice", "이천 쌀", "Icheon rice", "이천 쌀 (Icheon rice)"},
    {ENGLISH, "Vessel", "Gosori, the Still of Jeju", "고소리", "gosori", "고소리 (gosori)"},
    {ENGLISH, "Lore", "The First Batch", "첫 술", "“The First Batch”", "“The First Batch”"},
    {ENGLISH, "Product", "NERD8 Fresh (sample)", "NERD8 프레시 (예시)", "NERD8 Fresh (sample)",
     "NERD8 Fresh (sample)"},
    {KOREAN, "Drink", "약주(청주)", "약주(청주)", "약주", "약주"},
    {KOREAN, "Lore", "첫 술", "첫 술", "‘첫 술’", "‘첫 술’"},
};

static void names_stand_in_a_sentence_as_words_do(void **state)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const NameRow *row = &NAMES[i];
        Scene scene;
        scene_open(&scene, *state, row->tongue, "");
        assert_string_equal(
            str_c(&scene.arena, name_spoken(&scene.telling, str_from(row->label), str_from(row->name))),
            row->spoken);
        assert_string_equal(str_c(&scene.arena, name_introduced(&scene.telling, NULL, str_from(row->label),
                                                                str_from(row->name), str_from(row->korean))),
                            row->introduced);
        arena_finish(&scene.arena);
    }
}

static void a_korean_word_is_introduced_once(void **state)
{
    static const Str SAID[] = {TEXT("Have you ever tasted 막걸리 (makgeolli)?")};
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "");
    scene.telling.said = (Texts){SAID, 1};
    Str name = name_introduced(&scene.telling, NULL, STR("Drink"), STR("Makgeolli"), STR("막걸리"));
    assert_string_equal(str_c(&scene.arena, name), "makgeolli");
    arena_finish(&scene.arena);
}

/* Otherwise the guard would silence her own words. */
static void no_phrase_of_content_is_one_that_must_not_go_out(void **state)
{
    static const char *const GROUPS[] = {"greeting",       "thanks",  "farewell", "lead_in",
                                         "again",          "sample",  "question", "question_taste",
                                         "question_alone", "abstain", "suggest",  "recommend",
                                         "second_choice",  "listing", "reminder"};
    static const char *const MAPS[][2] = {{"remarks", "insult"},
                                          {"remarks", "wellbeing"},
                                          {"remarks", "opinion"},
                                          {"remarks", "refusal"},
                                          {"remarks", "reaction"},
                                          {"remarks", "why_pick"},
                                          {"remarks", "no_such_story"},
                                          {"remarks", "truth"},
                                          {"remarks", "sober"},
                                          {"remarks", "house"},
                                          {"story_opening", "fireside"},
                                          {"story_opening", "record"},
                                          {"story_opening", "grandmother"},
                                          {"story_close", "fireside"},
                                          {"story_close", "record"},
                                          {"story_close", "grandmother"},
                                          {"questions", "Drink"},
                                          {"questions", "Dish"},
                                          {"questions", "Lore"},
                                          {"questions", "Vessel"},
                                          {"crafts", "music"},
                                          {"crafts", "code"},
                                          {"images", "makgeolli"}};
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS + sizeof MAPS / sizeof *MAPS; i++) {
            size_t groups = sizeof GROUPS / sizeof *GROUPS;
            bool plain = i < groups;
            Texts all = voice_phrases(*state, &arena, t, plain ? GROUPS[i] : MAPS[i - groups][0],
                                      plain ? NONE : str_from(MAPS[i - groups][1]));
            assert_true(all.count > 0);
            for (size_t k = 0; k < all.count; k++)
                if (voice_forbids(*state, &arena, all.items[k]))
                    fail_msg("\"%.*s\" must not go out", STR_ARG(all.items[k]));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phrase_is_not_heard_twice_while_there_is_another),
        cmocka_unit_test(names_stand_in_a_sentence_as_words_do),
        cmocka_unit_test(a_korean_word_is_introduced_once),
        cmocka_unit_test(no_phrase_of_content_is_one_that_must_not_go_out),
    };

    return cmocka_run_group_tests(tests, open_words, close_words);
}
