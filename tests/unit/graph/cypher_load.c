#include "base/buf.h"
#include "check.h"
#include "stores/graph/cypher/load.h"

static const CypherLoadOptions OPTIONS = {.now_us = 1700000000000000};

static CypherLoad load(Arena *arena, const char *text)
{
    CypherLoad loaded;

    check_ok(cypher_load(arena, str_from(text), OPTIONS, &loaded));
    return loaded;
}

static Err refusal(const char *text)
{
    AUTO_ARENA Arena arena = {0};
    CypherLoad loaded;

    arena_init(&arena);
    return cypher_load(&arena, str_from(text), OPTIONS, &loaded);
}

/* The specification's, section 1.1, in its form. */
static const char BLOCK[] = "// Nodes\n"
                            "CREATE (p:Product {\n"
                            "  id: 'nerd12-signature',\n"
                            "  name: 'NERD12 Signature',\n"
                            "  abv: 12.0,\n"
                            "  ingredients: ['Icheon Rice', 'Traditional Nuruk']\n"
                            "})\n"
                            "\n"
                            "CREATE (i:Ingredient {\n"
                            "  id: 'icheon-rice',\n"
                            "  story: 'Premium rice known for sweetness.'\n"
                            "})\n"
                            "\n"
                            "CREATE (u:User {\n"
                            "  id: 'user-uuid',\n"
                            "  created_at: datetime(),\n"
                            "  engagement_score: 0\n"
                            "})\n"
                            "\n"
                            "// Relationships\n"
                            "CREATE (p)-[:HAS_INGREDIENT]->(i)\n"
                            "CREATE (u)-[:INTERESTED_IN {score: 0.8}]->(p)\n";

static void the_specifications_block_loads_as_it_stands(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherLoad loaded;

    (void)state;
    arena_init(&arena);
    loaded = load(&arena, BLOCK);
    assert_int_equal(loaded.node_count, 3);
    check_text(loaded.nodes[0].key, "nerd12-signature");
    check_text(loaded.nodes[0].labels[0], "Product");
    check_text(loaded.nodes[0].properties,
               "{\"name\":\"NERD12 Signature\",\"abv\":12.0,\"ingredients\":[\"Icheon "
               "Rice\",\"Traditional Nuruk\"]}");
    assert_int_equal(loaded.nodes[1].line, 9);
    check_text(loaded.nodes[2].properties,
               "{\"created_at\":\"2023-11-14T22:13:20Z\",\"engagement_score\":0}");
    assert_int_equal(loaded.relationship_count, 2);
    check_text(loaded.relationships[0].type, "HAS_INGREDIENT");
    check_text(loaded.relationships[0].from, "nerd12-signature");
    check_text(loaded.relationships[0].to, "icheon-rice");
    assert_true(loaded.relationships[0].repeats);
    assert_int_equal(loaded.relationships[1].line, 22);
    check_text(loaded.relationships[1].properties, "{\"score\":0.8}");
}

static void nodes_without_a_text_as_id_get_a_key(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherLoad loaded;

    (void)state;
    arena_init(&arena);
    loaded = load(&arena, "CREATE (), ({id: 7, a: null}), (:A:B {id: ''})");
    check_text(loaded.nodes[0].key, "_:1");
    check_text(loaded.nodes[0].properties, "{}");
    check_text(loaded.nodes[1].key, "_:2");
    check_text(loaded.nodes[1].properties, "{\"id\":7}");
    check_text(loaded.nodes[2].properties, "{\"id\":\"\"}");
    assert_int_equal(loaded.nodes[2].label_count, 2);
    check_ok(cypher_load(&arena, STR("CREATE ()"), (CypherLoadOptions){.key_prefix = STR("_:f#")}, &loaded));
    check_text(loaded.nodes[0].key, "_:f#1");
}

static void paths_make_their_nodes_and_go_both_ways(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherLoad loaded;

    (void)state;
    arena_init(&arena);
    loaded = load(&arena, "CREATE (a)-[:R {n: 1}]->(b:B)<-[:S]-({x: 'y'}), (a)-[:L]->(a)");
    assert_int_equal(loaded.node_count, 3);
    assert_int_equal(loaded.relationship_count, 3);
    check_text(loaded.relationships[1].from, "_:3");
    check_text(loaded.relationships[1].to, "_:2");
    check_text(loaded.relationships[2].to, "_:1");
}

static void a_semicolon_ends_what_variables_mean(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    assert_int_equal(load(&arena, "CREATE (a) CREATE (a)-[:R]->(b)").node_count, 2);
    assert_int_equal(load(&arena, "CREATE (a); CREATE (a)-[:R]->(b);").node_count, 3);
    check_err(refusal("CREATE (a:A) CREATE (a:B)"), INVALID, "line 1, column 21: a is a node already");
}

static void unwind_makes_what_follows_many_times(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherLoad loaded;

    (void)state;
    arena_init(&arena);
    loaded =
        load(&arena, "UNWIND [1, 2] AS i UNWIND range(0, i) AS j WITH i, j CREATE (:N {i: i, j: j + 10})");
    assert_int_equal(loaded.node_count, 5);
    check_text(loaded.nodes[4].properties, "{\"i\":2,\"j\":12}");
    assert_int_equal(load(&arena, "UNWIND [] AS i CREATE (n) CREATE (n)-[:R]->()").node_count, 0);
}

static void match_finds_what_the_file_made_before(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherLoad loaded;

    (void)state;
    arena_init(&arena);
    loaded =
        load(&arena, "CREATE (:D {name: 'a', n: 1}), (:D {name: 'b', n: 2}), (:E); MATCH (d:D) CREATE "
                     "(d)-[:R]->(:F {name: d.name + '0'}); MATCH (d:D {n: 2.0}), (e:E) CREATE (d)-[:S]->(e)");
    assert_int_equal(loaded.node_count, 5);
    check_text(loaded.nodes[4].properties, "{\"name\":\"b0\"}");
    assert_int_equal(loaded.relationship_count, 3);
    check_text(loaded.relationships[2].from, "_:2");
}

static void what_makes_no_sense_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } wrong[] = {
        {"CREATE (a)-[:R]-(b)", "line 1, column 11: a new relationship has a direction"},
        {"CREATE (a)-->(b)", "has one type"},
        {"CREATE (a)-[:R|S]->(b)", "has one type"},
        {"CREATE (a)-[:R*2]->(b)", "has no length"},
        {"CREATE (a {x: y})", "y isn't defined before"},
        {"CREATE (a)-[r:R]->(b) CREATE (r)", "r isn't a node"},
        {"CREATE (a {x: {y: 1}})", "a property holds"},
        {"CREATE (a {x: [[1]]})", "a property holds"},
        {"CREATE (a {x: date('2024-01-01')})", "values are literals"},
        {"CREATE (a {x: datetime('yesterday')})", "datetime expects RFC 3339"},
        {"CREATE ({id: 'x'})\nCREATE ({id: 'x'})",
         "line 2, column 8: the id x is the one of a node on line 1"},
        {"CREATE ({id: '_:1'})", "can't begin with _:"},
        {"CREATE (a)-[:R]->(b), (a)-[:R]->(b)", "need a line each"},
        {"MATCH (a)-->(b) CREATE (a)-[:R]->(b)", "finds single nodes"},
        {"MERGE (a {id: 'x'})", "expected CREATE, UNWIND or MATCH, found MERGE"},
        {"CREATE (a) SET a.x = 1", "found SET"},
        {"CREATE (a) RETURN a", "RETURN has no meaning here"},
        {"CREATE (a", "expected a node such as"},
        {"UNWIND 1 AS x CREATE ()", "UNWIND expects a list"},
        {"UNWIND range(1, 9000000000000000000) AS x CREATE ()", "a file makes at most"},
        {"UNWIND range(1, 2000) AS x UNWIND range(1, 2000) AS y CREATE ()", "a file makes at most"},
        {"CREATE (a {x: $p})", "values are literals"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        check_err(refusal(wrong[i].text), INVALID, wrong[i].message);
}

static void many_statements_in_one_scope_take_no_long_time(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf text = {.arena = &arena};
    CypherLoad loaded;

    (void)state;
    arena_init(&arena);
    buf_put(&text, STR("CREATE (n0)\n"));
    for (int i = 1; i < 50000; i++)
        buf_format(&text, "CREATE (n%d:N {id: 'n%d'})\nCREATE (n%d)-[:R]->(n%d)\n", i, i, i - 1, i);
    check_ok(cypher_load(&arena, buf_str(&text), OPTIONS, &loaded));
    assert_int_equal(loaded.node_count, 50000);
    assert_int_equal(loaded.relationship_count, 49999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_specifications_block_loads_as_it_stands),
        cmocka_unit_test(nodes_without_a_text_as_id_get_a_key),
        cmocka_unit_test(paths_make_their_nodes_and_go_both_ways),
        cmocka_unit_test(a_semicolon_ends_what_variables_mean),
        cmocka_unit_test(unwind_makes_what_follows_many_times),
        cmocka_unit_test(match_finds_what_the_file_made_before),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_its_place),
        cmocka_unit_test(many_statements_in_one_scope_take_no_long_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
