/* Steps in their order within a time, as a measure. What is counted of a day are the visitors who took the first step on it, and how far
 * the farthest of those ways went: the steps one after the other, others between, the last no later than the window after the first. So the days
 * of a funnel add up, and a way that began on Monday and ended on Friday is Monday's. */
#ifndef NERDX_SERVICES_ANALYTICS_FUNNEL_H
#define NERDX_SERVICES_ANALYTICS_FUNNEL_H

#include "services/analytics/kinds.h"
#include "services/analytics/roll_up.h"

enum { FUNNEL_MOST_STEPS = 8 };

typedef struct Funnel {
    uint8_t steps[FUNNEL_MOST_STEPS]; /* codes */
    size_t count;
    int64_t window_ms;
} Funnel;

Funnel funnel_of(const EventKind *kinds, size_t count, int64_t window_days);

/* The funnel must outlive it. Its numbers: who came to each step. */
Measure funnel_measure(Arena *arena, const Funnel *funnel);

/* How many steps the farthest way went that begins before end_ms; 0: none begins. Events are in the order they happened in. */
size_t funnel_depth(const Funnel *funnel, const WalkEvent *events, size_t count, int64_t end_ms);

#endif
