/* Questions that would never end, or never fit: each ends in a refusal, soon. */
#include <stdio.h>

#include "small_graph.h"

/* Everyone knows everyone: there are more ways than anybody can walk. */
enum { PEOPLE = 12 };
static SmallNode nodes[PEOPLE];
static char keys[PEOPLE][4];
static SmallRelationship relationships[PEOPLE * PEOPLE];
static SmallGraph crowd = {nodes, PEOPLE, relationships, PEOPLE *PEOPLE};

/* One after the other. */
enum { CHAIN = 2000 };
static SmallNode links[CHAIN];
static char link_keys[CHAIN][8];
static SmallRelationship joints[CHAIN - 1];
static SmallGraph chain = {links, CHAIN, joints, CHAIN - 1};

static int make_graphs(void **state)
{
    (void)state;
    for (size_t i = 0; i < PEOPLE; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "%zu", i);
        nodes[i] = (SmallNode){keys[i], {"P"}, NULL};
        for (size_t k = 0; k < PEOPLE; k++)
            relationships[i * PEOPLE + k] = (SmallRelationship){i, "KNOWS", k, NULL};
    }
    for (size_t i = 0; i < CHAIN; i++) {
        (void)snprintf(link_keys[i], sizeof link_keys[i], "%zu", i);
        links[i] = (SmallNode){link_keys[i], {"L"}, NULL};
        if (i > 0)
            joints[i - 1] = (SmallRelationship){i - 1, "NEXT", i, NULL};
    }
    return 0;
}

/* The clock moves on by itself, so that no test waits. */
static int64_t ticking_us(const Clock *clock)
{
    ManualClock *manual = (ManualClock *)clock;

    manual_clock_advance(manual, 20000);
    return atomic_load(&manual->monotonic_us);
}

static Err ask_within(SmallGraph *graph, const char *text, GraphBudget budget)
{
    AUTO_ARENA Arena arena = {0};
    CypherReads reads = small_reads(graph);
    GraphReading reading = {.budget = budget};
    ManualClock clock;
    CypherQuery *query;
    GraphTable table;

    manual_clock_init(&clock, 0);
    clock.clock.monotonic_us = ticking_us;
    TRY(cypher_parse(&arena, str_from(text), CYPHER_READ, &query));
    reading.query = query;
    return execute_query(&reads, &reading, &clock.clock, &arena, &table);
}

static void endless_work_ends_when_its_time_is_up(void **state)
{
    static const char *const QUERIES[] = {
        "MATCH (a)-[*]->(b) RETURN count(*)",
        "MATCH (a), (b), (c), (d), (e), (f), (g), (h) RETURN count(*)",
        "MATCH (a) WHERE NOT (a)-[*10..]->({id: 'nobody'}) RETURN a",
        "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y RETURN count(*)",
        "RETURN [x IN range(1, 100000) | [y IN range(1, 10000) WHERE y = 0 | y]][0]",
        "RETURN reduce(a = 0, x IN range(1, 100000) | a + size([y IN range(1, 10000) WHERE y < 0]))",
        "MATCH (a) WHERE exists { MATCH (a)-[*]->() RETURN count(*) } RETURN a",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(QUERIES); i++)
        check_err(ask_within(&crowd, QUERIES[i], SMALL_BUDGET), UNPROCESSABLE, "longer than its 5.0 s");
}

static void what_does_not_fit_into_memory_is_refused(void **state)
{
    static const char *const QUERIES[] = {
        "MATCH (a), (b), (c), (d), (e), (f), (g) RETURN collect([a, b, c, d, e, f, g])",
        "MATCH (a), (b), (c), (d), (e), (f), (g) WITH DISTINCT a, b, c, d, e, f, g RETURN count(*)",
        "MATCH (a), (b), (c), (d), (e), (f), (g) WITH a, b, c, d, e, f, g ORDER BY a.id RETURN count(*)",
        "UNWIND range(1, 1000) AS x RETURN collect(range(1, 100000))",
        "RETURN reduce(s = '', x IN range(1, 100000) | s + 'makgeolli')",
    };
    GraphBudget budget = SMALL_BUDGET;

    (void)state;
    budget.time_us = INT64_MAX / 2;
    for (size_t i = 0; i < COUNT(QUERIES); i++)
        check_err(ask_within(&crowd, QUERIES[i], budget), UNPROCESSABLE, "64 MB of memory");
}

static void rows_and_reads_are_counted(void **state)
{
    GraphBudget budget = SMALL_BUDGET;

    (void)state;
    check_err(ask_within(&crowd, "UNWIND range(1, 1001) AS x RETURN x", SMALL_BUDGET), UNPROCESSABLE,
              "add a LIMIT");
    check_ok(ask_within(&crowd, "UNWIND range(1, 1000) AS x RETURN x", SMALL_BUDGET));
    check_ok(ask_within(&crowd, "UNWIND range(1, 100000) AS x RETURN x LIMIT 3", SMALL_BUDGET));
    budget.reads = 100;
    check_err(ask_within(&chain, "MATCH (a:L) RETURN count(*)", budget), UNPROCESSABLE,
              "more than 100 nodes");
    check_err(ask_within(&crowd, "MATCH (a)-->() RETURN count(*)", budget), UNPROCESSABLE,
              "more than 100 nodes");
    check_ok(ask_within(&chain, "MATCH (a:L) RETURN a.id LIMIT 5", budget));
}

static void what_goes_too_deep_is_refused(void **state)
{
    (void)state;
    check_err(ask_within(&chain, "MATCH ({id: '0'})-[*]->(b) RETURN count(*)", SMALL_BUDGET), UNPROCESSABLE,
              "deeper");
    check_ok(ask_within(&chain, "MATCH ({id: '0'})-[*..100]->(b) RETURN count(*)", SMALL_BUDGET));
}

static void many_clauses_and_elements_are_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf clauses = {.arena = &arena};
    Buf pattern = {.arena = &arena};

    (void)state;
    buf_put(&clauses, STR("WITH 1 AS a "));
    buf_put(&pattern, STR("MATCH (a)"));
    for (size_t i = 0; i < 1500; i++) {
        buf_put(&clauses, STR("WITH a AS a "));
        buf_put(&pattern, STR("-->()"));
    }
    buf_put(&clauses, STR("RETURN a"));
    buf_put(&pattern, STR(" RETURN a"));
    check_err(ask_within(&crowd, buf_str(&clauses).data, SMALL_BUDGET), UNPROCESSABLE, "deeper");
    check_err(ask_within(&crowd, buf_str(&pattern).data, SMALL_BUDGET), UNPROCESSABLE, "too many");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endless_work_ends_when_its_time_is_up),
        cmocka_unit_test(what_does_not_fit_into_memory_is_refused),
        cmocka_unit_test(rows_and_reads_are_counted),
        cmocka_unit_test(what_goes_too_deep_is_refused),
        cmocka_unit_test(many_clauses_and_elements_are_refused),
    };

    return cmocka_run_group_tests(tests, make_graphs, NULL);
}
