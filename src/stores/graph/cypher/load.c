#include "stores/graph/cypher/load.h"

#include <string.h>

#include "stores/graph/cypher/loader.h"

Err loader_count(Loader *loader, CypherPlace place, size_t items)
{
    loader->items += items;
    if (loader->items > CYPHER_LOAD_MAX_ITEMS)
        return cypher_error(place, "a file makes at most %d nodes, relationships and values",
                            CYPHER_LOAD_MAX_ITEMS);
    return OK;
}

/* ---- Variables ---- */

bool loader_knows(const Loader *loader, Str name)
{
    return keymap_get(&loader->slots, name) != KEYMAP_NONE;
}

Err loader_declare(Loader *loader, CypherName *name)
{
    uint32_t *slot = keymap_place(&loader->slots, name->text);

    if (*slot == KEYMAP_NONE)
        *slot = (uint32_t)loader->slots.count - 1;
    name->slot = *slot;
    return OK;
}

LoadValue *loader_place(Loader *loader, LoadRow *row, size_t slot)
{
    if (slot >= row->capacity) {
        size_t capacity = slot * 2 + 8;
        LoadValue *values = arena_array(loader->arena, LoadValue, capacity);

        if (row->capacity > 0)
            memcpy(values, row->values, row->capacity * sizeof *values);
        row->values = values;
        row->capacity = capacity;
    }
    return &row->values[slot];
}

/* Behind a semicolon nothing is known any more, and there is one empty row. */
static void forget_variables(Loader *loader)
{
    keymap_finish(&loader->slots);
    loader->slots = (StrIdMap){0};
    loader->rows = arena_new(loader->arena, LoadRow);
    loader->row_count = 1;
}

/* ---- UNWIND ---- */

static LoadRow extended(Loader *loader, const LoadRow *row, const CypherName *name, LoadValue value)
{
    LoadRow more = {0};

    (void)loader_place(loader, &more, name->slot > row->capacity ? name->slot : row->capacity);
    if (row->capacity > 0)
        memcpy(more.values, row->values, row->capacity * sizeof *more.values);
    more.values[name->slot] = value;
    return more;
}

static Err load_unwind(Loader *loader, CypherUnwind *unwind)
{
    Growing growing = {0};
    LoadRow *rows = NULL;
    LoadValue list;

    if (loader_knows(loader, unwind->name.text))
        return cypher_error(unwind->name.place, "%.*s is a variable already: expected a new name",
                            STR_ARG(unwind->name.text));
    for (size_t r = 0; r < loader->row_count; r++) {
        TRY(load_evaluate(loader, &loader->rows[r], unwind->list, &list));
        if (list.kind != LOAD_LIST)
            return cypher_error(unwind->list->place, "UNWIND expects a list");
        TRY(loader_declare(loader, &unwind->name));
        TRY(loader_count(loader, unwind->name.place, list.list.count * (loader->slots.count + 1)));
        for (size_t i = 0; i < list.list.count; i++) {
            rows = parser_more(&loader->parser, &growing, rows, sizeof *rows);
            rows[growing.count++] = extended(loader, &loader->rows[r], &unwind->name, list.list.items[i]);
        }
    }
    loader->rows = rows;
    loader->row_count = growing.count;
    return OK;
}

/* ---- WITH ---- */

/* All variables live on, so that a WITH that only names some of them changes nothing. */
static Err load_with(const CypherProjection *with, CypherPlace place)
{
    bool plain = !with->distinct && with->order_count == 0 && with->skip == NULL && with->limit == NULL;

    for (size_t i = 0; i < with->item_count; i++)
        plain &= with->items[i].expression->kind == CYPHER_VARIABLE && !with->items[i].named;
    return plain && with->where == NULL
               ? OK
               : cypher_error(place, "a file's WITH names variables only, as in WITH a, b");
}

/* ---- Statements ---- */

static Err load_clause(Loader *loader)
{
    CypherClause clause;

    if (!parser_at_clause(&loader->parser))
        return parser_unexpected(&loader->parser, "CREATE, UNWIND or MATCH");
    TRY(parse_clause(&loader->parser, &clause));
    switch (clause.kind) {
    case CYPHER_CREATE:
        return load_create(loader, clause.create.paths, clause.create.path_count);
    case CYPHER_UNWIND:
        return load_unwind(loader, &clause.unwind);
    case CYPHER_MATCH:
        return load_match(loader, &clause.match);
    case CYPHER_WITH:
        return load_with(&clause.projection, clause.place);
    case CYPHER_RETURN:
        break;
    }
    return cypher_error(clause.place, "a file fills the graph: RETURN has no meaning here");
}

static Err load_statements(Loader *loader)
{
    forget_variables(loader);
    while (parser_token(&loader->parser)->kind != TOKEN_END) {
        if (parser_take_sign(&loader->parser, STR(";")))
            forget_variables(loader);
        else
            TRY(load_clause(loader));
    }
    return OK;
}

static void give(Loader *loader, CypherLoad *out)
{
    out->node_count = loader->node_growing.count;
    out->nodes = arena_array(loader->arena, GraphNode, out->node_count);
    for (size_t i = 0; i < out->node_count; i++) {
        const LoadNode *node = &loader->nodes[i];

        out->nodes[i] = (GraphNode){
            .key = node->key,
            .labels = node->labels,
            .label_count = node->label_count,
            .line = node->place.line,
            .properties = load_json(loader->arena, &node->properties, node->has_id ? STR("id") : (Str){0})};
    }
    out->relationships = loader->relationships;
    out->relationship_count = loader->relationship_growing.count;
}

Err cypher_load(Arena *arena, Str text, CypherLoadOptions options, CypherLoad *out)
{
    Loader loader = {
        .arena = arena, .parser = {.arena = arena, .text = text, .loads = true}, .options = options};
    Token *tokens;
    Err failure;

    if (text.len > CYPHER_LOAD_MAX_BYTES)
        return cypher_error((CypherPlace){1, 1}, "the file has %zu bytes; at most %d are supported", text.len,
                            CYPHER_LOAD_MAX_BYTES);
    TRY(cypher_tokenize(arena, text, CYPHER_LOAD_MAX_TOKENS, &tokens));
    loader.parser.tokens = tokens;
    failure = load_statements(&loader);
    if (!failed(&failure))
        give(&loader, out);
    keymap_finish(&loader.slots);
    keymap_finish(&loader.keys);
    keymap_finish(&loader.twins);
    return failure;
}
