#include "services/analytics/returns.h"

void returns_add(void *context, const Visited *visited)
{
    const Returns *returns = context;
    const Calendar *calendar = &returns->calendar;
    size_t first = 0, counted = SIZE_MAX;

    if (!visited->is_known || visited->events[0].at_ms < calendar->begin_ms[0])
        return;
    for (size_t i = 0; i < visited->count; i++) {
        size_t day = calendar_day_of(calendar, visited->events[i].at_ms);
        size_t period = day / returns->period_days;
        if (day == calendar->count || period >= returns->periods || period == counted)
            continue;
        first = counted == SIZE_MAX ? period : first;
        returns->numbers[first * returns->periods + period - first]++;
        counted = period;
    }
}
