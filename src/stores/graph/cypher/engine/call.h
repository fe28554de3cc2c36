/* A call of a function, as the files that have functions get it. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_CALL_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_CALL_H

#include "stores/graph/cypher/engine/parts.h"

enum { CALL_MAX_ARGUMENTS = 3 };

/* No argument is null, unless the function's row in call.c says that it takes nulls. */
typedef struct Call {
    Run *run;
    CypherPlace place;
    CypherFunction function;
    Str name;
    Value arguments[CALL_MAX_ARGUMENTS];
    size_t count;
} Call;

/* "size(): a list or string is needed, not an integer" */
Err call_refuse(const Call *call, const char *needed, Value found);
/* An argument that must be an integer, at least `least`. */
Err call_integer(const Call *call, size_t place, int64_t least, int64_t *out);

/* numbers.c */
Err number_keep_type(const Call *call, Value *out); /* abs */
Err number_round(const Call *call, Value *out);     /* ceil, floor, round */
Err number_sign(const Call *call, Value *out);
Err number_of_float(const Call *call, Value *out); /* sqrt, exp, log, sin … */
Err number_constant(const Call *call, Value *out); /* e, pi, rand */
Err number_to_integer(const Call *call, Value *out);
Err number_to_float(const Call *call, Value *out);

/* texts.c */
Err text_to_boolean(const Call *call, Value *out);
Err text_to_string(const Call *call, Value *out);
Err text_change_case(const Call *call, Value *out);
Err text_trim(const Call *call, Value *out);
Err text_replace(const Call *call, Value *out);
Err text_substring(const Call *call, Value *out);
Err text_end(const Call *call, Value *out); /* left, right */
Err text_split(const Call *call, Value *out);
Str text_reverse(Arena *arena, Str text);

/* lists.c */
Err list_size(const Call *call, Value *out);
Err list_item(const Call *call, Value *out); /* head, last */
Err list_tail(const Call *call, Value *out);
Err list_reverse(const Call *call, Value *out);
Err list_range(const Call *call, Value *out);

/* entities.c: nodes, relationships, paths and maps */
Err entity_keys(const Call *call, Value *out);
Err entity_properties(const Call *call, Value *out);
Err entity_labels(const Call *call, Value *out);
Err entity_type(const Call *call, Value *out);
Err entity_end(const Call *call, Value *out);  /* startNode, endNode */
Err entity_path(const Call *call, Value *out); /* nodes, relationships, length */

#endif
