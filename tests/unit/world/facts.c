#include "check.h"
#include "services/world/ingest/fact.h"

static Err read_text(Arena *arena, const char *text, Fact *out)
{
    AUTO_JSON json_t *object = NULL;

    check_ok(json_read(str_from(text), &object));
    return fact_from_json(arena, object, out);
}

static void a_fact_that_is_read_is_written_the_same(void **state)
{
    static const char *const facts[] = {
        "{\"labels\":[\"Dish\"],\"id\":\"pajeon\",\"properties\":{\"name\":\"파전\",\"n\":1.5}}",
        "{\"labels\":[\"Dish\",\"Sample\"],\"id\":\"a.b:c_d-1\",\"since\":\"2026-01-01T00:00:00Z\","
        "\"properties\":{}}",
        "{\"labels\":[\"Dish\"],\"properties\":{}}",
        "{\"type\":\"PAIRS_WITH\",\"from\":\"makgeolli\",\"to\":\"파전\",\"until\":\"2027-01-01T00:00:00Z\","
        "\"properties\":{\"a\":[1,2]}}",
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(facts); i++) {
        Buf out = {.arena = &arena};
        Fact fact;

        check_ok(read_text(&arena, facts[i], &fact));
        fact_to_json(&out, &fact);
        check_text(buf_str(&out), facts[i]);
    }
}

static void what_is_wrong_is_pointed_at_with_what_would_be_right(void **state)
{
    static const char *const wrong[][3] = {
        {"[]", "", "expected an object"},
        {"{}", "", "either label and id"},
        {"{\"label\":\"A\",\"type\":\"B\"}", "", "either label and id"},
        {"{\"label\":\"A\",\"id\":\"a\",\"propertys\":{}}", "/propertys", "did you mean properties?"},
        {"{\"label\":\"A\",\"id\":\"a\",\"from\":\"b\"}", "/from", "a node has no such member"},
        {"{\"label\":\"A\",\"id\":\"이천\"}", "/id", "expected letters"},
        {"{\"label\":\"A\",\"id\":7}", "/id", "expected text"},
        {"{\"label\":\"\",\"id\":\"a\"}", "/label", "expected text"},
        {"{\"labels\":[],\"id\":\"a\"}", "/labels", "a list of 1 to 16"},
        {"{\"label\":\"A\",\"id\":\"a\",\"properties\":[]}", "/properties", "expected an object"},
        {"{\"label\":\"A\",\"id\":\"a\",\"since\":\"yesterday\"}", "/since", "such as 2026"},
        {"{\"label\":\"A\",\"id\":\"a\",\"since\":\"2026-02-01T00:00:00Z\",\"until\":\"2026-01-01T00:00:"
         "00Z\"}",
         "/until", "after since"},
        {"{\"type\":\"T\",\"from\":\"a\"}", "/to", "expected text"},
        {"{\"type\":\"T\",\"from\":\"a\",\"to\":\"b\",\"id\":\"c\"}", "/id",
         "a relationship has no such member"},
    };
    AUTO_ARENA Arena arena = {0};
    Fact fact;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Err e = read_text(&arena, wrong[i][0], &fact);

        check_err(e, INVALID, wrong[i][2]);
        assert_string_equal(e.pointer, wrong[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fact_that_is_read_is_written_the_same),
        cmocka_unit_test(what_is_wrong_is_pointed_at_with_what_would_be_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
