/* The functions that a query may call, as the checker knows them. What they do is in the engine. */
#ifndef NERDX_STORES_GRAPH_CYPHER_FUNCTIONS_H
#define NERDX_STORES_GRAPH_CYPHER_FUNCTIONS_H

#include "stores/graph/cypher/types.h"

enum { FUNCTION_ANY_NUMBER = 255 };

/* How the type of the result follows from the arguments. */
typedef enum FunctionResult {
    RESULT_FIXED,   /* of the kinds named */
    RESULT_SAME,    /* as the first argument */
    RESULT_ITEM,    /* an item of the first argument */
    RESULT_LIST_OF, /* a list of what the first argument is */
    RESULT_EITHER   /* one of the arguments */
} FunctionResult;

typedef struct FunctionRow {
    Str name;
    CypherFunction function;
    uint8_t min_arguments;
    uint8_t max_arguments;
    bool aggregates;
    Kinds first; /* what the first argument must be */
    FunctionResult result;
    Kinds kinds;
    Kinds items;
} FunctionRow;

/* In any case; NULL when there is none. */
const FunctionRow *function_find(Str name);
bool function_aggregates(CypherFunction function);
/* The name as openCypher writes it. */
Str function_name(CypherFunction function);

#endif
