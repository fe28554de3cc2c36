#include "services/world/review/change.h"

static Err compare(Arena *arena, const json_t *before, Json said, Changes *out)
{
    AUTO_JSON json_t *after = NULL;
    Change *items;
    const char *key;
    json_t *value;

    TRY(json_read(said, &after));
    items = arena_array(arena, Change, json_object_size(after));
    json_object_foreach(after, key, value)
    {
        const json_t *old = json_object_get(before, key);

        if (old != NULL && json_equal(old, value))
            continue;
        items[out->count++] = (Change){
            .property = str_copy(arena, str_from(key)),
            .before = old != NULL ? json_text(arena, old) : (Str){0},
            .after = json_text(arena, value),
        };
    }
    out->items = items;
    return OK;
}

static Err changes_of_node(Graph *graph, Arena *arena, const GraphNode *node, Changes *out)
{
    AUTO_JSON json_t *before = NULL;
    GraphNode now;
    Err e = graph_get_node(graph, arena, node->key, GRAPH_NOW, &now);

    if (e.code == NOT_FOUND)
        out->is_new = true;
    else
        TRY(e);
    if (!out->is_new)
        TRY(json_read(now.properties, &before));
    return compare(arena, before, node->properties, out);
}

/* What the open claims say together, in the order they were written; *is_new when there is none. */
static Err lay_over(Graph *graph, Arena *arena, const GraphRelationship *r, json_t *together, bool *is_new)
{
    GraphClaim *claims;
    size_t count;

    *is_new = true;
    TRY(graph_get_relationship_claims(graph, arena, r->type, r->from, r->to, &claims, &count));
    for (size_t i = 0; i < count; i++) {
        AUTO_JSON json_t *said = NULL;

        if (claims[i].until_us != GRAPH_FOREVER)
            continue;
        *is_new = false;
        TRY(json_read(claims[i].properties, &said));
        json_object_update(together, said);
    }
    return OK;
}

Err changes_of(Graph *graph, Arena *arena, const Fact *fact, Changes *out)
{
    AUTO_JSON json_t *before = json_object();

    *out = (Changes){0};
    if (fact->is_node)
        return changes_of_node(graph, arena, &fact->node, out);
    TRY(lay_over(graph, arena, &fact->relationship, before, &out->is_new));
    return compare(arena, before, fact->relationship.properties, out);
}
