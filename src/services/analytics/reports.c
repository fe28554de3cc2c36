/* What operators read. */
#include "services/analytics/reports.h"

#include "services/analytics/counts.h"
#include "services/analytics/plans.h"

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

Err reports_count_asked(Call *call, const FunnelQuestion *in, CountedFunnel *out)
{
    Funnel funnel = funnel_of(in->steps.items, in->steps.count, in->window_days);
    Measure measure = funnel_measure(call->arena, &funnel);
    int64_t *numbers;

    *out =
        (CountedFunnel){.kinds = in->steps.items, .count = in->steps.count, .window_days = in->window_days};
    TRY(calendar_make(call->arena, in->zone, in->from, in->to, &out->calendar));
    TRY(roll_up_raw(call->service, call->arena, &out->calendar, &measure, &numbers));
    out->numbers = numbers;
    return OK;
}

Err reports_count_named(Call *call, Str funnel, const ReportDays *days, CountedFunnel *out)
{
    Analytics *analytics = call->service;
    const NamedFunnel *named;
    int64_t *numbers;

    TRY(plans_find_funnel(analytics->plans, call->arena, funnel, &named));
    Funnel way = funnel_of(named->steps, named->count, named->window_days);
    Measure measure = funnel_measure(call->arena, &way);
    *out = (CountedFunnel){.kinds = named->steps, .count = named->count, .window_days = named->window_days};
    TRY(calendar_make(call->arena, days->zone, days->from, days->to, &out->calendar));
    TRY(roll_up(analytics, call->arena, &out->calendar, &measure, &numbers));
    out->numbers = numbers;
    return OK;
}

static void show_funnel(Arena *arena, const CountedFunnel *funnel, FunnelReport *out)
{
    size_t days = funnel->calendar.count, count = funnel->count;

    *out = (FunnelReport){
        .zone = funnel->calendar.zone,
        .window_days = funnel->window_days,
        .steps.items = arena_array(arena, FunnelStep, count),
        .steps.count = count,
        .items.items = arena_array(arena, FunnelDay, days),
        .items.count = days,
    };
    for (size_t k = 0; k < count; k++)
        out->steps.items[k].kind = funnel->kinds[k];
    for (size_t day = 0; day < days; day++) {
        FunnelDay *shown = &out->items.items[day];
        shown->day = calendar_date(arena, &funnel->calendar, day);
        shown->visitors.items = arena_array(arena, int64_t, count);
        shown->visitors.count = count;
        for (size_t k = 0; k < count; k++) {
            shown->visitors.items[k] = funnel->numbers[day * count + k];
            out->steps.items[k].visitors += funnel->numbers[day * count + k];
        }
    }
}

Err analytics_ask_funnel(Call *call, const FunnelQuestion *in, FunnelReport *out)
{
    CountedFunnel funnel;

    TRY(reports_count_asked(call, in, &funnel));
    show_funnel(call->arena, &funnel, out);
    return OK;
}

Err analytics_get_funnel(Call *call, const AnalyticsGetFunnelInput *in, FunnelReport *out)
{
    CountedFunnel funnel;

    TRY(reports_count_named(call, in->funnel, &(ReportDays){in->zone, in->from, in->to}, &funnel));
    show_funnel(call->arena, &funnel, out);
    return OK;
}

/* ---- retention */

static Err read_returns(Analytics *analytics, Returns *returns)
{
    AUTO_END_READS Sql *reading = NULL;
    const Calendar *calendar = &returns->calendar;
    int64_t from_ms = calendar->begin_ms[0] - VISITOR_LIFE_DAYS * ANALYTICS_DAY_MS;

    TRY(sql_begin_reads(analytics->sql, &reading));
    return walk(reading, from_ms > 0 ? from_ms : 0, calendar->begin_ms[calendar->count], returns_add,
                returns);
}

Err reports_count_returns(Call *call, const ReportDays *days, RetentionPeriod period, Returns *out)
{
    enum { WEEK = 7 };

    *out = (Returns){.period_days = period == RETENTION_PERIOD_WEEK ? WEEK : 1};
    TRY(calendar_make(call->arena, days->zone, days->from, days->to, &out->calendar));
    out->periods = (out->calendar.count + out->period_days - 1) / out->period_days;
    if (out->periods > RETURNS_MOST_PERIODS)
        return err_at(err(UNPROCESSABLE, "to: %zu periods from there, at most %d are shown", out->periods,
                          RETURNS_MOST_PERIODS),
                      "/to");
    out->numbers = arena_array(call->arena, int64_t, out->periods * out->periods);
    return read_returns(call->service, out);
}

static void show_cohorts(Arena *arena, const Returns *returns, RetentionReport *out)
{
    out->items.items = arena_array(arena, Cohort, returns->periods);
    for (size_t i = 0; i < returns->periods; i++)
        out->items.items[out->items.count++] = (Cohort){
            .first_day = calendar_date(arena, &returns->calendar, i * returns->period_days),
            .visitors = {returns->numbers + i * returns->periods, returns->periods - i},
        };
}

Err analytics_get_retention(Call *call, const AnalyticsGetRetentionInput *in, RetentionReport *out)
{
    Returns returns;

    TRY(reports_count_returns(call, &(ReportDays){in->zone, in->from, in->to}, in->period, &returns));
    out->zone = in->zone;
    show_cohorts(call->arena, &returns, out);
    return OK;
}
