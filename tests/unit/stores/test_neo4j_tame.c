#include "check.h"

#include "base/buf.h"
#include "stores/graph/cypher/cypher.h"
#include "stores/graph/neo4j/tame.h"

static bool is_tame(const char *text)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    arena_init(&arena);
    check_ok(cypher_parse(&arena, str_from(text), CYPHER_READ, &query));
    return question_is_tame(query);
}

static void what_people_ask_of_a_graph_is_tame(void **state)
{
    static const char *const tame[] = {
        "MATCH (d:Drink {id: $id})-[:MADE_OF]->(i) WHERE i.name CONTAINS 'rice' RETURN d, i ORDER BY i.name "
        "LIMIT 5",
        "MATCH (n) WITH n.region AS r, collect(n.name) AS names RETURN r, names, size(names)",
        "MATCH (n) WHERE any(a IN n.aliases WHERE a STARTS WITH 'mak') RETURN [a IN n.aliases WHERE a <> "
        "'x'] AS l",
        "MATCH (n) WHERE n.id IN ['a', 'b', 'c', 'd'] RETURN n.abv + 1, n.price * 2, {name: n.name}",
        "MATCH p = (a)-[*1..3]-(b) RETURN p",
        "MATCH (n) WHERE EXISTS { (n)-[:HAS]->(m) WHERE m.x = 1 } RETURN n",
        "RETURN [1, 2, [3, 4]], [[], [], [[]]], {a: {b: [1]}}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(tame); i++)
        assert_true(is_tame(tame[i]));
}

static void what_can_grow_without_end_is_not(void **state)
{
    static const char *const wild[] = {
        "UNWIND range(1, 10) AS x RETURN x",
        "RETURN replace('aaaa', 'a', 'bbbb')",
        "RETURN reduce(s = 'x', i IN [1, 2] | s + s)",
        "MATCH (n) RETURN [x IN n.aliases | n.aliases] AS l",
        "MATCH (n) RETURN [(n)--(m) | m.name] AS l",
        "MATCH (n) WHERE any(a IN n.l WHERE any(b IN n.l WHERE a = b)) RETURN n",
        "MATCH (n) WHERE EXISTS { MATCH (m) WHERE m.x = reduce(s = 0, i IN n.l | s + i) RETURN m } RETURN n",
        "MATCH (n {x: range(1, 5)}) RETURN n",
        "MATCH (n) RETURN n ORDER BY replace(n.name, 'a', 'b')",
        ("WITH 'x' AS s WITH s + s AS s WITH s + s AS s WITH s + s AS s WITH s + s AS s WITH s + s AS s "
         "WITH s + s AS s WITH s + s AS s WITH s + s AS s WITH s + s AS s RETURN s"),
        ("WITH 1 AS s WITH [s, s] AS s WITH [s, s] AS s WITH [s, s] AS s WITH [s, s] AS s WITH [s, s] AS s "
         "WITH [s, s] AS s WITH [s, s] AS s WITH [s, s] AS s WITH [s, s] AS s RETURN s"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(wild); i++)
        assert_false(is_tame(wild[i]));
}

static void what_is_too_much_for_a_planner_is_not(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf hops = {.arena = &arena};
    Buf clauses = {.arena = &arena};
    Buf terms = {.arena = &arena};

    (void)state;
    for (int i = 0; i < 30; i++)
        buf_put(&hops, STR("-->()"));
    for (int i = 0; i < 40; i++)
        buf_put(&clauses, STR(" WITH a"));
    for (int i = 0; i < 700; i++)
        buf_put(&terms, STR(", a.x"));
    assert_false(is_tame(str_format(&arena, "MATCH ()%.*s RETURN 1", STR_ARG(buf_str(&hops))).data));
    assert_false(is_tame(str_format(&arena, "WITH 1 AS a%.*s RETURN a", STR_ARG(buf_str(&clauses))).data));
    assert_false(is_tame(
        str_format(&arena, "MATCH (a) WHERE a.x IN [1%.*s] RETURN a", STR_ARG(buf_str(&terms))).data));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_ask_of_a_graph_is_tame),
        cmocka_unit_test(what_can_grow_without_end_is_not),
        cmocka_unit_test(what_is_too_much_for_a_planner_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
