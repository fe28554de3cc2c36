/* All visitors of a time, one after the other, each with what they did in the order they did it. Memory is what a sixteenth of them take. */
#ifndef NERDX_SERVICES_ANALYTICS_WALK_H
#define NERDX_SERVICES_ANALYTICS_WALK_H

#include "services/analytics/row.h"
#include "stores/sql/sql.h"

typedef struct WalkEvent {
    int64_t at_ms;
    uint8_t code;
} WalkEvent;

typedef struct Visited {
    Str visitor; /* as the store has it */
    const WalkEvent *events;
    size_t count;
    bool is_known; /* false: many people's events, of those without consent */
} Visited;

/* Events from from_ms on and before to_ms. What on_visitor is given lasts until it returns. Errors: of the store. */
Err walk(Sql *sql, int64_t from_ms, int64_t to_ms, void (*on_visitor)(void *context, const Visited *visited),
         void *context);

#endif
