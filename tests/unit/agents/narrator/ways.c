/* The ways of telling besides the usual one: side by side, as a story, in short, recommended, seen from a craft. */
#include "facts_for_tests.h"

static const Property STRONG_PROPERTIES[] = {{TEXT("abv"), TEXT("40")},
                                             {TEXT("taste"), TEXT("dry and strong")}};
static const Property MILD_PROPERTIES[] = {{TEXT("abv"), TEXT("8")}};
static const Relation STRONG_RELATIONS[] = {
    {TEXT("HAS_INGREDIENT>"), TEXT("rice"), TEXT("Ingredient"), TEXT("Hill Rice"), false, TEXT("언덕 쌀")},
    {TEXT("FEATURES_IN_LORE>"), TEXT("tale"), TEXT("Lore"), TEXT("The Crane"), false, TEXT("두루미")},
    {TEXT("PAIRS_WITH>"), TEXT("pancake"), TEXT("Dish"), TEXT("Pancake"), false, TEXT("전")},
};
static const Relation MILD_RELATIONS[] = {
    {TEXT("HAS_INGREDIENT>"), TEXT("rice"), TEXT("Ingredient"), TEXT("Hill Rice"), false, TEXT("언덕 쌀")},
    {TEXT("HAS_INGREDIENT>"), TEXT("pear"), TEXT("Ingredient"), TEXT("Pear"), false, TEXT("배")},
};
static const Fact STRONG = {
    .id = TEXT("strong"),
    .label = TEXT("Product"),
    .name = TEXT("Fire"),
    .summary = TEXT("A spirit of the hills."),
    .text = TEXT("Fire is distilled in the hills. Where Mist is cloudy, Fire is clear."),
    .properties = STRONG_PROPERTIES,
    .property_count = 2,
    .relations = STRONG_RELATIONS,
    .relation_count = 3,
};
static const Fact MILD = {
    .id = TEXT("mild"),
    .label = TEXT("Product"),
    .name = TEXT("Mist"),
    .summary = TEXT("A cloudy brew of the valley."),
    .text = TEXT("Mist is brewed in the valley."),
    .properties = MILD_PROPERTIES,
    .property_count = 1,
    .relations = MILD_RELATIONS,
    .relation_count = 2,
};
static const Fact TALE = {
    .id = TEXT("tale"),
    .label = TEXT("Lore"),
    .name = TEXT("두루미"),
    .summary = TEXT("두루미가 독을 지킨 이야기."),
    .text = TEXT("두루미 한 마리가 독 곁에 앉았습니다. 눈이 왔습니다. 아침에 독이 익었습니다.\n\n"
                 "사람들은 그 술을 두루미라고 불렀습니다. 두루미는 해마다 돌아왔습니다.\n\n지금도 그 독은 "
                 "남아 있습니다."),
};

static void the_stronger_is_named_first_with_both_values(void **state)
{
    const Plan plan = {.move = MOVE_COMPARE, .facts = {&MILD, &STRONG}, .fact_count = 2};
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "which one is stronger?");
    const char *text = scene_tell(&scene, &plan);
    assert_non_null(strstr(text, "Fire is the stronger of the two: 40% against 8% for Mist."));
    assert_int_equal(scene.narration.choices.count, 2);
    arena_finish(&scene.arena);
}

static void a_comparison_says_what_is_shared_what_is_not_and_what_one_text_says_of_the_other(void **state)
{
    const Plan plan = {.move = MOVE_COMPARE, .facts = {&STRONG, &MILD}, .fact_count = 2};
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "what is the difference?");
    const char *text = scene_tell(&scene, &plan);
    assert_non_null(strstr(text, "Where Mist is cloudy, Fire is clear."));
    assert_non_null(strstr(text, "Fire and Mist share Hill rice."));
    assert_non_null(strstr(text, "Only Mist takes pear."));
    arena_finish(&scene.arena);
}

static size_t paragraphs(const char *text)
{
    size_t count = 1;

    for (; (text = strstr(text, "\n\n")) != NULL; text += 2)
        count++;
    return count;
}

static void a_story_is_as_long_as_it_was_asked_for(void **state)
{
    static const struct {
        Length length;
        bool has_middle, has_end;
    } ROWS[] = {{SHORT, false, false}, {USUAL, true, true}, {LONG, true, true}};

    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const Plan plan = {.move = MOVE_STORY, .facts = {&TALE}, .fact_count = 1, .length = ROWS[i].length};
        Scene scene;
        scene_open(&scene, *state, KOREAN, "두루미 이야기");
        const char *text = scene_tell(&scene, &plan);
        assert_non_null(strstr(text, "독 곁에 앉았"));
        assert_int_equal(strstr(text, "돌아왔") != NULL, ROWS[i].has_middle);
        assert_int_equal(strstr(text, "남아 있") != NULL, ROWS[i].has_end);
        assert_true(paragraphs(text) <= 4);
        arena_finish(&scene.arena);
    }
}

static void a_voice_that_was_asked_for_ends_sentences_in_its_own_way_and_they_count_as_said(void **state)
{
    const Plan plan = {.move = MOVE_STORY, .facts = {&TALE}, .fact_count = 1};
    Scene scene;

    scene_open(&scene, *state, KOREAN, "할머니처럼 두루미 이야기 들려주세요");
    Str told = str_from(scene_tell(&scene, &plan));
    assert_non_null(strstr(str_c(&scene.arena, told), "독 곁에 앉았답니다."));
    scene.telling.said = (Texts){&told, 1};
    assert_int_equal(sentences_left(&scene.telling, &TALE), 0);
    arena_finish(&scene.arena);
}

static void a_recommendation_says_flavour_story_and_occasion(void **state)
{
    static const Str REASON[] = {TEXT("It fits your taste: dry.")};
    const Plan plan = {
        .move = MOVE_RECOMMEND, .facts = {&STRONG, &MILD}, .fact_count = 2, .reasons = {REASON, 1}};
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "recommend something dry");
    const char *text = scene_tell(&scene, &plan);
    assert_non_null(strstr(text, "It is a spirit of the hills."));
    assert_non_null(strstr(text, "It fits your taste: dry."));
    assert_non_null(strstr(text, "dry and strong"));
    assert_non_null(strstr(text, "“The Crane”"));
    assert_non_null(strstr(text, "Pancake"));
    assert_non_null(strstr(text, "Mist"));
    arena_finish(&scene.arena);
}

static void what_was_said_before_is_said_to_have_been(void **state)
{
    static const Fact HARBOUR = {.id = TEXT("harbour"),
                                 .label = TEXT("Lore"),
                                 .name = TEXT("Harbour"),
                                 .text = TEXT("The king came in 1490.")};
    static const Str SAID[] = {TEXT("The king came in 1490.")};
    const Plan plan = {.move = MOVE_TELL, .facts = {&HARBOUR}, .fact_count = 1};
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "when did the king come?");
    scene.telling.said = (Texts){SAID, 1};
    assert_non_null(strstr(scene_tell(&scene, &plan), ": The king came in 1490."));
    arena_finish(&scene.arena);
}

static void a_craft_gets_its_picture_and_the_fact_it_rests_on(void **state)
{
    Scene scene;

    scene_open(&scene, *state, ENGLISH, "i'm a musician, is it like music?");
    const Plan plan = {.move = MOVE_IMAGE,
                       .facts = {&MILD},
                       .fact_count = 1,
                       .craft = voice_craft(*state, scene.telling.question)};
    assert_non_null(plan.craft);
    const char *text = scene_tell(&scene, &plan);
    assert_non_null(strstr(text, "ensemble"));
    assert_non_null(strstr(text, "Mist is brewed in the valley."));
    arena_finish(&scene.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stronger_is_named_first_with_both_values),
        cmocka_unit_test(a_comparison_says_what_is_shared_what_is_not_and_what_one_text_says_of_the_other),
        cmocka_unit_test(a_story_is_as_long_as_it_was_asked_for),
        cmocka_unit_test(a_voice_that_was_asked_for_ends_sentences_in_its_own_way_and_they_count_as_said),
        cmocka_unit_test(a_recommendation_says_flavour_story_and_occasion),
        cmocka_unit_test(what_was_said_before_is_said_to_have_been),
        cmocka_unit_test(a_craft_gets_its_picture_and_the_fact_it_rests_on),
    };

    return cmocka_run_group_tests(tests, open_words, close_words);
}
