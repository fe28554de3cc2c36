#include "check.h"
#include "services/world/schema.h"

static const char GOOD[] = "labels:\n"
                           "  Product: {words: {en: [bottle]}}\n"
                           "  Drink: {}\n"
                           "  User: {catalogue: false}\n"
                           "relationships:\n"
                           "  IS_A: {joins: [{from: [Product], to: [Drink]}], once: true, step: 0.3}\n"
                           "  NEAR: {joins: [{from: [Product, Drink], to: [Drink]}]}\n"
                           "  LIKES: {joins: [{from: [User], to: [Product]}], learned: true}\n";

static void what_the_schema_joins_is_allowed(void **state)
{
    Schema *schema;

    (void)state;
    check_ok(schema_read(str_from(GOOD), &schema));
    check_ok(schema_check(schema, STR("Product"), STR("IS_A"), STR("Drink")));
    check_ok(schema_check_learned(schema, STR("LIKES"), STR("Product")));
    assert_true(schema_relationship(schema, STR("IS_A"))->once);
    assert_false(schema_label(schema, STR("User"))->in_catalogue);
    assert_int_equal(schema_told_types(schema).count, 2);
    schema_destroy(schema);
}

static void anything_else_is_refused_with_what_would_be_allowed(void **state)
{
    Schema *schema;

    (void)state;
    check_ok(schema_read(str_from(GOOD), &schema));
    check_err(schema_check(schema, STR("Product"), STR("EATS"), STR("Drink")), INVALID, "IS_A, NEAR");
    check_err(schema_check(schema, STR("Drink"), STR("IS_A"), STR("Drink")), INVALID, "there may be: NEAR");
    check_err(schema_check_learned(schema, STR("IS_A"), STR("Product")), UNPROCESSABLE,
              "there may be: LIKES");
    check_err(schema_check_learned(schema, STR("LIKES"), STR("Drink")), UNPROCESSABLE,
              "there may be: nothing");
    schema_destroy(schema);
}

static void what_users_do_and_what_is_private_is_not_told(void **state)
{
    static const char yaml[] =
        "labels: {Order: {}, Product: {}, User: {}}\n"
        "relationships:\n"
        "  BOUGHT: {joins: [{from: [User], to: [Order]}], learned: true}\n"
        "  CONTAINS: {joins: [{from: [Order], to: [Product]}], private: true}\n"
        "  WATCHED: {joins: [{from: [User], to: [Product]}], learned: true, private: false}\n";
    Schema *schema;

    (void)state;
    check_ok(schema_read(str_from(yaml), &schema));
    assert_int_equal(schema_told_types(schema).count, 1);
    check_text(schema_told_types(schema).items[0], "WATCHED");
    schema_destroy(schema);
}

static void an_open_schema_allows_what_it_does_not_know(void **state)
{
    Schema *schema;

    (void)state;
    check_ok(schema_read(str_from(GOOD), &schema));
    assert_false(schema_shows(schema, STR("Person")));
    schema_open(schema);
    check_ok(schema_check(schema, STR("Person"), STR("KNOWS"), STR("Person")));
    check_ok(schema_check_learned(schema, STR("LIKES"), STR("Drink")));
    check_err(schema_check_learned(schema, STR("KNOWS"), STR("Person")), UNPROCESSABLE, "KNOWS");
    assert_true(schema_shows(schema, STR("Person")));
    assert_false(schema_shows(schema, STR("User")));
    schema_destroy(schema);
}

static void a_wrong_schema_says_what_is_wrong(void **state)
{
    static const char *const wrong[][2] = {
        {"[]", "labels: expected a map"},
        {"labels: {}", "labels: expected a map"},
        {"labels: {A: {catalogue: 7}}", "labels.A"},
        {"labels: {A: {}}", "relationships: expected a map"},
        {"labels: {A: {}}\nrelationships: {R: {}}", "expected joins"},
        {"labels: {A: {}}\nrelationships: {R: {joins: [{from: [B], to: [A]}]}}",
         "B is not one of the labels"},
        {"labels: {A: {}}\nrelationships: {R: {joins: [{from: [A]}]}}", "needs from and to"},
        {"labels: {A: {}}\nrelationships: {R: {joins: [{from: [A], to: [A]}], step: 2}}", "from 0 to 1"},
        {"labels: {A: {}}\nrelationships: {R: {joins: [{from: [A], to: [A]}], private: 1}}",
         "relationships.R.private: expected true or false"},
        {"labels: {A: {properties: {p: float}}}", "labels.A.properties.p: expected text, number"},
        {"labels: {A: {}}\nrelationships: {R: {joins: [{from: [A], to: [A]}], properties: [p]}}",
         "relationships.R.properties: expected a map"},
        {"properties: {p: float}\nlabels: {A: {}}", "every label.properties.p"},
    };
    Schema *schema;

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        check_err(schema_read(str_from(wrong[i][0]), &schema), INVALID, wrong[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_schema_joins_is_allowed),
        cmocka_unit_test(anything_else_is_refused_with_what_would_be_allowed),
        cmocka_unit_test(what_users_do_and_what_is_private_is_not_told),
        cmocka_unit_test(an_open_schema_allows_what_it_does_not_know),
        cmocka_unit_test(a_wrong_schema_says_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
