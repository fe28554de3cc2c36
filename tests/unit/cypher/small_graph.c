#include "small_graph.h"

const GraphBudget SMALL_BUDGET = {.rows = 1000, .reads = 10000, .bytes = 64 << 20, .time_us = 5000000};

static ReadNode read_node(const SmallGraph *graph, Arena *arena, size_t place)
{
    const SmallNode *node = &graph->nodes[place];
    Str *labels = arena_array(arena, Str, SMALL_LABELS);
    ReadNode read = {.key = str_from(node->key), .labels = labels};

    while (read.label_count < SMALL_LABELS && node->labels[read.label_count]) {
        labels[read.label_count] = str_from(node->labels[read.label_count]);
        read.label_count++;
    }
    read.properties = node->properties ? str_from(node->properties) : STR("{}");
    return read;
}

static bool has_label(const ReadNode *node, Str label)
{
    for (size_t i = 0; i < node->label_count; i++)
        if (str_equal(node->labels[i], label))
            return true;
    return label.data == NULL;
}

/* In pages of two, to see that more than one is asked for. */
static Err scan(void *context, Arena *arena, Str label, size_t limit, ReadPlace *place, ReadNode **out,
                size_t *count)
{
    const SmallGraph *graph = context;

    limit = limit < 2 ? limit : 2;
    *count = 0;
    *out = arena_array(arena, ReadNode, limit);
    for (; (size_t)place->phase < graph->node_count && *count < limit; place->phase++) {
        ReadNode node = read_node(graph, arena, (size_t)place->phase);

        if (has_label(&node, label))
            (*out)[(*count)++] = node;
    }
    place->ended = (size_t)place->phase == graph->node_count;
    return OK;
}

static size_t place_of(const SmallGraph *graph, Str key)
{
    size_t place = 0;

    while (!str_equal(str_from(graph->nodes[place].key), key))
        place++;
    return place;
}

static Err find(void *context, Arena *arena, Str id, ReadNode **out, size_t *count)
{
    const SmallGraph *graph = context;

    *count = 0;
    *out = arena_array(arena, ReadNode, 1);
    for (size_t i = 0; i < graph->node_count; i++)
        if (str_equal(str_from(graph->nodes[i].key), id))
            (*out)[(*count)++] = read_node(graph, arena, i);
    return OK;
}

static Err get(void *context, Arena *arena, Str key, ReadNode *out)
{
    *out = read_node(context, arena, place_of(context, key));
    return OK;
}

static bool touches(const SmallRelationship *relationship, size_t node, GraphDirection direction)
{
    return (direction != GRAPH_IN && relationship->from == node) ||
           (direction != GRAPH_OUT && relationship->to == node);
}

static bool is_of(const SmallRelationship *relationship, const Str *types, size_t type_count)
{
    for (size_t i = 0; i < type_count; i++)
        if (str_equal(str_from(relationship->type), types[i]))
            return true;
    return type_count == 0;
}

static Err expand(void *context, Arena *arena, Str node, GraphDirection direction, const Str *types,
                  size_t type_count, size_t limit, ReadRelationship **out, size_t *count)
{
    const SmallGraph *graph = context;
    size_t place = place_of(graph, node);
    size_t all = 0;

    for (size_t i = 0; i < graph->relationship_count; i++)
        all += touches(&graph->relationships[i], place, GRAPH_BOTH);
    *count = 0;
    *out = arena_array(arena, ReadRelationship, all);
    for (size_t i = 0; i < graph->relationship_count && *count < limit; i++) {
        const SmallRelationship *it = &graph->relationships[i];

        if (touches(it, place, direction) && is_of(it, types, type_count))
            (*out)[(*count)++] = (ReadRelationship){
                .id = (int64_t)i + 1,
                .type = str_from(it->type),
                .from = str_from(graph->nodes[it->from].key),
                .to = str_from(graph->nodes[it->to].key),
                .properties = it->properties ? str_from(it->properties) : STR("{}"),
            };
    }
    return OK;
}

CypherReads small_reads(SmallGraph *graph)
{
    return (CypherReads){graph, scan, find, get, expand};
}

Err small_ask(SmallGraph *graph, const char *query, const char *parameters, Arena *arena, GraphTable *out)
{
    CypherReads reads = small_reads(graph);
    GraphReading reading = {.budget = SMALL_BUDGET, .parameters = str_from(parameters)};
    CypherQuery *parsed;

    TRY(cypher_parse(arena, str_from(query), CYPHER_READ, &parsed));
    reading.query = parsed;
    return execute_query(&reads, &reading, clock_system(), arena, out);
}

void check_rows_at(SmallGraph *graph, const char *query, const char *rows, const char *file, int line)
{
    AUTO_ARENA Arena arena = {0};
    GraphTable table;
    Err e = small_ask(graph, query, NULL, &arena, &table);

    if (!failed(&e) && str_equal(table.rows, str_from(rows)))
        return;
    print_error("%s\nexpected %s\n", query, rows);
    if (failed(&e))
        print_error("found an error: %s\n", e.message);
    else
        print_error("found    %.*s\n", STR_ARG(table.rows));
    _fail(file, line);
}

void check_refused_at(SmallGraph *graph, const char *query, const char *text, const char *file, int line)
{
    AUTO_ARENA Arena arena = {0};
    GraphTable table;
    Err e = small_ask(graph, query, NULL, &arena, &table);

    if (failed(&e) && str_find(str_from(e.message), str_from(text), 0) != SIZE_MAX)
        return;
    print_error("%s\nexpected an error with: %s\n", query, text);
    if (failed(&e))
        print_error("found    %s\n", e.message);
    else
        print_error("found    %.*s\n", STR_ARG(table.rows));
    _fail(file, line);
}
