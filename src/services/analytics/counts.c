#include "services/analytics/counts.h"

enum { MS_PER_S = 1000, IDLE_MS = ANALYTICS_IDLE_S * MS_PER_S };

/* What a visitor has been counted for on the day that is being counted. */
typedef struct Seen {
    size_t day;
    uint32_t codes; /* bits */
} Seen;

static void count_event(const WalkEvent *event, int64_t *numbers)
{
    if (event->code < MOST_CODES)
        numbers[COUNT_KINDS + 2 * (size_t)event->code]++;
}

static void count_visitor(const WalkEvent *event, size_t day, Seen *seen, int64_t *numbers)
{
    uint32_t bit = event->code < MOST_CODES ? UINT32_C(1) << event->code : 0;

    if (seen->day != day) {
        *seen = (Seen){.day = day};
        numbers[COUNT_VISITORS]++;
    }
    if (bit != 0 && (seen->codes & bit) == 0)
        numbers[COUNT_KINDS + 2 * (size_t)event->code + 1]++;
    seen->codes |= bit;
}

/* A session belongs to the day it began on; what the visitor did before the first day tells whether one goes on. */
static void add(const void *context, const Calendar *calendar, const Visited *visited, int64_t *numbers)
{
    Seen seen = {.day = SIZE_MAX};

    (void)context;
    for (size_t i = 0; i < visited->count; i++) {
        const WalkEvent *event = &visited->events[i];
        size_t day = calendar_day_of(calendar, event->at_ms);
        if (day == calendar->count)
            continue;
        count_event(event, numbers + day * COUNT_WIDTH);
        if (!visited->is_known)
            continue;
        count_visitor(event, day, &seen, numbers + day * COUNT_WIDTH);
        if (i == 0 || event->at_ms - visited->events[i - 1].at_ms >= IDLE_MS)
            numbers[day * COUNT_WIDTH + COUNT_SESSIONS]++;
    }
}

const Measure COUNTS = {
    .name = {.data = "counts", .len = 6}, .width = COUNT_WIDTH, .before_ms = IDLE_MS, .add = add};
