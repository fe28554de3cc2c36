/* What is known of a value before a query runs: which kinds it may be of. Null may always be. */
#ifndef NERDX_STORES_GRAPH_CYPHER_TYPES_H
#define NERDX_STORES_GRAPH_CYPHER_TYPES_H

#include "stores/graph/cypher/token.h"

/* A set of kinds. */
typedef unsigned Kinds;

enum {
    KIND_BOOLEAN = 1,
    KIND_INTEGER = 2,
    KIND_FLOAT = 4,
    KIND_STRING = 8,
    KIND_LIST = 16,
    KIND_MAP = 32,
    KIND_NODE = 64,
    KIND_RELATIONSHIP = 128,
    KIND_PATH = 256,
    KIND_NUMBER = KIND_INTEGER | KIND_FLOAT,
    KIND_ENTITY = KIND_NODE | KIND_RELATIONSHIP,
    KIND_KEYED = KIND_ENTITY | KIND_MAP,
    KIND_ANY = 511
};

typedef struct Type {
    Kinds kinds;
    Kinds items; /* of its items, where it is a list */
} Type;

static inline Type type_of(Kinds kinds)
{
    return (Type){.kinds = kinds, .items = KIND_ANY};
}

static inline Type type_list(Kinds items)
{
    return (Type){.kinds = KIND_LIST, .items = items};
}

/* Either of them. */
Type type_join(Type a, Type b);
/* An item of it, when it is a list. */
Type type_item(Type list);

/* INVALID when a value of this type can be none of the kinds; `what` begins the sentence: "NOT". */
Err type_demand(Type type, Kinds kinds, CypherPlace place, const char *what);

/* "a node or relationship", for errors. */
const char *kinds_name(Kinds kinds);

#endif
