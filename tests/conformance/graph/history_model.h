/* A model of the graph that is too simple to be wrong: lists of claims, looked through from end to end. What was said
 * is kept as a list of operations, and an origin is retracted by going through the history again without it. */
#ifndef NERDX_TESTS_CONFORMANCE_GRAPH_HISTORY_MODEL_H
#define NERDX_TESTS_CONFORMANCE_GRAPH_HISTORY_MODEL_H

#include <string.h>

#include "conformance/graph/fixture.h"

enum { MAX_OPERATIONS = 800, MAX_CLAIMS = MAX_OPERATIONS, PROPERTIES = 3 };

/* Values of the properties a, b and c; 0 = hasn't it. */
typedef struct Values {
    int of[PROPERTIES];
} Values;

typedef struct Said {
    const char *origin; /* "ground", "event:7" */
    bool by_event;
    bool is_node;
    const char *key;  /* of the node, or whence the relationship */
    const char *to;   /* NULL for a node */
    const char *type; /* or the node's label */
    Values values;
    int64_t since_us;
    int64_t until_us; /* GRAPH_FOREVER: no end */
    int64_t now_us;
    int64_t line;
    bool repeats;
    bool drops; /* nothing is said: the origin's claim for it ends, as a replacement ends it */
} Said;

typedef struct Claim {
    Said said;
    int64_t since_us;
    int64_t until_us;
    bool current; /* its origin says it still */
} Claim;

typedef struct Model {
    Said history[MAX_OPERATIONS]; /* what took effect */
    size_t operations;
    Claim claims[MAX_CLAIMS]; /* in the order of writing */
    size_t count;
} Model;

/* Says it, and remembers it if it took effect. For events GRAPH_SAME: it is known. */
GraphVerdict model_say(Model *model, Said said);
/* Does an event speak of something that doesn't exist? */
bool model_misses(const Model *model, const Said *event);
bool model_same_thing(const Said *a, const Said *b); /* the same node, or relationship */
void model_retract(Model *model, const char *origin);

/* As the functions of the same names in fixture.h tell of the graph. */
Str model_node_at(Arena *arena, const Model *model, const char *key, int64_t moment_us);
Str model_neighbours_at(Arena *arena, const Model *model, const char *key, int64_t moment_us);
Str model_node_claims(Arena *arena, const Model *model, const char *key);
Str model_relationship_claims(Arena *arena, const Model *model, const char *type, const char *from,
                              const char *to);

bool model_exists(const Model *model, const char *key, int64_t moment_us);
bool model_did_something(const Model *model, const char *key, int64_t moment_us); /* as a user */

Json values_text(Arena *arena, Values values);

static inline bool history_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static inline bool model_is_open(const Claim *claim, int64_t moment_us)
{
    if (moment_us == GRAPH_NOW)
        return claim->until_us == GRAPH_FOREVER;
    return claim->since_us <= moment_us && moment_us < claim->until_us;
}

static inline int64_t history_smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t history_larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

#endif
