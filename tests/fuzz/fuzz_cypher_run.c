/* Bytes as a query that is run on a small graph: it ends within its budget, its answer is JSON, and asking again gives
 * the same. */
#include <stdlib.h>

#include "cypher/small_graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const SmallNode NODES[] = {
    {"sour", {"Product"}, "{\"name\":\"Sour\",\"abv\":6.5}"},
    {"rice", {"Product", "Sample"}, "{\"name\":\"Rice\",\"abv\":12,\"tags\":[\"a\",[1,null],{\"b\":2}]}"},
    {"nuruk", {"Ingredient"}, "{\"name\":\"누룩\"}"},
    {"_:1", {NULL}, "{\"id\":7}"},
};
static const SmallRelationship RELATIONSHIPS[] = {
    {0, "HAS", 2, "{\"share\":3}"}, {1, "HAS", 2, "{\"share\":5.5}"},
    {1, "LIKE", 1, NULL},           {0, "LIKE", 1, NULL},
    {0, "LIKE", 1, NULL},           {2, "NEXT", 3, NULL},
};

static Err run(const CypherQuery *query, Arena *arena, GraphTable *table)
{
    static SmallGraph graph = {NODES, COUNT(NODES), RELATIONSHIPS, COUNT(RELATIONSHIPS)};
    CypherReads reads = small_reads(&graph);
    GraphReading reading = {
        .query = query,
        .parameters = STR("{\"a\":1,\"b\":\"x\",\"c\":[1,2.5,null],\"d\":{\"e\":true}}"),
        .budget = {.rows = 50, .reads = 500, .bytes = 8 << 20, .time_us = 200000},
    };

    return execute_query(&reads, &reading, clock_system(), arena, table);
}

static void demand_json(Str text)
{
    AUTO_JSON json_t *json = NULL;
    Err failure = json_read(text, &json);

    if (failed(&failure) || !json_is_array(json))
        abort();
}

/* rand(), in any case and with any blanks. */
static bool throws_dice(Str text)
{
    for (size_t i = 0; i + 4 <= text.len; i++)
        if (str_equal_nocase(str_slice(text, i, i + 4), STR("rand")))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Str text = {(const char *)data, size};
    CypherQuery *query;
    GraphTable first;
    GraphTable again;

    arena_init(&arena);
    Err failure = cypher_parse(&arena, str_copy(&arena, text), CYPHER_READ, &query);
    if (failed(&failure))
        return 0;
    failure = run(query, &arena, &first);
    if (failed(&failure) && failure.code != UNPROCESSABLE)
        abort();
    if (failed(&failure))
        return 0;
    demand_json(first.rows);
    failure = run(query, &arena, &again);
    if (!failed(&failure) && !str_equal(first.rows, again.rows) && !throws_dice(text))
        abort();
    return 0;
}
