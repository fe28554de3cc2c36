/* One query being run: its parameters, the row under work, what was read, and what it may still use. Only for the
 * engine's files; execute.h is the door. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_RUN_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_RUN_H

#include "base/clock.h"
#include "stores/graph/cypher/engine/access.h"
#include "stores/graph/cypher/ast.h"
#include "stores/graph/cypher/engine/value.h"

enum {
    RUN_MAX_DEPTH = 500,      /* of clauses, hops and expressions within each other: what the stack holds */
    RUN_MAX_NESTING = 60,     /* of lists and maps within each other */
    RUN_MAX_ITEMS = 1 << 20,  /* of a list that is made */
    RUN_MAX_TEXT = 16 << 20,  /* bytes of a text that is made */
    RUN_TICKS_PER_LOOK = 256, /* how often the clock is looked at */
};

typedef struct Run {
    const CypherQuery *query;
    ValueMap parameters;
    Access access;
    Arena scratch; /* of the row under work: rewound when it is done */
    Arena kept;    /* of rows that wait, and of the answer */
    Value *row;    /* by slot */
    GraphBudget budget;
    const Clock *clock;
    int64_t deadline_us;
    uint32_t ticks;
    size_t depth;
    const struct Aggregation
        *aggregation; /* the group whose results CYPHER_CALLs to aggregations stand for */
} Run;

/* Called in every loop. Errors: UNPROCESSABLE when the query has used up its time or memory. */
Err run_tick(Run *run);

/* Before something of this size is made in the scratch arena. Errors as run_tick. */
Err run_reserve(Run *run, size_t bytes);
Err run_reserve_items(Run *run, CypherPlace place, size_t count);
Err run_reserve_text(Run *run, CypherPlace place, size_t bytes);

/* Around what calls itself. Errors: UNPROCESSABLE when it goes too deep. */
Err run_enter(Run *run);
static inline void run_leave(Run *run)
{
    run->depth--;
}

/* UNPROCESSABLE with the line and column before the message. */
Err run_refuse(CypherPlace place, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
