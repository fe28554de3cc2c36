#include "check.h"
#include "stores/graph/cypher/cypher.h"

static Err parse(Arena *arena, const char *text, CypherQuery **query)
{
    return cypher_parse(arena, str_from(text), CYPHER_READ, query);
}

typedef struct Refusal {
    const char *query;
    const char *message;
} Refusal;

static void check_refusals(const Refusal *refusals, size_t count)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    arena_init(&arena);
    for (size_t i = 0; i < count; i++) {
        check_err(parse(&arena, refusals[i].query, &query), INVALID, refusals[i].message);
    }
}

static void check_accepted(const char *const *queries, size_t count)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    arena_init(&arena);
    for (size_t i = 0; i < count; i++) {
        check_ok(parse(&arena, queries[i], &query));
    }
}

static void names_are_known_in_their_scope_only(void **state)
{
    static const Refusal refusals[] = {
        {"MATCH () RETURN foo", "line 1, column 17: foo isn't defined"},
        {"MATCH (a), (b) WITH a RETURN b", "b isn't defined"},
        {"MATCH (a), (b) WITH a ORDER BY c RETURN a", "c isn't defined"},
        {"MATCH (a) RETURN DISTINCT a.name ORDER BY a.age", "a isn't defined"},
        {"MATCH (a) WITH a.x AS x, count(*) AS c WHERE a.y > 1 RETURN x", "a isn't defined"},
        {"RETURN [x IN [1] | x] + x", "x isn't defined"},
        {"RETURN [x IN [x] | 1]", "x isn't defined"},
        {"RETURN any(x IN [1] WHERE y)", "y isn't defined"},
        {"MATCH (n) WHERE (n)-->(m) RETURN n",
         "m isn't defined: a pattern in an expression has no new variables"},
        {"MATCH (n) WHERE EXISTS { (n)-->(m) } RETURN m", "m isn't defined"},
        {"MATCH (n) RETURN [(n)-->(m) | m.x] AS x, m", "m isn't defined"},
        {"MATCH () RETURN *", "no variable that *"},
        {"MATCH (a {x: b.x}), (b) RETURN a", "b has no value before this pattern is matched"},
        {"RETURN 1 AS a UNION MATCH (n) RETURN a", "a isn't defined"},
        {"MATCH (n) RETURN n LIMIT n.x", "doesn't depend on a row"},
    };
    static const char *const accepted[] = {
        "MATCH (a), (b) WITH a ORDER BY b.x RETURN a",
        "MATCH (a), (b) WITH a WHERE b.x = 1 RETURN a",
        "MATCH (a) RETURN a.x AS y ORDER BY a.z, y",
        "MATCH (n) WHERE EXISTS { (n)-->(m) WHERE m.x = n.x } RETURN n",
        "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WITH m MATCH (m)-->(n) RETURN m } RETURN n",
        "MATCH (a) MATCH (b {x: a.x}) RETURN a, b",
        "WITH 1 AS x RETURN [x IN [x] | x] AS y, x",
        "MATCH (a) RETURN *, 1 AS b",
        "MATCH () WITH * RETURN 1 AS a",
        "RETURN 1 AS a LIMIT $n + 1",
    };

    (void)state;
    check_refusals(refusals, COUNT(refusals));
    check_accepted(accepted, COUNT(accepted));
}

static void a_name_stands_for_one_thing(void **state)
{
    static const Refusal refusals[] = {
        {"MATCH ()-[r]->(r) RETURN r", "r is a relationship already: it can't be a node too"},
        {"MATCH (r)-[r]->() RETURN r", "r is a node already: it can't be a relationship too"},
        {"MATCH (p) MATCH p = ()-->() RETURN p", "p is a variable already"},
        {"MATCH p = (p)-->() RETURN p", "p is a variable already"},
        {"MATCH (a)-[r]->()-[r]->(a) RETURN r", "r stands for two relationships"},
        {"MATCH (a)-[r]->(), ()-[r]->() RETURN r", "r stands for two relationships"},
        {"WITH 1 AS n MATCH (n) RETURN n", "n is an integer already"},
        {"MATCH (n) WITH [n] AS m MATCH (m)-->() RETURN m", "m is a list already"},
        {"MATCH (n) UNWIND [1] AS n RETURN n", "n is a variable already"},
        {"RETURN 1 AS a, 2 AS a", "two columns are called a"},
        {"MATCH (n) RETURN *, n.x AS n", "two columns are called n"},
        {"MATCH (n) WITH n.x RETURN 1", "WITH expects a name"},
    };
    static const char *const accepted[] = {
        "MATCH (n) WITH n AS m MATCH (m)-->(n) RETURN m, n",
        "MATCH ()-[r]->() MATCH (a)-[r]->(b) RETURN a",
        "MATCH ()-[r]->()-[s]->() WITH [r, s] AS rs MATCH (a)-[rs*]->(b) RETURN a",
        "UNWIND $nodes AS n MATCH (n)-->(m) RETURN m",
        "MATCH (n) WITH collect(n) AS ns UNWIND ns AS m MATCH (m)-->(k) RETURN k",
        "MATCH p = (a)-->(b) WITH nodes(p)[0] AS n MATCH (n)-->(m) RETURN m",
        "MATCH (a)-->(a) RETURN a",
    };

    (void)state;
    check_refusals(refusals, COUNT(refusals));
    check_accepted(accepted, COUNT(accepted));
}

static void aggregations_stand_where_rows_are_grouped(void **state)
{
    static const Refusal refusals[] = {
        {"MATCH (n) WHERE count(n) > 1 RETURN n", "an aggregation can't stand here"},
        {"RETURN count(count(*))", "within another one"},
        {"RETURN count(rand())", "rand() can't stand"},
        {"MATCH (n) RETURN [x IN [1] | count(*)]", "an aggregation can't stand here"},
        {"MATCH (n) RETURN n.x ORDER BY max(n.y)", "an aggregation can't stand here"},
        {"UNWIND [count(*)] AS x RETURN x", "an aggregation can't stand here"},
        {"MATCH (n) RETURN n.x + count(*)", "only grouping keys"},
        {"MATCH (n) RETURN n.x + n.y, n.x + n.y + count(*)", "only grouping keys"},
        {"MATCH (n) RETURN n.x AS a, count(*) AS c ORDER BY n.y", "n isn't defined"},
        {"MATCH (n) RETURN n.x AS n, count(*) AS c ORDER BY n.x", "may mean two things"},
        {"RETURN size(DISTINCT [1])", "DISTINCT can stand only in an aggregation"},
    };
    static const char *const accepted[] = {
        "MATCH (n) RETURN n.x, n.x + count(*)",
        "MATCH (n) RETURN n, size(keys(n)) + count(*)",
        "MATCH (n) RETURN [x IN collect(n) | x.y] AS ys",
        "MATCH (n) RETURN $p + count(*) + 1",
        "MATCH (n) RETURN n.x AS a, count(*) AS c ORDER BY n.x, count(*) DESC, a",
        "MATCH (n) WITH DISTINCT n.x AS a WHERE n.x > 1 RETURN a",
        "MATCH (n) RETURN count(DISTINCT n.x)",
    };

    (void)state;
    check_refusals(refusals, COUNT(refusals));
    check_accepted(accepted, COUNT(accepted));
}

static void kinds_that_can_be_known_are_checked(void **state)
{
    static const Refusal refusals[] = {
        {"RETURN NOT 1", "line 1, column 12: NOT expects a boolean, and this is an integer"},
        {"RETURN 'a' AND true", "AND expects a boolean"},
        {"RETURN 1 IN 2", "IN expects a list"},
        {"RETURN 'a' - 1", "- expects a number"},
        {"RETURN -'a'", "a sign expects a number"},
        {"MATCH (n) RETURN length(n)", "length expects a path, and this is a node"},
        {"MATCH (n) RETURN type(n)", "type expects a relationship"},
        {"MATCH p = (n) RETURN p.x", "a property expects"},
        {"MATCH (n) WHERE n RETURN n", "WHERE expects a boolean, and this is a node"},
        {"WITH [1] AS l RETURN l['a']", "the place in a list expects an integer"},
        {"WITH {a: 1} AS m RETURN m[0]", "the key of a map expects a string"},
        {"MATCH (n) RETURN (n)-->()", "a pattern can stand only where something true or false"},
        {"MATCH (n) RETURN size((n)-->())", "a pattern can stand only where"},
        {"RETURN 1 LIMIT -1", "LIMIT expects a number that isn't negative"},
        {"RETURN 1 SKIP 1.5", "SKIP expects an integer"},
        {"RETURN foo(1)", "there is no function foo"},
        {"RETURN size()", "size expects 1 arguments, found 0"},
        {"RETURN substring('a', 1, 2, 3)", "substring expects 2 to 3 arguments, found 4"},
        {"RETURN exists(1)", "exists expects a property or a pattern"},
    };
    static const char *const accepted[] = {
        "RETURN null AND true",
        "RETURN 'a' + 1 + [2]",
        "MATCH (n) WHERE (n)-->() OR NOT exists((n)<--()) RETURN n",
        "MATCH (n) RETURN CASE WHEN (n)-->() THEN 1 ELSE 2 END",
        "RETURN $list[$at], $map.key, NOT $flag",
        "MATCH (n) WHERE exists(n.name) RETURN n",
        "MATCH (n) RETURN n['na' + 'me']",
    };

    (void)state;
    check_refusals(refusals, COUNT(refusals));
    check_accepted(accepted, COUNT(accepted));
}

static void clauses_come_in_an_order_that_means_something(void **state)
{
    static const Refusal refusals[] = {
        {"MATCH (n)", "a query ends with RETURN"},
        {"RETURN 1 MATCH (n) RETURN n", "RETURN ends a query"},
        {"RETURN 1 AS a UNION RETURN 2 AS b", "return the same columns"},
        {"RETURN 1 AS a, 2 AS b UNION RETURN 1 AS b, 2 AS a", "return the same columns, in the same order"},
        {"RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a", "can't be mixed"},
        {"RETURN 1 LIMIT 1 SKIP 1", "expected MATCH"},
        {"RETURN 1 WHERE true", "expected MATCH"},
        {"UNION RETURN 1", "expected MATCH"},
        {"RETURN 1 UNION", "expected MATCH"},
    };

    (void)state;
    check_refusals(refusals, COUNT(refusals));
}

static const CypherProjection *projection(const CypherQuery *query, size_t clause)
{
    return &query->parts[0].clauses[clause].projection;
}

static void what_is_projected_gets_a_slot_of_its_own(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;
    size_t node;

    (void)state;
    arena_init(&arena);
    check_ok(parse(&arena, "MATCH (n) WITH n.x AS n ORDER BY n RETURN n", &query));
    node = query->parts[0].clauses[0].match.paths[0].nodes[0].name.slot;
    assert_int_equal(projection(query, 1)->items[0].expression->property.of->name.slot, node);
    assert_int_not_equal(projection(query, 1)->items[0].name.slot, node);
    assert_int_equal(projection(query, 1)->order[0].expression->name.slot,
                     projection(query, 1)->items[0].name.slot);
    assert_int_equal(projection(query, 2)->items[0].expression->name.slot,
                     projection(query, 1)->items[0].name.slot);
    assert_int_equal(query->slot_count, 3);
}

static void anonymous_elements_have_slots_too(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;
    const CypherPath *path;

    (void)state;
    arena_init(&arena);
    check_ok(parse(&arena, "MATCH ()-->() RETURN 1", &query));
    path = &query->parts[0].clauses[0].match.paths[0];
    assert_int_not_equal(path->nodes[0].name.slot, path->nodes[1].name.slot);
    assert_int_not_equal(path->nodes[0].name.slot, path->relationships[0].name.slot);
    assert_int_equal(query->slot_count, 4);
}

static void order_by_behind_a_grouping_reads_the_columns(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;
    const CypherProjection *returned;

    (void)state;
    arena_init(&arena);
    check_ok(parse(&arena, "MATCH (n) RETURN n.x AS x, count(*) AS c ORDER BY count(*), n.x + 1", &query));
    returned = projection(query, 1);
    assert_true(returned->aggregates);
    assert_int_equal(returned->order[0].expression->kind, CYPHER_VARIABLE);
    assert_int_equal(returned->order[0].expression->name.slot, returned->items[1].name.slot);
    assert_int_equal(returned->order[1].expression->binary.left->name.slot, returned->items[0].name.slot);
}

static void a_star_stands_for_the_names_in_their_order(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    (void)state;
    arena_init(&arena);
    check_ok(parse(&arena, "MATCH (c)-[b]->() WITH *, 1 AS a MATCH (d) RETURN *", &query));
    assert_int_equal(projection(query, 1)->item_count, 3);
    assert_int_equal(projection(query, 1)->star_count, 2);
    assert_int_equal(projection(query, 3)->item_count, 4);
    check_text(projection(query, 3)->items[0].name.text, "a");
    check_text(projection(query, 3)->items[3].name.text, "d");
}

static void a_column_without_a_name_is_called_as_it_is_written(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    (void)state;
    arena_init(&arena);
    check_ok(parse(&arena, "MATCH (n) RETURN n.name, count( * ), `n`", &query));
    check_text(projection(query, 1)->items[0].name.text, "n.name");
    check_text(projection(query, 1)->items[1].name.text, "count( * )");
    check_text(projection(query, 1)->items[2].name.text, "n");
}

static void parameters_are_listed_once(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;

    (void)state;
    arena_init(&arena);
    check_ok(
        parse(&arena, "MATCH (n {a: $a}) WHERE n.b = $b OR n.c = $a RETURN n LIMIT $`max rows`", &query));
    assert_int_equal(query->parameter_count, 3);
    check_text(query->parameters[2], "max rows");
}

static void names_bound_before_a_clause_are_marked(void **state)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;
    const CypherPath *path;

    (void)state;
    arena_init(&arena);
    check_ok(parse(&arena, "MATCH (a) MATCH (a)-->(b)-->(b) RETURN a", &query));
    path = &query->parts[0].clauses[1].match.paths[0];
    assert_true(path->nodes[0].name.bound);
    assert_false(path->nodes[1].name.bound);
    assert_false(path->nodes[2].name.bound);
    assert_int_equal(path->nodes[1].name.slot, path->nodes[2].name.slot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_known_in_their_scope_only),
        cmocka_unit_test(a_name_stands_for_one_thing),
        cmocka_unit_test(aggregations_stand_where_rows_are_grouped),
        cmocka_unit_test(kinds_that_can_be_known_are_checked),
        cmocka_unit_test(clauses_come_in_an_order_that_means_something),
        cmocka_unit_test(what_is_projected_gets_a_slot_of_its_own),
        cmocka_unit_test(anonymous_elements_have_slots_too),
        cmocka_unit_test(order_by_behind_a_grouping_reads_the_columns),
        cmocka_unit_test(a_star_stands_for_the_names_in_their_order),
        cmocka_unit_test(a_column_without_a_name_is_called_as_it_is_written),
        cmocka_unit_test(parameters_are_listed_once),
        cmocka_unit_test(names_bound_before_a_clause_are_marked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
