/* In which order the elements of patterns are looked for. Simple and predictable: begin with what already has a value,
 * else with a node whose id is given, else with one that has a label; from there follow the relationships that touch
 * what is known, those with both ends known first and those of variable length last; then begin anew.
 * A condition is checked as soon as all that it reads is known. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_PLAN_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_PLAN_H

#include "base/arena.h"
#include "base/err.h"
#include "stores/graph/cypher/ast.h"

typedef enum StepKind {
    STEP_KNOWN_NODE,         /* node has a value: check it */
    STEP_FIND_NODE,          /* by its id */
    STEP_SCAN_NODES,         /* by its first label, or all there are */
    STEP_KNOWN_RELATIONSHIP, /* relationship has a value: its ends follow */
    STEP_EXPAND,             /* from node `from` along relationship to node `node` */
    STEP_EXPAND_MANY,        /* the same for one of variable length */
    STEP_PATH                /* put the path together */
} StepKind;

/* A condition that becomes ready with a step. `early` ones are conditions of WHERE, which is evaluated whole at the end:
 * they only save work, so an error in one is no error yet. */
typedef struct Check {
    const CypherExpression
        *expression; /* a condition; or, with a slot, the properties that what is in it must have */
    bool has_slot;
    size_t slot;
    bool done; /* while planning */
} Check;

typedef struct Step {
    StepKind kind;
    const CypherNodePattern *node; /* KNOWN_RELATIONSHIP: the left end; the right one is `from` */
    bool node_known;
    const CypherNodePattern *from;
    bool from_known; /* of KNOWN_RELATIONSHIP */
    const CypherRelationshipPattern *relationship;
    bool backwards;             /* from is the right end of the pattern */
    const CypherExpression *id; /* FIND_NODE */
    bool among;                 /* id is a list of them */
    const CypherPath *path;     /* PATH */
    const Check **checks;
    size_t check_count;
} Step;

typedef struct Plan {
    Step *steps;
    size_t count;
    const CypherExpression *where; /* checked at the end; or NULL */
} Plan;

enum { PLAN_MAX_ELEMENTS = 200 };

/* Names that aren't bound yet get their values by the plan; every other slot has one before.
 * Errors: UNPROCESSABLE when the patterns have too many elements. */
Err plan_patterns(Arena *arena, const CypherPath *paths, size_t path_count, const CypherExpression *where,
                  size_t slot_count, Plan **out);

#endif
