#include "check.h"
#include "services/world/content.h"

#include "tiny_world.h"

static Schema *schema;

static int read_the_schema(void **state)
{
    (void)state;
    check_ok(schema_read(STR(TINY_SCHEMA), &schema));
    return 0;
}

static int drop_the_schema(void **state)
{
    (void)state;
    schema_destroy(schema);
    return 0;
}

static void files_become_nodes_and_relationships(void **state)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_JSON json_t *properties = NULL;
    Content content;

    (void)state;
    arena_init(&arena);
    content_read(&arena, schema, TINY_WORLD, &content);
    assert_int_equal(content.problem_count, 0);
    assert_int_equal(content.batch.node_count, 4);
    assert_int_equal(content.batch.relationship_count, 1);
    check_text(content.batch.relationships[0].from, "bottle");
    check_text(content.batch.relationships[0].to, "icheon-rice");
    check_ok(json_read(content.batch.nodes[1].properties, &properties));
    assert_string_equal(json_string_value(json_object_get(properties, "name")), "Icheon Rice");
    assert_string_equal(json_string_value(json_object_get(properties, "name_ko")), "이천 쌀");
    assert_string_equal(json_string_value(json_object_get(properties, "text_ko")),
                        "이천 들판에서 자란 벼입니다.");
    assert_int_equal(json_array_size(json_object_get(properties, "aliases")), 2);
    assert_true(json_is_true(json_object_get(properties, "sample")));
}

/* One file that is wrong, and what must be said about it, where. */
static void check_problem(const char *path, const char *text, size_t line, const char *said)
{
    AUTO_ARENA Arena arena = {0};
    Asset file = {.path = path, .bytes = str_from(text)};
    Content content;

    arena_init(&arena);
    content_read(&arena, schema, (AssetTable){&file, 1}, &content);
    for (size_t i = 0; i < content.problem_count; i++)
        if (content.problems[i].line == line &&
            str_find(content.problems[i].message, str_from(said), 0) != SIZE_MAX)
            return;
    print_error("%s: expected on line %zu: %s\n", path, line, said);
    for (size_t i = 0; i < content.problem_count; i++)
        print_error("  found on line %zu: %.*s\n", content.problems[i].line,
                    STR_ARG(content.problems[i].message));
    fail();
}

#define PAGE(more) TINY_PAGE("wheat", "Ingredient", "Wheat", "밀", "Crushed.", "빻습니다.", more)

static void each_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    check_problem("a.md", "no front matter", 1, "expected ---");
    check_problem("a.md", "---\nid: a\n", 1, "doesn't end");
    check_problem("a.md", "---\nid: [\n---\n", 1, "line");
    check_problem("ingredient/rye.md", PAGE(""), 2, "wheat isn't the name of the file, rye");
    check_problem("product/wheat.md", PAGE(""), 3,
                  "the first is Ingredient, but the file is in the folder product");
    check_problem("ingredient/wheat.md", PAGE("colour: red\n"), 6, "colour: unknown");
    check_problem("ingredient/wheat.md", PAGE("aliases: {en: [7]}\n"), 6, "put it in quotes");
    check_problem("ingredient/wheat.md", PAGE("relationships: [{type: HAS_INGREDIENT, to: nobody}]\n"), 6,
                  "leads to nobody");
    check_problem("ingredient/wheat.md", PAGE("relationships: [{type: EATS, to: wheat}]\n"), 6,
                  "EATS is no relationship of this world");
    check_problem("ingredient/wheat.md", PAGE("relationships: [{type: HAS_INGREDIENT, to: wheat}]\n"), 6,
                  "from Ingredient to Ingredient there may be: nothing");
    check_problem("ingredient/wheat.md", PAGE("properties: {name: x}\n"), 6, "choose another name");
    check_problem("ingredient/wheat.md", PAGE("properties: {year: long ago}\n"), 6,
                  "properties.year: expected a whole number");
    check_problem("ingredient/wheat.md",
                  PAGE("relationships: [{type: HAS_INGREDIENT, to: wheat, properties: {share: 2}}]\n"), 6,
                  "number 1: share: 2 is outside 0..1");
}

static void all_problems_of_all_files_are_told_at_once(void **state)
{
    static const Asset files[] = {
        {.path = "ingredient/a.md", .bytes = STR("---\nid: a\nlabels: [Cat]\n---\n")},
        {.path = "ingredient/b.md", .bytes = STR("nothing")},
    };
    AUTO_ARENA Arena arena = {0};
    Content content;

    (void)state;
    arena_init(&arena);
    content_read(&arena, schema, (AssetTable){files, 2}, &content);
    assert_true(content.problem_count >= 7);
    check_text(content.problems[content.problem_count - 1].path, "ingredient/b.md");
}

static void an_id_belongs_to_one_file(void **state)
{
    static const Asset files[] = {
        {.path = "ingredient/wheat.md", .bytes = STR(TINY_OTHER)},
        {.path = "ingredient/more/wheat.md", .bytes = STR(TINY_OTHER)},
    };
    AUTO_ARENA Arena arena = {0};
    Content content;

    (void)state;
    arena_init(&arena);
    content_read(&arena, schema, (AssetTable){files, 2}, &content);
    assert_int_equal(content.problem_count, 1);
    check_text(content.problems[0].message, "id: wheat is the id of another file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_become_nodes_and_relationships),
        cmocka_unit_test(each_mistake_is_named_with_its_line),
        cmocka_unit_test(all_problems_of_all_files_are_told_at_once),
        cmocka_unit_test(an_id_belongs_to_one_file),
    };

    return cmocka_run_group_tests(tests, read_the_schema, drop_the_schema);
}
