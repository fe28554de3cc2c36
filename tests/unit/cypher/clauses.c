/* WITH, RETURN, UNWIND and UNION: what happens to rows. */
#include "small_graph.h"

static const SmallNode NODES[] = {
    {"a", {"P"}, "{\"n\":1,\"g\":\"x\"}"},
    {"b", {"P"}, "{\"n\":2,\"g\":\"y\"}"},
    {"c", {"P"}, "{\"n\":3,\"g\":\"x\"}"},
    {"d", {"P"}, "{\"g\":\"y\"}"},
};
static const SmallRelationship RELATIONSHIPS[] = {{0, "R", 1, NULL}, {0, "R", 2, NULL}, {2, "R", 3, NULL}};
static SmallGraph world = {NODES, COUNT(NODES), RELATIONSHIPS, COUNT(RELATIONSHIPS)};

typedef struct Question {
    const char *query;
    const char *rows;
} Question;

static const Question ORDERING[] = {
    {"MATCH (p:P) RETURN p.id ORDER BY p.n", "[[\"a\"],[\"b\"],[\"c\"],[\"d\"]]"},
    {"MATCH (p:P) RETURN p.id ORDER BY p.n DESC", "[[\"d\"],[\"c\"],[\"b\"],[\"a\"]]"},
    {"MATCH (p:P) RETURN p.id ORDER BY p.g, p.n DESC SKIP 1 LIMIT 2", "[[\"a\"],[\"d\"]]"},
    {"MATCH (p:P) WITH p ORDER BY p.n LIMIT 2 RETURN collect(p.id)", "[[[\"a\",\"b\"]]]"},
    {"MATCH (p:P) RETURN p.g AS g ORDER BY p.n LIMIT 3", "[[\"x\"],[\"y\"],[\"x\"]]"},
    {"UNWIND [3, 1, 2, 1, 3, 0, 2, 9, 1] AS x RETURN x ORDER BY x LIMIT 3", "[[0],[1],[1]]"},
    {"UNWIND [[1, 'a'], [0, 'b'], [1, 'c'], [0, 'd'], [1, 'e']] AS x RETURN x[1] ORDER BY x[0] LIMIT 4",
     "[[\"b\"],[\"d\"],[\"a\"],[\"c\"]]"},
    {"UNWIND [null, 1, 'a', true, [1], {a: 1}, 0.0 / 0.0, 2.5] AS x RETURN x ORDER BY x",
     "[[{\"a\":1}],[[1]],[\"a\"],[true],[1],[2.5],[\"NaN\"],[null]]"},
    {"UNWIND [1, 2, 3] AS x RETURN x LIMIT 0", "[]"},
    {"UNWIND [1, 2, 3] AS x RETURN x SKIP 5", "[]"},
    {"UNWIND range(1, 9) AS x WITH x LIMIT toInteger(2.9) RETURN count(*)", "[[2]]"},
    {"MATCH (p:P) WITH p.g AS g ORDER BY p.n LIMIT 3 WHERE p.n > 1 RETURN g", "[[\"y\"],[\"x\"]]"},
};

static const Question GROUPING[] = {
    {"MATCH (p:P) RETURN p.g, count(*), count(p.n), sum(p.n) ORDER BY p.g", "[[\"x\",2,2,4],[\"y\",2,1,2]]"},
    {"MATCH (p:Nothing) RETURN count(*), sum(p.n), avg(p.n), min(p.n), collect(p.n)", "[[0,0,null,null,[]]]"},
    {"MATCH (p:Nothing) RETURN p.g, count(*)", "[]"},
    {"UNWIND [1, 2, 4] AS x RETURN avg(x), stDevP(x) > 1.24, max(x)", "[[2.3333333333333335,true,4]]"},
    {"UNWIND [1, 1.5] AS x RETURN sum(x)", "[[2.5]]"},
    {"UNWIND [1, 1.0, null, 2, 'a', 'a'] AS x RETURN count(DISTINCT x), collect(DISTINCT x)",
     "[[3,[1,2,\"a\"]]]"},
    {"UNWIND [1, 'a', null, [2]] AS x RETURN min(x), max(x)", "[[[2],1]]"},
    {"UNWIND [10, 20, 30, 40] AS x RETURN percentileCont(x, 0.5), percentileDisc(x, 0.5)", "[[25.0,20]]"},
    {"UNWIND [1, null, 1, null] AS x RETURN x, count(*) ORDER BY x", "[[1,2],[null,2]]"},
    {"MATCH (p:P) RETURN p.g + '!' AS k, count(*) + 10 AS c ORDER BY c, k", "[[\"x!\",12],[\"y!\",12]]"},
    {"MATCH (p:P) WITH p.g AS g, collect(p.n) AS ns RETURN g, [x IN ns | x * 2] ORDER BY g",
     "[[\"x\",[2,6]],[\"y\",[4]]]"},
    {"MATCH (p:P) RETURN p.g AS g, [x IN collect(p.n) WHERE p.g = 'x' | x] AS l ORDER BY g",
     "[[\"x\",[1,3]],[\"y\",[]]]"},
    {"MATCH (p:P) WITH p.g AS g, count(*) AS c WHERE c > 1 RETURN count(g)", "[[2]]"},
    {"MATCH (p)-[:R]->(q) WITH p, collect(q.id) AS qs RETURN p.id, qs ORDER BY p.id",
     "[[\"a\",[\"b\",\"c\"]],[\"c\",[\"d\"]]]"},
    {"MATCH (p:P) RETURN count(p) > 3 AND true", "[[true]]"},
};

static const Question DISTINCT_ROWS[] = {
    {"MATCH (p:P) RETURN DISTINCT p.g", "[[\"x\"],[\"y\"]]"},
    {"UNWIND [1, 1.0, '1', null, null, [1], [1.0]] AS x RETURN DISTINCT x", "[[1],[\"1\"],[null],[[1]]]"},
    {"MATCH (p:P) WITH DISTINCT p.g AS g ORDER BY g DESC RETURN g", "[[\"y\"],[\"x\"]]"},
    {"UNWIND [1, 2] AS x RETURN x UNION UNWIND [2, 3] AS x RETURN x", "[[1],[2],[3]]"},
    {"UNWIND [1, 2] AS x RETURN x UNION ALL UNWIND [2, 3] AS x RETURN x", "[[1],[2],[2],[3]]"},
    {"RETURN 1 AS a UNION RETURN 1.0 AS a", "[[1]]"},
};

static const Question UNWINDING[] = {
    {"UNWIND [] AS x RETURN x", "[]"},
    {"UNWIND null AS x RETURN x", "[]"},
    {"UNWIND [[1, 2], [3]] AS x UNWIND x AS y RETURN y", "[[1],[2],[3]]"},
    {"MATCH (p:P {id: 'a'}) WITH [p, p.n] AS l UNWIND l AS x RETURN x",
     "[[{\"key\":\"a\",\"labels\":[\"P\"],\"properties\":"
     "{\"g\":\"x\",\"id\":\"a\",\"n\":1}}],[1]]"},
    {"WITH 1 AS a WITH a + 1 AS a, a AS b RETURN a, b", "[[2,1]]"},
    {"WITH 1 AS a, 2 AS b WITH * RETURN *", "[[1,2]]"},
};

static void check_questions(const Question *questions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_rows(&world, questions[i].query, questions[i].rows);
}

static void rows_come_in_the_order_asked_for_and_null_is_last(void **state)
{
    (void)state;
    check_questions(ORDERING, COUNT(ORDERING));
}

static void groups_go_by_what_is_no_aggregation(void **state)
{
    (void)state;
    check_questions(GROUPING, COUNT(GROUPING));
}

static void distinct_rows_come_once(void **state)
{
    (void)state;
    check_questions(DISTINCT_ROWS, COUNT(DISTINCT_ROWS));
}

static void lists_become_rows(void **state)
{
    (void)state;
    check_questions(UNWINDING, COUNT(UNWINDING));
}

static void numbers_of_rows_must_be_some(void **state)
{
    (void)state;
    check_refused(&world, "UNWIND [1] AS x RETURN x LIMIT -1", "line 1");
    check_refused(&world, "UNWIND [1] AS x RETURN x SKIP toFloat(1)", "line 1");
    check_refused(&world, "UNWIND [1, 'a'] AS x RETURN sum(x)", "a number is needed");
    check_refused(&world, "UNWIND [9223372036854775807, 1] AS x RETURN sum(x)", "64-bit");
    check_refused(&world, "UNWIND [1] AS x RETURN percentileCont(x, 1.5)", "0.0 to 1.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order_asked_for_and_null_is_last),
        cmocka_unit_test(groups_go_by_what_is_no_aggregation),
        cmocka_unit_test(distinct_rows_come_once),
        cmocka_unit_test(lists_become_rows),
        cmocka_unit_test(numbers_of_rows_must_be_some),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
