/* Who comes back: visitors by the period they were first seen in, and how many of them came in each period from then on. */
#ifndef NERDX_SERVICES_ANALYTICS_RETURNS_H
#define NERDX_SERVICES_ANALYTICS_RETURNS_H

#include "services/analytics/calendar.h"
#include "services/analytics/walk.h"

enum { RETURNS_MOST_PERIODS = 64, VISITOR_LIFE_DAYS = 90 };

typedef struct Returns {
    Calendar calendar;
    size_t period_days;
    size_t periods;
    int64_t *numbers; /* [first seen in][periods later], periods * periods */
} Returns;

/* context: Returns. Adds a visitor; events from VISITOR_LIFE_DAYS before the calendar on tell whether they are new. */
void returns_add(void *context, const Visited *visited);

#endif
