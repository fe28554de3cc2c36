/* Which sentences of a text can be told: alone, with the one before, or not at all. */
#include "facts_for_tests.h"

static const Fact KITE = {
    .id = TEXT("kite"),
    .label = TEXT("Drink"),
    .name = TEXT("Kite"),
    .summary = TEXT("A brew of the coast."),
    .text = TEXT("Kite is a brew of the coast. It was first made in 1850. Fishermen carried the jar.\n\nIts "
                 "name means "
                 "the bird. Both words are old. It cures every cold. The jar is blue."),
};

static const Passages *read(Scene *scene, const Fact *fact)
{
    Passages *passages = arena_new(&scene->arena, Passages);

    passages_read(&scene->telling, fact, passages);
    return passages;
}

static void a_pronoun_leans_on_the_sentence_before_but_not_at_the_start_of_a_paragraph(void **state)
{
    static const bool LEANS[] = {false, true, false, false, true, true, false};
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "what is kite?");
    const Passages *all = read(&scene, &KITE);
    assert_int_equal(all->count, sizeof LEANS / sizeof *LEANS);
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].leans != LEANS[i])
            fail_msg("\"%.*s\" %s", STR_ARG(all->items[i].text), LEANS[i] ? "should lean" : "leans");
    arena_finish(&scene.arena);
}

static void a_run_goes_back_to_where_it_stands_alone_and_stays_in_its_paragraph(void **state)
{
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "when was it first made?");
    const Passages *all = read(&scene, &KITE);
    Run run = passages_run(all, 1, 4, SIZE_MAX);
    assert_int_equal(run.first, 0);
    assert_int_equal(run.count, 3);
    assert_int_equal(passages_run(all, 5, 4, SIZE_MAX).count, 0); /* what the guards forbid */
    arena_finish(&scene.arena);
}

static void a_sentence_may_lean_on_one_that_was_heard(void **state)
{
    static const Str SAID[] = {TEXT("Kite is a brew of the coast.")};
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "tell me more");
    scene.telling.said = (Texts){SAID, 1};
    const Passages *all = read(&scene, &KITE);
    assert_true(all->items[0].said);
    assert_int_equal(passages_next(all, 0), 1);
    arena_finish(&scene.arena);
}

static void a_text_tells_what_is_asked(void **state)
{
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "when was it made?");
    const Passages *all = read(&scene, &KITE);
    assert_true((all->items[1].tells & scene.telling.asks) != 0);
    assert_true((all->items[2].tells & scene.telling.asks) == 0);
    arena_finish(&scene.arena);
}

static void check_same(const Passages *one, const Passages *other)
{
    assert_int_equal(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        const Passage *a = &one->items[i], *b = &other->items[i];
        assert_true(str_equal(a->text, b->text));
        assert_int_equal(a->paragraph, b->paragraph);
        assert_int_equal(a->leans, b->leans);
        assert_int_equal(a->said, b->said);
        assert_int_equal(a->forbidden, b->forbidden);
        assert_int_equal(a->tells, b->tells);
        assert_int_equal(a->hash_count, b->hash_count);
        assert_memory_equal(a->hashes, b->hashes, a->hash_count * sizeof *a->hashes);
    }
}

/* Made once, and then read at another place by who asks something else. */
static void notes_that_were_made_before_change_no_passage(void **state)
{
    static const Str SAID[] = {TEXT("The jar is blue.")};
    Fact kite = KITE;
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "when was it made?");
    scene.telling.said = (Texts){SAID, 1};
    const Notes made = notes_read(*state, &scene.arena, ENGLISH, KITE.text);
    kite.text = str_copy(&scene.arena, KITE.text);
    const Notes copy = notes_copy(&scene.arena, &made, kite.text);
    kite.notes = &copy;
    check_same(read(&scene, &kite), read(&scene, &KITE));
    assert_ptr_equal(read(&scene, &kite)->items[0].text.data, kite.text.data);
    arena_finish(&scene.arena);
}

static void notes_of_another_text_are_not_read(void **state)
{
    Fact kite = KITE;
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "what is kite?");
    const Notes notes = notes_read(*state, &scene.arena, ENGLISH, KITE.text);
    kite.notes = &notes;
    kite.text = STR("The jar is red.");
    check_text(read(&scene, &kite)->items[0].text, "The jar is red.");
    assert_int_equal(read(&scene, &kite)->count, 1);
    arena_finish(&scene.arena);
}

static void a_summary_becomes_a_sentence(void **state)
{
    static const Fact JEON = {
        .label = TEXT("Dish"), .name = TEXT("전"), .summary = TEXT("번철에 지진 음식.")};
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "");
    assert_string_equal(str_c(&scene.arena, passages_summary(&scene.telling, &KITE)),
                        "Kite is a brew of the coast.");
    arena_finish(&scene.arena);
    scene_open(&scene, *state, KOREAN, "");
    assert_string_equal(str_c(&scene.arena, passages_summary(&scene.telling, &JEON)),
                        "전은 번철에 지진 음식입니다.");
    arena_finish(&scene.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pronoun_leans_on_the_sentence_before_but_not_at_the_start_of_a_paragraph),
        cmocka_unit_test(a_run_goes_back_to_where_it_stands_alone_and_stays_in_its_paragraph),
        cmocka_unit_test(a_sentence_may_lean_on_one_that_was_heard),
        cmocka_unit_test(a_text_tells_what_is_asked),
        cmocka_unit_test(notes_that_were_made_before_change_no_passage),
        cmocka_unit_test(notes_of_another_text_are_not_read),
        cmocka_unit_test(a_summary_becomes_a_sentence),
    };

    return cmocka_run_group_tests(tests, open_words, close_words);
}
