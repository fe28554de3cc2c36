/* What the files of the loader share: the nodes and relationships so far, and the rows that the next clause is done for. */
#ifndef NERDX_STORES_GRAPH_CYPHER_LOADER_H
#define NERDX_STORES_GRAPH_CYPHER_LOADER_H

#include "base/buf.h"
#include "base/keymap.h"
#include "stores/graph/cypher/load.h"
#include "stores/graph/cypher/parser.h"

typedef enum LoadKind {
    LOAD_NULL,
    LOAD_BOOLEAN,
    LOAD_INTEGER,
    LOAD_FLOAT,
    LOAD_TEXT,
    LOAD_LIST,
    LOAD_MAP,
    LOAD_NODE
} LoadKind;

typedef struct LoadValue LoadValue;

typedef struct LoadMap {
    const Str *keys;
    LoadValue *values;
    size_t count;
} LoadMap;

typedef struct LoadList {
    LoadValue *items;
    size_t count;
} LoadList;

struct LoadValue {
    LoadKind kind;
    union {
        bool boolean;
        int64_t integer;
        double number;
        Str text;
        LoadList list;
        LoadMap map;
        size_t node; /* its place among the loader's */
    };
};

typedef struct LoadNode {
    CypherPlace place;
    Str key;
    const Str *labels;
    size_t label_count;
    LoadMap properties; /* the id that became the key is there, too */
    bool has_id;
} LoadNode;

/* The values of the variables, by slot. */
typedef struct LoadRow {
    LoadValue *values;
    size_t capacity;
} LoadRow;

typedef struct Loader {
    Arena *arena;
    Parser parser;
    CypherLoadOptions options;
    LoadNode *nodes;
    Growing node_growing;
    GraphRelationship *relationships;
    Growing relationship_growing;
    LoadRow *rows;
    size_t row_count;
    size_t items;   /* made so far, against CYPHER_LOAD_MAX_ITEMS */
    StrIdMap slots; /* of variables, since the last semicolon */
    StrIdMap keys;  /* of nodes: their places */
    StrIdMap twins; /* lines, types and ends of relationships */
} Loader;

Err loader_count(Loader *loader, CypherPlace place, size_t items);
bool loader_knows(const Loader *loader, Str name);
Err loader_declare(Loader *loader, CypherName *name);
LoadValue *loader_place(Loader *loader, LoadRow *row, size_t slot);

Err load_create(Loader *loader, const CypherPath *paths, size_t count);
Err load_match(Loader *loader, const CypherMatch *match);

Err load_evaluate(Loader *loader, const LoadRow *row, const CypherExpression *expression, LoadValue *out);
/* What a property may be: no null, no map, no node. Errors say so. */
Err load_properties(Loader *loader, const LoadRow *row, const CypherExpression *map, LoadMap *out);
const LoadValue *load_property(const LoadMap *properties, Str key); /* NULL when it has none */
bool load_equal(const LoadValue *a, const LoadValue *b);
/* As a JSON object, without the property named, if one is. */
Json load_json(Arena *arena, const LoadMap *properties, Str without);

#endif
