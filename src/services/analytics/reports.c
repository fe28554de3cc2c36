/* What operators read. */
#include "services/analytics/counts.h"
#include "services/analytics/funnel.h"
#include "services/analytics/plans.h"
#include "services/analytics/returns.h"

static DayCount show_day(Arena *arena, const Calendar *calendar, size_t day, const int64_t *numbers)
{
    DayCount out = {
        .day = calendar_date(arena, calendar, day),
        .visitors = numbers[COUNT_VISITORS],
        .sessions = numbers[COUNT_SESSIONS],
        .kinds.items = arena_array(arena, KindCount, EVENT_KIND_COUNT),
    };

    for (size_t i = 0; i < EVENT_KIND_COUNT; i++) {
        const int64_t *of_kind = count_of_kind(numbers, (EventKind)i);
        if (of_kind[0] > 0)
            out.kinds.items[out.kinds.count++] = (KindCount){(EventKind)i, of_kind[0], of_kind[1]};
    }
    return out;
}

Err analytics_count(Call *call, const AnalyticsCountInput *in, DayCounts *out)
{
    Calendar calendar;
    int64_t *numbers;

    TRY(calendar_make(call->arena, in->zone, in->from, in->to, &calendar));
    TRY(roll_up(call->service, call->arena, &calendar, &COUNTS, &numbers));
    *out = (DayCounts){.zone = in->zone, .items.items = arena_array(call->arena, DayCount, calendar.count)};
    for (size_t day = 0; day < calendar.count; day++)
        out->items.items[out->items.count++] =
            show_day(call->arena, &calendar, day, numbers + day * COUNT_WIDTH);
    return OK;
}

/* ---- funnels */

static Err show_funnel(Arena *arena, const Calendar *calendar, const EventKind *kinds, size_t count,
                       int64_t window_days, const int64_t *numbers, FunnelReport *out)
{
    *out = (FunnelReport){
        .zone = calendar->zone,
        .window_days = window_days,
        .steps.items = arena_array(arena, FunnelStep, count),
        .steps.count = count,
        .items.items = arena_array(arena, FunnelDay, calendar->count),
        .items.count = calendar->count,
    };
    for (size_t k = 0; k < count; k++)
        out->steps.items[k].kind = kinds[k];
    for (size_t day = 0; day < calendar->count; day++) {
        FunnelDay *shown = &out->items.items[day];
        shown->day = calendar_date(arena, calendar, day);
        shown->visitors.items = arena_array(arena, int64_t, count);
        shown->visitors.count = count;
        for (size_t k = 0; k < count; k++) {
            shown->visitors.items[k] = numbers[day * count + k];
            out->steps.items[k].visitors += numbers[day * count + k];
        }
    }
    return OK;
}

Err analytics_ask_funnel(Call *call, const FunnelQuestion *in, FunnelReport *out)
{
    Funnel funnel = funnel_of(in->steps.items, in->steps.count, in->window_days);
    Measure measure = funnel_measure(call->arena, &funnel);
    Calendar calendar;
    int64_t *numbers;

    TRY(calendar_make(call->arena, in->zone, in->from, in->to, &calendar));
    TRY(roll_up_raw(call->service, call->arena, &calendar, &measure, &numbers));
    return show_funnel(call->arena, &calendar, in->steps.items, in->steps.count, in->window_days, numbers,
                       out);
}

Err analytics_get_funnel(Call *call, const AnalyticsGetFunnelInput *in, FunnelReport *out)
{
    Analytics *analytics = call->service;
    const NamedFunnel *named;
    Calendar calendar;
    int64_t *numbers;

    TRY(plans_find_funnel(analytics->plans, call->arena, in->funnel, &named));
    Funnel funnel = funnel_of(named->steps, named->count, named->window_days);
    Measure measure = funnel_measure(call->arena, &funnel);
    TRY(calendar_make(call->arena, in->zone, in->from, in->to, &calendar));
    TRY(roll_up(analytics, call->arena, &calendar, &measure, &numbers));
    return show_funnel(call->arena, &calendar, named->steps, named->count, named->window_days, numbers, out);
}

/* ---- retention */

static Err read_returns(Analytics *analytics, Returns *returns)
{
    AUTO_END_READS Sql *reading = NULL;
    const Calendar *calendar = returns->calendar;
    int64_t from_ms = calendar->begin_ms[0] - VISITOR_LIFE_DAYS * ANALYTICS_DAY_MS;

    TRY(sql_begin_reads(analytics->sql, &reading));
    return walk(reading, from_ms > 0 ? from_ms : 0, calendar->begin_ms[calendar->count], returns_add,
                returns);
}

static void show_cohorts(Arena *arena, const Returns *returns, RetentionReport *out)
{
    out->items.items = arena_array(arena, Cohort, returns->periods);
    for (size_t i = 0; i < returns->periods; i++)
        out->items.items[out->items.count++] = (Cohort){
            .first_day = calendar_date(arena, returns->calendar, i * returns->period_days),
            .visitors = {returns->numbers + i * returns->periods, returns->periods - i},
        };
}

Err analytics_get_retention(Call *call, const AnalyticsGetRetentionInput *in, RetentionReport *out)
{
    enum { WEEK = 7 };
    size_t days = in->period == ANALYTICS_GET_RETENTION_INPUT_PERIOD_WEEK ? WEEK : 1;
    Returns returns = {.period_days = days};
    Calendar calendar;

    TRY(calendar_make(call->arena, in->zone, in->from, in->to, &calendar));
    returns.calendar = &calendar;
    returns.periods = (calendar.count + days - 1) / days;
    if (returns.periods > RETURNS_MOST_PERIODS)
        return err_at(err(UNPROCESSABLE, "to: %zu periods from there, at most %d are shown", returns.periods,
                          RETURNS_MOST_PERIODS),
                      "/to");
    returns.numbers = arena_array(call->arena, int64_t, returns.periods *returns.periods);
    TRY(read_returns(call->service, &returns));
    out->zone = in->zone;
    show_cohorts(call->arena, &returns, out);
    return OK;
}
