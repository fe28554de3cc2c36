/* What is counted of each day, kept, and made anew from the raw events when those of the days it rests on have changed:
 * late, twice, in whatever order they came, or deleted; and when the rules of its zone have it begin or end at another
 * moment than it did. A day's version changes in the transaction that changes its events, so that there is no moment at
 * which a count is wrong and looks right. */
#ifndef NERDX_SERVICES_ANALYTICS_ROLL_UP_H
#define NERDX_SERVICES_ANALYTICS_ROLL_UP_H

#include "services/analytics/calendar.h"
#include "services/analytics/room.h"
#include "services/analytics/walk.h"

typedef struct Measure {
    Str name;          /* another where it counts otherwise */
    size_t width;      /* numbers a day */
    int64_t before_ms; /* how long before a day something may have happened that counts */
    int64_t behind_ms; /* and how long after it */
    const void *context;
    /* Adds what a visitor did to the numbers of the days, `width` each. */
    void (*add)(const void *context, const Calendar *calendar, const Visited *visited, int64_t *numbers);
} Measure;

/* numbers: of all days, the arena's. Errors: those of the store. */
Err roll_up(Analytics *analytics, Arena *arena, const Calendar *calendar, const Measure *measure,
            int64_t **numbers);

/* The same, without what is kept. */
Err roll_up_raw(Analytics *analytics, Arena *arena, const Calendar *calendar, const Measure *measure,
                int64_t **numbers);

#endif
