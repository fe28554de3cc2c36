#include "check.h"
#include "world_fixture.h"

#include "services/world/review/prompt.h"
#include "services/world/review/vocabulary.h"
#include "services/world/room.h"

static const char PROSE[] = "rules:\n"
                            "  en: \"READ {labels}{relationships}{example}\"\n"
                            "  ko: \"읽기 {labels}\"\n"
                            "passage:\n"
                            "  en: \"{document}/{heading}/{known}/{text}\"\n"
                            "  ko: \"{document}/{heading}/{known}/{text}\"\n"
                            "known: {en: \"{id} {label} {name_en}\", ko: \"{id} {name_ko}\"}\n"
                            "nobody: {en: nobody, ko: 없음}\n"
                            "example: '{\"a\": 1}'\n";

static AssetTable content_of(const char *text)
{
    static Asset file;

    file = (Asset){.path = "prose.yaml", .bytes = str_from(text)};
    return (AssetTable){&file, 1};
}

static PromptText fill(Town *town, const char *heading, const char *text)
{
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&town->world->shelf);
    Passage passage = {str_from(heading), str_from(text)};
    Prompt *prompt;
    PromptText filled;

    check_ok(prompt_create(content_of(PROSE), town->world->schema, &prompt));
    filled = prompt_fill(prompt, &town->arena, catalogue, STR("A note"), &passage);
    filled.rules = str_copy(&town->arena, filled.rules);
    prompt_destroy(prompt);
    return filled;
}

static void the_vocabulary_is_what_the_schema_lets_prose_tell(void **state)
{
    Town *town = *state;

    check_text(vocabulary_labels(&town->arena, town->world->schema),
               "- Product: \n- Ingredient:  Properties: year (integer)\n- Character: \n");
    check_text(vocabulary_relationships(&town->arena, town->world->schema),
               "- HAS_INGREDIENT: Product -> Ingredient\n");
}

static void labels_that_prose_may_not_tell_of_are_left_out_of_what_relationships_join(void **state)
{
    static const char yaml[] = "labels:\n"
                               "  A: {properties: {n: {type: number, min: 0, required: true}, l: list}}\n"
                               "  B: {prose: false}\n"
                               "  C: {catalogue: false, prose: true, description: Sea.}\n"
                               "relationships:\n"
                               "  R: {joins: [{from: [A, B], to: [B, C]}, {from: [B], to: [A]}]}\n"
                               "  S: {joins: [{from: [B], to: [A]}]}\n"
                               "  T: {joins: [{from: [A], to: [C]}], private: true}\n";
    AUTO_ARENA Arena arena = {0};
    Schema *schema;

    (void)state;
    check_ok(schema_read(str_from(yaml), &schema));
    check_text(vocabulary_labels(&arena, schema),
               "- A:  Properties: n (number, required, at least 0), l (list of texts)\n- C: Sea.\n");
    check_text(vocabulary_relationships(&arena, schema), "- R: A -> C\n");
    assert_false(schema_type_in_prose(schema, STR("S")));
    assert_false(schema_type_in_prose(schema, STR("T")));
    assert_false(schema_type_in_prose(schema, STR("U")));
    schema_destroy(schema);
    check_err(schema_read(STR("labels: {A: {prose: 7}}"), &schema), INVALID, "labels.A.prose");
}

static void a_passage_is_told_in_its_language_with_what_it_mentions(void **state)
{
    PromptText english = fill(*state, "Head", "Brewed of royal grain (임금님 쌀) on a wide plain.");
    PromptText korean = fill(*state, "머리", "NERD12는 이천 쌀로 빚은 술입니다.");

    assert_true(str_starts(english.rules, STR("READ - Product")));
    assert_true(str_ends(english.rules, STR("{\"a\": 1}")));
    check_text(english.passage,
               "A note/Head/icheon-rice Ingredient Icheon Rice\n/Brewed of royal grain (임금님 쌀) on a "
               "wide plain.");
    assert_true(str_starts(korean.rules, STR("읽기")));
    check_text(korean.passage, "A note/머리/icheon-rice 이천 쌀\n/NERD12는 이천 쌀로 빚은 술입니다.");
    check_text(fill(*state, "H", "{text} {labels} are only words.").passage,
               "A note/H/nobody/{text} {labels} are only words.");
}

static void a_file_that_lacks_something_is_named_with_what_it_lacks(void **state)
{
    Town *town = *state;
    Prompt *prompt;

    check_err(prompt_create(content_of("rules: {en: x}"), town->world->schema, &prompt), INVALID, "rules");
    check_err(prompt_create((AssetTable){0}, town->world->schema, &prompt), INTERNAL, "no prose.yaml");
    assert_null(prompt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        town_test(the_vocabulary_is_what_the_schema_lets_prose_tell),
        cmocka_unit_test(labels_that_prose_may_not_tell_of_are_left_out_of_what_relationships_join),
        town_test(a_passage_is_told_in_its_language_with_what_it_mentions),
        town_test(a_file_that_lacks_something_is_named_with_what_it_lacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
