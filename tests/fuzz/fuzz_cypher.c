/* Bytes as a query: parsed and checked. What is accepted is printed, and parsing that gives the same query; printed for
 * Neo4j, it holds no text of the author's outside quotes. */
#include <stdlib.h>

#include "stores/graph/cypher/cypher.h"
#include "stores/graph/cypher/print.h"
#include "stores/graph/cypher/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The brackets of the printer may be what makes a query nested too deeply. */
static bool is_limit(const Err *e)
{
    return str_find(str_from(e->message), STR("at most"), 0) != SIZE_MAX;
}

static void demand_same(Arena *arena, const CypherQuery *query)
{
    CypherPrinted printed;
    CypherQuery *again;
    Err failure = cypher_print(arena, query, (CypherPrintOptions){0}, &printed);

    if (failed(&failure))
        abort();
    failure = cypher_parse(arena, printed.text, CYPHER_READ, &again);
    if (failed(&failure) ? !is_limit(&failure) : !tree_equal_queries(query, again))
        abort();
}

/* Outside quoted names no quote and no backslash: nothing that could begin or end a text. */
static void demand_quoted(Arena *arena, const CypherQuery *query)
{
    static const Str names[] = {STR("A"), STR("B")};
    CypherPrintOptions options = {.node_label = STR("_Node"),
                                  .hidden_prefix = STR("_"),
                                  .text_prefix = STR("_text"),
                                  .sight = {names, query->slot_count % 3, names, query->slot_count % 2}};
    CypherPrinted printed;
    bool quoted = false;
    Err failure = cypher_print(arena, query, options, &printed);

    for (size_t i = 0; !failed(&failure) && i < printed.text.len; i++) {
        char c = printed.text.data[i];

        quoted ^= c == '`';
        if (c == '\\' || (!quoted && (c == '\'' || c == '"' || c == ';')) ||
            (!quoted && (unsigned char)c >= 0x80))
            abort();
    }
    if (quoted)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    CypherQuery *query;
    Err failure;

    arena_init(&arena);
    failure = cypher_parse(&arena, str_copy(&arena, (Str){(const char *)data, size}), CYPHER_READ, &query);
    if (failed(&failure))
        return 0;
    demand_same(&arena, query);
    demand_quoted(&arena, query);
    return 0;
}
