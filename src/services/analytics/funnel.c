#include "services/analytics/funnel.h"

Funnel funnel_of(const EventKind *kinds, size_t count, int64_t window_days)
{
    Funnel funnel = {.count = count, .window_ms = window_days * ANALYTICS_DAY_MS};

    for (size_t i = 0; i < count; i++)
        funnel.steps[i] = KIND_ROWS[kinds[i]].code;
    return funnel;
}

/* Of all ways that have come to a step the one that began last has the most time left: it goes wherever another could, so that
 * its beginning is all there is to know. From the last step down, so that no event is two steps of a way. */
static size_t step(const Funnel *funnel, const WalkEvent *event, int64_t began_ms[FUNNEL_MOST_STEPS])
{
    size_t deepest = 0;

    for (size_t i = funnel->count - 1; i > 0; i--)
        if (event->code == funnel->steps[i] && began_ms[i - 1] >= 0 &&
            event->at_ms - began_ms[i - 1] <= funnel->window_ms) {
            began_ms[i] = began_ms[i - 1];
            deepest = deepest > i + 1 ? deepest : i + 1;
        }
    return deepest;
}

size_t funnel_depth(const Funnel *funnel, const WalkEvent *events, size_t count, int64_t end_ms)
{
    int64_t began_ms[FUNNEL_MOST_STEPS];
    size_t deepest = 0;

    for (size_t i = 0; i < FUNNEL_MOST_STEPS; i++)
        began_ms[i] = -1;
    for (size_t i = 0; i < count && events[i].at_ms <= end_ms + funnel->window_ms && deepest < funnel->count;
         i++) {
        size_t came_to = step(funnel, &events[i], began_ms);
        if (events[i].code == funnel->steps[0] && events[i].at_ms < end_ms) {
            began_ms[0] = events[i].at_ms;
            came_to = came_to > 1 ? came_to : 1;
        }
        deepest = deepest > came_to ? deepest : came_to;
    }
    return deepest;
}

static void add(const void *context, const Calendar *calendar, const Visited *visited, int64_t *numbers)
{
    const Funnel *funnel = context;
    size_t counted = SIZE_MAX; /* the day */

    for (size_t i = 0; visited->is_known && i < visited->count; i++) {
        if (visited->events[i].code != funnel->steps[0])
            continue;
        size_t day = calendar_day_of(calendar, visited->events[i].at_ms);
        if (day == calendar->count || day == counted)
            continue;
        size_t depth =
            funnel_depth(funnel, visited->events + i, visited->count - i, calendar->begin_ms[day + 1]);
        for (size_t k = 0; k < depth; k++)
            numbers[day * funnel->count + k]++;
        counted = day;
    }
}

Measure funnel_measure(Arena *arena, const Funnel *funnel)
{
    Buf name = {.arena = arena};

    buf_format(&name, "funnel %lld", (long long)funnel->window_ms);
    for (size_t i = 0; i < funnel->count; i++)
        buf_format(&name, " %d", funnel->steps[i]);
    return (Measure){
        .name = buf_str(&name),
        .width = funnel->count,
        .behind_ms = funnel->window_ms,
        .context = funnel,
        .add = add,
    };
}
