#include "services/world/ingest/differences.h"

static void print_member(FILE *out, Arena *arena, const char *key, const json_t *before, const json_t *after)
{
    Str old = before != NULL ? json_text(arena, before) : STR("nothing");
    Str new = after != NULL ? json_text(arena, after) : STR("nothing");

    (void)fprintf(out, " %s %.*s -> %.*s", key, STR_ARG(old), STR_ARG(new));
}

/* Each property that isn't the same on both sides. */
static Err print_properties(FILE *out, Arena *arena, Json before, Json after)
{
    AUTO_JSON json_t *old = NULL;
    AUTO_JSON json_t *new = NULL;
    const char *key;
    json_t *value;

    TRY(json_read(before, &old));
    TRY(json_read(after, &new));
    json_object_foreach(old, key, value) if (!json_equal(value, json_object_get(new, key)))
        print_member(out, arena, key, value, json_object_get(new, key));
    json_object_foreach(new, key, value) if (json_object_get(old, key) == NULL)
        print_member(out, arena, key, NULL, value);
    return OK;
}

/* What the origin says of it so far. */
static Json said_before(Str origin, const GraphClaim *claims, size_t count)
{
    for (size_t i = count; i > 0; i--)
        if (str_equal(claims[i - 1].origin, origin) && claims[i - 1].until_us == GRAPH_FOREVER)
            return claims[i - 1].properties;
    return STR("{}");
}

static Err print_node(Graph *graph, Arena *arena, Str origin, const GraphNode *node, GraphVerdict verdict,
                      FILE *out)
{
    Str label = graph_main_label(node);
    GraphClaim *claims;
    size_t count;

    (void)fprintf(out, "%c %.*s %.*s", verdict == GRAPH_ADDED ? '+' : '~', STR_ARG(label),
                  STR_ARG(node->key));
    if (verdict == GRAPH_CHANGED) {
        TRY(graph_get_node_claims(graph, arena, node->key, &claims, &count));
        (void)fputc(':', out);
        TRY(print_properties(out, arena, said_before(origin, claims, count), node->properties));
    }
    (void)fputc('\n', out);
    return OK;
}

static Err print_relationship(Graph *graph, Arena *arena, Str origin, const GraphRelationship *r,
                              GraphVerdict verdict, FILE *out)
{
    GraphClaim *claims;
    size_t count;

    (void)fprintf(out, "%c (%.*s)-[%.*s]->(%.*s)", verdict == GRAPH_ADDED ? '+' : '~', STR_ARG(r->from),
                  STR_ARG(r->type), STR_ARG(r->to));
    if (verdict == GRAPH_CHANGED) {
        TRY(graph_get_relationship_claims(graph, arena, r->type, r->from, r->to, &claims, &count));
        (void)fputc(':', out);
        TRY(print_properties(out, arena, said_before(origin, claims, count), r->properties));
    }
    (void)fputc('\n', out);
    return OK;
}

static bool is_difference(GraphVerdict verdict)
{
    return verdict == GRAPH_ADDED || verdict == GRAPH_CHANGED;
}

Err differences_print(Graph *graph, const Batch *batch, FILE *out)
{
    AUTO_ARENA Arena scratch = {0};

    arena_init(&scratch);
    for (size_t i = 0; i < batch->node_count; i++) {
        arena_reset(&scratch);
        if (is_difference(batch->node_verdicts[i]))
            TRY(print_node(graph, &scratch, batch->origin, &batch->nodes[i], batch->node_verdicts[i], out));
    }
    for (size_t i = 0; i < batch->relationship_count; i++) {
        arena_reset(&scratch);
        if (is_difference(batch->relationship_verdicts[i]))
            TRY(print_relationship(graph, &scratch, batch->origin, &batch->relationships[i],
                                   batch->relationship_verdicts[i], out));
    }
    return OK;
}
