/* What the narrator says, over facts made for the test: every line is a fact's own sentence, or a phrase of content
 * filled with names. */
#include <string.h>

#include "check.h"
#include "content.h"
#include "services/agents/narrator/narrator.h"

/* For tables: an initialiser, not a compound literal. */
#define TEXT(literal) {"" literal, sizeof(literal) - 1}

static const Property RICE_WINE_PROPERTIES[] = {{TEXT("abv"), TEXT("12")}};
static const Relation RICE_WINE_RELATIONS[] = {
    {TEXT("HAS_INGREDIENT>"), TEXT("rice"), TEXT("Ingredient"), TEXT("Hill Rice"), false},
    {TEXT("HAS_INGREDIENT>"), TEXT("starter"), TEXT("Ingredient"), TEXT("Starter"), false},
    {TEXT("PAIRS_WITH>"), TEXT("pancake"), TEXT("Dish"), TEXT("Pancake"), true},
};
static const Fact RICE_WINE = {
    .id = TEXT("rice-wine"),
    .label = TEXT("Product"),
    .name = TEXT("Rice Wine"),
    .summary = TEXT("A wine of rice."),
    .text = TEXT("Rice Wine is brewed on a hill. Its makers sing to the jar. The jar was fired in "
                 "1901.\n\nIt cures every "
                 "cold. Its label shows a crane."),
    .properties = RICE_WINE_PROPERTIES,
    .property_count = 1,
    .relations = RICE_WINE_RELATIONS,
    .relation_count = 3,
};
static const Relation HILL_RELATIONS[] = {
    {TEXT("FEATURES_IN_LORE>"), TEXT("tale"), TEXT("Lore"), TEXT("The Crane"), false},
};
static const Fact HILL_RICE = {
    .id = TEXT("rice"),
    .label = TEXT("Ingredient"),
    .name = TEXT("Hill Rice"),
    .text = TEXT("Hill Rice grows slowly. Cranes sleep in its fields."),
    .sample = true,
    .relations = HILL_RELATIONS,
    .relation_count = 1,
};

typedef struct Told {
    Arena arena;
    Telling telling;
    Narration narration;
    const char *text;
} Told;

static void begin(Told *told, const Voice *voice, const char *question)
{
    *told = (Told){0};
    arena_init(&told->arena);
    Str folded = text_fold(&told->arena, str_from(question));
    told->telling = (Telling){.voice = voice,
                              .arena = &told->arena,
                              .tongue = ENGLISH,
                              .question = folded,
                              .asks = voice_asks(voice, folded),
                              .cues = voice_cues(voice, folded)};
}

static void tell_by(Told *told, const Plan *plan)
{
    told->narration = (Narration){.arena = &told->arena};
    narrate(&told->telling, plan, &told->narration);
    told->text = str_c(&told->arena, narration_text(&told->narration, &told->arena));
}

static void tell(Told *told, const Fact *main, const Fact *beside)
{
    const Plan plan = {.move = MOVE_TELL, .facts = {main, beside}, .fact_count = beside == NULL ? 1 : 2};

    tell_by(told, &plan);
}

static bool told_about(const Told *told, const char *id)
{
    return texts_have((Texts){told->narration.cited.items, told->narration.cited.count}, str_from(id));
}

static const char *const QUESTIONS[] = {
    "what is rice wine?",    "how strong is it?",   "what is it made of?",     "what food goes with it?",
    "tell me about the jar", "who are the makers?", "does it cure every cold?"};

static void every_sentence_comes_from_a_fact_or_from_content(void **state)
{
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++) {
        Told told;
        begin(&told, *state, QUESTIONS[i]);
        tell(&told, &RICE_WINE, &HILL_RICE);
        for (size_t k = 0; k < told.narration.count; k++) {
            const Line *line = &told.narration.lines[k];
            const Fact *fact = str_equal(line->entity, RICE_WINE.id) ? &RICE_WINE : &HILL_RICE;
            bool quoted = str_find(fact->text, line->text, 0) != SIZE_MAX;
            Str name = text_fold(&told.arena, fact->name);
            bool named = str_find(text_fold(&told.arena, line->text), name, 0) != SIZE_MAX;
            if (line->entity.data != NULL && !quoted && !named)
                fail_msg("\"%.*s\" is nobody's", STR_ARG(line->text));
        }
        arena_finish(&told.arena);
    }
}

static void what_was_asked_for_is_said_first(void **state)
{
    Told told;

    begin(&told, *state, "how strong is it?");
    tell(&told, &RICE_WINE, NULL);
    assert_non_null(strstr(told.text, "12%"));
    assert_ptr_equal(strstr(told.text, "Rice Wine has 12%"), told.text);
    arena_finish(&told.arena);

    begin(&told, *state, "what is it made of?");
    tell(&told, &RICE_WINE, NULL);
    assert_ptr_equal(strstr(told.text, "Rice Wine is made with Hill rice and starter."), told.text);
    assert_true(told_about(&told, "rice") && told_about(&told, "starter"));
    arena_finish(&told.arena);
}

static void an_answer_ends_with_a_question_and_cites_what_it_used(void **state)
{
    Told told;

    begin(&told, *state, "what is rice wine?");
    tell(&told, &RICE_WINE, &HILL_RICE);
    assert_int_equal(told.text[strlen(told.text) - 1], '?');
    assert_string_equal(str_c(&told.arena, told.narration.cited.items[0]), "rice-wine");
    assert_true(told_about(&told, "rice"));
    assert_string_equal(str_c(&told.arena, told.narration.offered), "starter");
    assert_non_null(strstr(strrchr(told.text, '.'), "starter"));
    assert_ptr_equal(strstr(strstr(told.text, "\n\n") + 2, "\n\n"), NULL);
    arena_finish(&told.arena);
}

static void a_sample_is_said_to_be_one(void **state)
{
    Told told;

    begin(&told, *state, "what is hill rice?");
    tell(&told, &HILL_RICE, NULL);
    assert_non_null(strstr(told.text, "sample"));
    arena_finish(&told.arena);

    begin(&told, *state, "what food goes with it?");
    tell(&told, &RICE_WINE, NULL);
    assert_non_null(strstr(told.text, "Pancake"));
    assert_non_null(strstr(told.text, "sample"));
    arena_finish(&told.arena);
}

static void a_health_claim_in_a_fact_is_left_unsaid(void **state)
{
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++) {
        Told told;
        begin(&told, *state, QUESTIONS[i]);
        tell(&told, &RICE_WINE, &HILL_RICE);
        assert_null(strstr(told.text, "cures"));
        arena_finish(&told.arena);
    }
}

static void what_is_not_known_is_said_not_to_be(void **state)
{
    Told told;

    begin(&told, *state, "how strong is it?");
    tell(&told, &HILL_RICE, NULL);
    assert_null(strstr(told.text, "%"));
    assert_non_null(strstr(told.text, "nobody has written down"));
    arena_finish(&told.arena);
}

/* Until nothing new is left; then it says that. */
static void no_sentence_is_said_twice_while_there_is_another(void **state)
{
    Str said[4];
    Told told;

    begin(&told, *state, "tell me about rice wine");
    for (size_t turn = 0; turn < 3; turn++) {
        told.telling.turn = turn;
        told.telling.said = (Texts){said, turn};
        tell(&told, &RICE_WINE, NULL);
        for (size_t i = 0; i < told.narration.count; i++)
            for (size_t k = 0; k < turn; k++)
                assert_true(told.narration.lines[i].entity.data == NULL ||
                            str_find(said[k], told.narration.lines[i].text, 0) == SIZE_MAX);
        said[turn] = narration_text(&told.narration, &told.arena);
    }
    assert_non_null(strstr(told.text, "I have told you everything my world holds"));
    arena_finish(&told.arena);
}

static const Relation STORYTELLER_RELATIONS[] = {
    {TEXT("PAIRS_WITH>"), TEXT("pancake"), TEXT("Dish"), TEXT("Pancake"), false},
    {TEXT("KNOWS_ABOUT>"), TEXT("rice"), TEXT("Ingredient"), TEXT("Hill Rice"), false},
};
static const Fact STORYTELLER = {
    .id = TEXT("storyteller"),
    .label = TEXT("Character"),
    .name = TEXT("Storyteller"),
    .relations = STORYTELLER_RELATIONS,
    .relation_count = 2,
};

static void nothing_found_is_admitted_with_what_there_is_instead(void **state)
{
    Told told;

    begin(&told, *state, "what is a black hole?");
    const Plan plan = {.move = MOVE_NOTHING, .self = &STORYTELLER};
    tell_by(&told, &plan);
    assert_non_null(strstr(told.text, "don't know"));
    assert_non_null(strstr(told.text, "Hill rice"));
    assert_null(strstr(told.text, "Pancake")); /* content doesn't list that relationship */
    assert_true(told_about(&told, "rice"));
    arena_finish(&told.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence_comes_from_a_fact_or_from_content),
        cmocka_unit_test(what_was_asked_for_is_said_first),
        cmocka_unit_test(an_answer_ends_with_a_question_and_cites_what_it_used),
        cmocka_unit_test(a_sample_is_said_to_be_one),
        cmocka_unit_test(a_health_claim_in_a_fact_is_left_unsaid),
        cmocka_unit_test(what_is_not_known_is_said_not_to_be),
        cmocka_unit_test(no_sentence_is_said_twice_while_there_is_another),
        cmocka_unit_test(nothing_found_is_admitted_with_what_there_is_instead),
    };

    return cmocka_run_group_tests(tests, open_words, close_words);
}
