#include "check.h"
#include "world_fixture.h"

#include <string.h>
#include "services/world/review/judge.h"
#include "services/world/room.h"

#define SAYS "\"passage\":\"brewed of royal grain\""

static const char TEXT[] = "The jar is brewed of royal grain, on a plain.";

/* Judges one object as it stands in an answer. */
static Err judge(Town *town, const char *text, Json *out)
{
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&town->world->shelf);
    AUTO_JSON json_t *object = NULL;
    Checker *checker = checker_create(town->world->graph, town->world->schema, catalogue, TOWN_TIME_US, 100);
    const Judge judge = {checker, town->world->schema, STR("file:jar.md"), str_from(TEXT)};
    Found found;
    Err e;

    check_ok(json_read(str_from(text), &object));
    e = judge_read(&judge, &town->arena, object, &found);
    if (!failed(&e))
        e = judge_check(&judge, &town->arena, &found, out);
    checker_destroy(checker);
    return e;
}

static void a_fact_that_the_text_states_is_written_with_ids_and_its_keys_in_order(void **state)
{
    Json text;

    check_ok(judge(*state, "{" SAYS ",\"type\":\"HAS_INGREDIENT\",\"to\":\"임금님 쌀\",\"from\":\"bottle\"}",
                   &text));
    check_text(text,
               "{\"from\":\"bottle\",\"properties\":{},\"to\":\"icheon-rice\",\"type\":\"HAS_INGREDIENT\"}");
    check_ok(judge(
        *state, "{\"label\":\"Ingredient\",\"properties\":{\"year\":1,\"name\":\"B\"},\"id\":\"b\"," SAYS "}",
        &text));
    check_text(text, "{\"id\":\"b\",\"labels\":[\"Ingredient\"],\"properties\":{\"name\":\"B\",\"year\":1}}");
}

static void anything_else_is_refused_and_pointed_at(void **state)
{
    static const char *const wrong[][3] = {
        {"7", "/passage", "expected the words"},
        {"{\"label\":\"Ingredient\",\"id\":\"b\"}", "/passage", "expected the words"},
        {"{\"label\":\"Ingredient\",\"id\":\"b\",\"passage\":\" \"}", "/passage", "expected the words"},
        {"{\"label\":\"Ingredient\",\"id\":\"b\",\"passage\":\"brewed of barley\"}", "/passage",
         "doesn't stand"},
        {"{\"label\":\"User\",\"id\":\"bob\"," SAYS "}", "/label", "isn't proposed from prose"},
        {"{\"labels\":[\"Ingredient\",\"User\"],\"id\":\"bob\"," SAYS "}", "/label",
         "isn't proposed from prose"},
        {"{\"label\":\"Ingredient\"," SAYS "}", "/id", "expected"},
        {"{\"label\":\"Ingredint\",\"id\":\"b\"," SAYS "}", "/label", "did you mean Ingredient?"},
        {"{\"label\":\"Ingredient\",\"id\":\"b\",\"properties\":{\"year\":\"old\"}," SAYS "}",
         "/properties/year", ""},
        {"{\"label\":\"Ingredient\",\"id\":\"b\",\"properties\":{\"accepted\":{}}," SAYS "}",
         "/properties/accepted", "for a person"},
        {"{\"label\":\"Ingredient\",\"id\":\"b\",\"by\":\"me\"," SAYS "}", "/by", "no such member"},
        {"{\"type\":\"INTERESTED_IN\",\"from\":\"bob\",\"to\":\"bottle\"," SAYS "}", "/type",
         "isn't proposed from prose"},
        {"{\"type\":\"MADE_OF\",\"from\":\"bottle\",\"to\":\"wheat\"," SAYS "}", "/type", "there may be"},
        {"{\"type\":\"HAS_INGREDIENT\",\"from\":\"wheat\",\"to\":\"bottle\"," SAYS "}", "/type",
         "there may be"},
    };
    Json text;

    for (size_t i = 0; i < COUNT(wrong); i++) {
        Err e = judge(*state, wrong[i][0], &text);

        check_err(e, INVALID, wrong[i][2]);
        assert_string_equal(e.pointer, wrong[i][1]);
    }
    check_err(
        judge(*state, "{\"type\":\"HAS_INGREDIENT\",\"from\":\"bottle\",\"to\":\"nobody\"," SAYS "}", &text),
        NOT_FOUND, "nobody");
}

static void what_is_too_long_to_be_checked_is_refused(void **state)
{
    Town *town = *state;
    char *name = arena_alloc(&town->arena, JUDGE_MAX_PROPERTIES + 1);
    Str fact;
    Json text;

    memset(name, 'x', JUDGE_MAX_PROPERTIES);
    name[JUDGE_MAX_PROPERTIES] = '\0';
    fact =
        str_format(&town->arena,
                   "{\"label\":\"Ingredient\",\"id\":\"b\",\"properties\":{\"name\":\"%s\"}," SAYS "}", name);
    check_err(judge(town, fact.data, &text), INVALID, "at most 4096 bytes");
    fact = str_format(&town->arena, "{\"label\":\"Ingredient\",\"id\":\"b\",\"passage\":\"%s\"}", name);
    check_err(judge(town, fact.data, &text), INVALID, "1 to 2000 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        town_test(a_fact_that_the_text_states_is_written_with_ids_and_its_keys_in_order),
        town_test(anything_else_is_refused_and_pointed_at),
        town_test(what_is_too_long_to_be_checked_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
