#include "stores/graph/cypher/types.h"

static const char *const NAMES[] = {
    "a boolean", "an integer", "a float", "a string", "a list", "a map", "a node", "a relationship", "a path",
};

typedef struct Set {
    Kinds kinds;
    const char *name;
} Set;

static const Set SETS[] = {
    {KIND_NUMBER, "a number"},
    {KIND_ENTITY, "a node or relationship"},
    {KIND_KEYED, "a node, relationship or map"},
    {KIND_LIST | KIND_KEYED, "a list, map, node or relationship"},
    {KIND_LIST | KIND_STRING, "a list or string"},
    {KIND_INTEGER | KIND_STRING, "an integer or string"},
    {KIND_NUMBER | KIND_STRING | KIND_LIST, "a number, string or list"},
};

const char *kinds_name(Kinds kinds)
{
    for (size_t i = 0; i < sizeof SETS / sizeof *SETS; i++)
        if (SETS[i].kinds == kinds)
            return SETS[i].name;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (kinds >> i & 1)
            return NAMES[i];
    return "nothing";
}

Type type_join(Type a, Type b)
{
    return (Type){.kinds = a.kinds | b.kinds, .items = a.items | b.items};
}

Type type_item(Type list)
{
    return type_of(list.kinds == KIND_LIST ? list.items : KIND_ANY);
}

Err type_demand(Type type, Kinds kinds, CypherPlace place, const char *what)
{
    if (type.kinds & kinds)
        return OK;
    return cypher_error(place, "%s expects %s, and this is %s", what, kinds_name(kinds),
                        kinds_name(type.kinds));
}
