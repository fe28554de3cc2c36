#include "check.h"
#include "services/world/schema.h"

static const char YAML[] = "properties: {name: text, aliases: list, sample: boolean}\n"
                           "labels:\n"
                           "  Product:\n"
                           "    properties:\n"
                           "      name: {type: text, required: true}\n"
                           "      abv: {type: number, min: 0, max: 100}\n"
                           "      stages: {type: integer, min: 1}\n"
                           "      weight: {type: number, max: 9}\n"
                           "      origin: text\n"
                           "      notes: map\n"
                           "  User: {catalogue: false}\n"
                           "relationships:\n"
                           "  LIKES:\n"
                           "    joins: [{from: [User], to: [Product]}]\n"
                           "    properties: {score: {type: number, min: -1, max: 1}}\n";

static Schema *schema;

static int read_the_schema(void **state)
{
    (void)state;
    check_ok(schema_read(str_from(YAML), &schema));
    return 0;
}

static int drop_the_schema(void **state)
{
    (void)state;
    schema_destroy(schema);
    return 0;
}

static Err check_part(const char *json)
{
    AUTO_JSON json_t *properties = NULL;

    check_ok(json_read(str_from(json), &properties));
    return schema_check_properties(schema, STR("Product"), properties, SCHEMA_PART);
}

static void what_fits_the_table_is_allowed(void **state)
{
    (void)state;
    check_ok(check_part("{\"abv\": 12, \"stages\": 2, \"origin\": \"Icheon\", \"origin_ko\": \"이천\"}"));
    check_ok(check_part("{\"abv\": 0, \"notes\": {\"a\": 1}, \"sample\": false, \"aliases\": []}"));
}

static void what_no_table_names_may_hold_anything(void **state)
{
    (void)state;
    check_ok(check_part("{\"colour\": [1, {}], \"abv_typical\": \"6 to 8\", \"abv_k\": \"x\"}"));
}

static void nothing_is_not_a_wrong_value(void **state)
{
    (void)state;
    check_ok(check_part("{\"abv\": null}"));
}

static void what_does_not_fit_is_named_with_what_would_be_right(void **state)
{
    static const char *const wrong[][3] = {
        {"{\"abv\": 120}", "abv: 120 is outside 0..100", "/abv"},
        {"{\"abv\": -0.5}", "abv: -0.5 is outside 0..100", "/abv"},
        {"{\"stages\": 0}", "stages: 0 is under 1", "/stages"},
        {"{\"weight\": 9.5}", "weight: 9.5 is over 9", "/weight"},
        {"{\"abv\": \"12\"}", "abv: expected a number, such as 12.5", "/abv"},
        {"{\"stages\": 2.5}", "stages: expected a whole number", "/stages"},
        {"{\"origin\": 7}", "origin: expected text", "/origin"},
        {"{\"origin_ko\": 7}", "origin_ko: expected text", "/origin_ko"},
        {"{\"notes\": []}", "notes: expected a map", "/notes"},
        {"{\"sample\": 1}", "sample: expected true or false", "/sample"},
        {"{\"aliases\": \"one\"}", "aliases: expected a list of texts", "/aliases"},
        {"{\"aliases\": [1]}", "aliases: expected a list of texts", "/aliases"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Err e = check_part(wrong[i][0]);

        check_err(e, INVALID, wrong[i][1]);
        assert_string_equal(e.pointer, wrong[i][2]);
    }
}

static void only_a_whole_entity_needs_what_is_required(void **state)
{
    AUTO_JSON json_t *nameless = json_pack("{s: f, s: n}", "abv", 12.0, "name");

    (void)state;
    check_ok(schema_check_properties(schema, STR("Product"), nameless, SCHEMA_PART));
    check_err(schema_check_properties(schema, STR("Product"), nameless, SCHEMA_WHOLE), INVALID,
              "name: missing; Product needs it, text");
    check_ok(schema_check_properties(schema, STR("User"), nameless, SCHEMA_WHOLE));
}

static void relationships_have_properties_too(void **state)
{
    AUTO_JSON json_t *dislike = json_pack("{s: f}", "score", -1.0);
    AUTO_JSON json_t *hate = json_pack("{s: f}", "score", -1.5);

    (void)state;
    check_ok(schema_check_relationship_properties(schema, STR("LIKES"), dislike));
    check_ok(schema_check_relationship_properties(schema, STR("LIKES"), NULL));
    check_err(schema_check_relationship_properties(schema, STR("LIKES"), hate), INVALID,
              "score: -1.5 is outside -1..1");
}

static void what_the_schema_does_not_know_is_not_checked(void **state)
{
    AUTO_JSON json_t *odd = json_pack("{s: s}", "abv", "strong");
    Schema *open;

    (void)state;
    check_ok(schema_check_properties(schema, STR("Person"), odd, SCHEMA_WHOLE));
    check_ok(schema_check_relationship_properties(schema, STR("KNOWS"), odd));
    check_ok(schema_read(str_from(YAML), &open));
    schema_open(open);
    check_ok(schema_check_properties(open, STR("Product"), odd, SCHEMA_WHOLE));
    schema_destroy(open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_the_table_is_allowed),
        cmocka_unit_test(what_no_table_names_may_hold_anything),
        cmocka_unit_test(nothing_is_not_a_wrong_value),
        cmocka_unit_test(what_does_not_fit_is_named_with_what_would_be_right),
        cmocka_unit_test(only_a_whole_entity_needs_what_is_required),
        cmocka_unit_test(relationships_have_properties_too),
        cmocka_unit_test(what_the_schema_does_not_know_is_not_checked),
    };

    return cmocka_run_group_tests(tests, read_the_schema, drop_the_schema);
}
