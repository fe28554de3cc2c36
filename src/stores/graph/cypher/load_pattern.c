/* CREATE and MATCH of a file: patterns that make nodes and relationships, and such that find nodes. */
#include "stores/graph/cypher/loader.h"

/* ---- Nodes ---- */

static Err take_key(Loader *loader, LoadNode *node, const LoadValue *id)
{
    Str prefix = loader->options.key_prefix.data != NULL ? loader->options.key_prefix : STR(CYPHER_MADE_KEY);
    uint32_t *place;

    node->has_id = id != NULL && id->kind == LOAD_TEXT && id->text.len > 0;
    node->key = node->has_id
                    ? id->text
                    : str_format(loader->arena, "%.*s%zu", STR_ARG(prefix), loader->node_growing.count + 1);
    if (node->has_id && str_starts(node->key, STR(CYPHER_MADE_KEY)))
        return cypher_error(node->place, "an id can't begin with %s, as made-up ones do", CYPHER_MADE_KEY);
    place = keymap_place(&loader->keys, node->key);
    if (*place != KEYMAP_NONE)
        return cypher_error(node->place, "the id %.*s is the one of a node on line %u already",
                            STR_ARG(str_slice(node->key, 0, 60)), loader->nodes[*place].place.line);
    *place = (uint32_t)loader->node_growing.count;
    return OK;
}

static Err check_labels(const CypherNodePattern *pattern)
{
    if (pattern->label_count > GRAPH_MAX_LABELS)
        return cypher_error(pattern->place, "a node has at most %d labels", GRAPH_MAX_LABELS);
    return OK;
}

static Err make_node(Loader *loader, const LoadRow *row, const CypherNodePattern *pattern, size_t *out)
{
    LoadNode node = {.place = pattern->place, .labels = pattern->labels, .label_count = pattern->label_count};

    TRY(loader_count(loader, pattern->place, 1));
    TRY(check_labels(pattern));
    TRY(load_properties(loader, row, pattern->properties, &node.properties));
    TRY(take_key(loader, &node, load_property(&node.properties, STR("id"))));
    loader->nodes = parser_more(&loader->parser, &loader->node_growing, loader->nodes, sizeof *loader->nodes);
    *out = loader->node_growing.count;
    loader->nodes[loader->node_growing.count++] = node;
    return OK;
}

static bool says_more(const CypherNodePattern *pattern)
{
    return pattern->label_count > 0 || pattern->properties != NULL;
}

/* The node of a pattern: one that a name stands for, or a new one. */
static Err take_node(Loader *loader, LoadRow *row, const CypherNodePattern *pattern, size_t *out)
{
    LoadValue *value;

    if (pattern->name.text.data == NULL)
        return make_node(loader, row, pattern, out);
    value = loader_place(loader, row, pattern->name.slot);
    if (value->kind == LOAD_NODE && says_more(pattern))
        return cypher_error(pattern->place, "%.*s is a node already: it can't get labels or properties here",
                            STR_ARG(pattern->name.text));
    if (value->kind == LOAD_NODE) {
        *out = value->node;
        return OK;
    }
    if (pattern->name.bound)
        return cypher_error(pattern->place, "%.*s isn't a node", STR_ARG(pattern->name.text));
    TRY(make_node(loader, row, pattern, out));
    *loader_place(loader, row, pattern->name.slot) = (LoadValue){.kind = LOAD_NODE, .node = *out};
    return OK;
}

/* ---- Relationships ---- */

static Err check_relationship(const CypherRelationshipPattern *pattern)
{
    if (pattern->type_count != 1)
        return cypher_error(pattern->place, "a new relationship has one type, as in -[:TYPE]->");
    if (pattern->direction == CYPHER_EITHER)
        return cypher_error(pattern->place, "a new relationship has a direction: expected --> or <--");
    if (pattern->var_length)
        return cypher_error(pattern->place, "a new relationship has no length");
    return OK;
}

/* The store tells relationships of one type between two nodes apart by their lines. */
static Err check_twins(Loader *loader, const CypherRelationshipPattern *pattern,
                       const GraphRelationship *made)
{
    Str twin = str_format(loader->arena, "%lld %zu %zu %.*s%.*s%.*s", (long long)made->line, made->type.len,
                          made->from.len, STR_ARG(made->type), STR_ARG(made->from), STR_ARG(made->to));
    uint32_t *place = keymap_place(&loader->twins, twin);

    if (*place != KEYMAP_NONE)
        return cypher_error(pattern->place,
                            "two relationships of one type between the same nodes need a line each");
    *place = 0;
    return OK;
}

static Err make_relationship(Loader *loader, const LoadRow *row, const CypherRelationshipPattern *pattern,
                             size_t left, size_t right)
{
    bool forward = pattern->direction == CYPHER_RIGHT;
    GraphRelationship made = {.line = pattern->place.line, .repeats = true};
    LoadMap properties;

    TRY(loader_count(loader, pattern->place, 1));
    TRY(check_relationship(pattern));
    TRY(load_properties(loader, row, pattern->properties, &properties));
    made.type = pattern->types[0];
    made.from = loader->nodes[forward ? left : right].key;
    made.to = loader->nodes[forward ? right : left].key;
    made.properties = load_json(loader->arena, &properties, (Str){0});
    TRY(check_twins(loader, pattern, &made));
    loader->relationships = parser_more(&loader->parser, &loader->relationship_growing, loader->relationships,
                                        sizeof *loader->relationships);
    loader->relationships[loader->relationship_growing.count++] = made;
    return OK;
}

/* ---- CREATE ---- */

static Err declare_node(Loader *loader, CypherName *name)
{
    name->bound = name->text.data != NULL && loader_knows(loader, name->text);
    return name->text.data != NULL ? loader_declare(loader, name) : OK;
}

static Err declare_path(Loader *loader, const CypherPath *path)
{
    if (path->name.text.data != NULL)
        return cypher_error(path->name.place, "paths with a name aren't supported in a file");
    for (size_t i = 0; i <= path->relationship_count; i++)
        TRY(declare_node(loader, &path->nodes[i].name));
    for (size_t i = 0; i < path->relationship_count; i++) {
        CypherName *name = &path->relationships[i].name;

        if (name->text.data != NULL && loader_knows(loader, name->text))
            return cypher_error(name->place, "%.*s is a variable already: expected a new name",
                                STR_ARG(name->text));
        if (name->text.data != NULL)
            TRY(loader_declare(loader, name));
    }
    return OK;
}

static Err create_path(Loader *loader, LoadRow *row, const CypherPath *path)
{
    size_t left = 0;
    size_t right = 0;

    TRY(take_node(loader, row, &path->nodes[0], &left));
    for (size_t i = 0; i < path->relationship_count; i++) {
        TRY(take_node(loader, row, &path->nodes[i + 1], &right));
        TRY(make_relationship(loader, row, &path->relationships[i], left, right));
        left = right;
    }
    return OK;
}

Err load_create(Loader *loader, const CypherPath *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(declare_path(loader, &paths[i]));
    for (size_t r = 0; r < loader->row_count; r++)
        for (size_t i = 0; i < count; i++)
            TRY(create_path(loader, &loader->rows[r], &paths[i]));
    return OK;
}

/* ---- MATCH ---- */

static bool has_label(const LoadNode *node, Str label)
{
    for (size_t i = 0; i < node->label_count; i++)
        if (str_equal(node->labels[i], label))
            return true;
    return false;
}

static bool is_match(const LoadNode *node, const CypherNodePattern *pattern, const LoadMap *wanted)
{
    for (size_t i = 0; i < pattern->label_count; i++)
        if (!has_label(node, pattern->labels[i]))
            return false;
    for (size_t i = 0; i < wanted->count; i++) {
        const LoadValue *found = load_property(&node->properties, wanted->keys[i]);

        if (found == NULL || !load_equal(found, &wanted->values[i]))
            return false;
    }
    return true;
}

typedef struct Found {
    LoadRow *rows;
    Growing growing;
} Found;

static Err add_row(Loader *loader, Found *found, const LoadRow *row, const CypherName *name, size_t node)
{
    LoadRow *added;

    TRY(loader_count(loader, name->place, loader->slots.count + 1));
    found->rows = parser_more(&loader->parser, &found->growing, found->rows, sizeof *found->rows);
    added = &found->rows[found->growing.count++];
    added->values = arena_array(loader->arena, LoadValue, loader->slots.count);
    added->capacity = loader->slots.count;
    for (size_t i = 0; i < added->capacity && i < row->capacity; i++)
        added->values[i] = row->values[i];
    added->values[name->slot] = (LoadValue){.kind = LOAD_NODE, .node = node};
    return OK;
}

/* Each row becomes as many as there are nodes that fit. */
static Err match_node(Loader *loader, CypherNodePattern *pattern)
{
    Found found = {0};
    LoadMap wanted;

    if (pattern->name.text.data == NULL || loader_knows(loader, pattern->name.text))
        return cypher_error(pattern->place, "MATCH expects a new name for a node here");
    TRY(loader_declare(loader, &pattern->name));
    for (size_t r = 0; r < loader->row_count; r++) {
        TRY(load_properties(loader, &loader->rows[r], pattern->properties, &wanted));
        for (size_t i = 0; i < loader->node_growing.count; i++)
            if (is_match(&loader->nodes[i], pattern, &wanted))
                TRY(add_row(loader, &found, &loader->rows[r], &pattern->name, i));
    }
    loader->rows = found.rows;
    loader->row_count = found.growing.count;
    return OK;
}

Err load_match(Loader *loader, const CypherMatch *match)
{
    for (size_t i = 0; i < match->path_count; i++) {
        const CypherPath *path = &match->paths[i];

        if (match->optional || match->where != NULL || path->relationship_count > 0 ||
            path->name.text.data != NULL)
            return cypher_error(path->place,
                                "a file's MATCH finds single nodes, as in MATCH (n:Label {key: value})");
        TRY(match_node(loader, &path->nodes[0]));
    }
    return OK;
}
