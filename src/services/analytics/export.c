/* What is kept, given away row by row: events as they came, what is counted of each day, funnels, who comes back. */
#include "base/json.h"
#include "base/time.h"
#include "http/contract/row_writer.h"
#include "services/analytics/analytics_sql.h"
#include "services/analytics/counts.h"
#include "services/analytics/intake.h"
#include "services/analytics/reports.h"

enum { PAGE_VISITS = 16, PIECE_BYTES = 64 * 1024, US_PER_MS = 1000, HOUR_MS = 60 * 60 * 1000 };
enum { SLICE_EVENTS = 1024, SLICE_BYTES = SLICE_EVENTS * EVENT_BYTES };

/* How far an export has come: memory is a page of visits, however many there are, and a slice of a row that is nobody's. */
typedef struct Export {
    const Analytics *analytics;
    Calendar calendar;
    int64_t day; /* in UTC */
    int64_t last_day;
    uint8_t behind[VISITOR_BYTES]; /* whose visit of that day was the last; none: it begins */
    size_t behind_len;
    size_t taken;                 /* events of that row, which is nobody's and has more; 0: it is over */
    uint8_t last[EVENT_ID_BYTES]; /* of those */
} Export;

/* ---- a row */

static void put_number(const json_t *properties, const char *name, bool *is_there, int64_t *out)
{
    const json_t *value = json_object_get(properties, name);

    *is_there = json_is_integer(value);
    *out = json_integer_value(value);
}

/* As they were told: the contract has seen to what they are. */
static Err put_properties(Arena *arena, Json text, AnalyticsEventRow *out)
{
    const json_t *properties;

    TRY(json_read_into(arena, text, &properties));
    out->path = json_str_at(properties, "path");
    out->agent = json_str_at(properties, "agent");
    out->product_id = json_str_at(properties, "product_id");
    out->scene = json_str_at(properties, "scene");
    out->currency = json_str_at(properties, "currency");
    put_number(properties, "quantity", &out->has_quantity, &out->quantity);
    put_number(properties, "amount_minor", &out->has_amount_minor, &out->amount_minor);
    return OK;
}

/* What tells one event from all others. Nobody's in particular has none of it: other services tell the same ids, and
 * the same moments, with who it was (webhooks, orders, accounts); an hour is what reports by day show of it in zones
 * that are apart. */
static void put_who_and_when(Arena *arena, const RowEvent *event, AnalyticsEventRow *out)
{
    int64_t at_ms = event_id_ms(event->id);

    if (out->visitor.data != NULL)
        out->id = uuid_text(arena, event->id);
    else
        at_ms -= at_ms % HOUR_MS;
    out->occurred_at = time_format(arena, at_ms * US_PER_MS);
}

static Err put_event(const Export *export, Arena *arena, Str visitor, const RowEvent *event, RowWriter *rows)
{
    size_t day = calendar_day_of(&export->calendar, event_id_ms(event->id));
    AnalyticsEventRow row = {.visitor = visitor};

    if (day == export->calendar.count || !kind_of_code(event->code, &row.type))
        return OK;
    put_who_and_when(arena, event, &row);
    row.day = calendar_date(arena, &export->calendar, day);
    if (event->details.len > 0)
        TRY(put_properties(arena, event->details, &row));
    return analytics_export_events_row(rows, &row);
}

static Err put_visitor(const Export *export, Arena *arena, const AnalyticsSqlPageDetails *visit,
                       RowWriter *rows)
{
    Row row = {{visit->events.data, visit->events.len}, visit->details};
    Str visitor = visitor_text(arena, visit->visitor.data);
    RowEvent event;

    while (row_next(&row, &event))
        TRY(put_event(export, arena, visitor, &event, rows));
    return OK;
}

/* Events that have come meanwhile, before those that were taken, push what is behind them further back. */
static Err put_slice(Export *export, Arena *arena, SqlBlob slice, RowWriter *rows)
{
    Row row = {{slice.data, slice.len}, STR("")};
    RowEvent event;

    while (row_next(&row, &event)) {
        if (memcmp(event.id, export->last, EVENT_ID_BYTES) <= 0)
            continue;
        TRY(put_event(export, arena, (Str){0}, &event, rows));
        memcpy(export->last, event.id, EVENT_ID_BYTES);
    }
    export->taken = slice.len < SLICE_BYTES ? 0 : export->taken + SLICE_EVENTS;
    return OK;
}

static Err put_visit(Export *export, Arena *arena, const AnalyticsSqlPageDetails *visit, RowWriter *rows)
{
    export->behind_len = visit->visitor.len < VISITOR_BYTES ? visit->visitor.len : VISITOR_BYTES;
    memcpy(export->behind, visit->visitor.data, export->behind_len);
    memset(export->last, 0, sizeof export->last);
    return export->behind_len == VISITOR_BYTES ? put_visitor(export, arena, visit, rows)
                                               : put_slice(export, arena, visit->events, rows);
}

/* ---- all of them */

/* What is left of a row that is nobody's, or some of it. */
static Err put_rest(Export *export, RowWriter *rows)
{
    AUTO_ARENA Arena arena = {0};
    SqlBlob slice = {0};
    bool found;

    arena_init(&arena);
    TRY(analytics_sql_get_slice(export->analytics->sql, NULL, &arena, export->day,
                                (SqlBlob){export->behind, export->behind_len},
                                (int64_t)export->taken * EVENT_BYTES + 1, SLICE_BYTES, &slice, &found));
    return put_slice(export, &arena, slice, rows);
}

static Err put_page(Export *export, RowWriter *rows)
{
    AUTO_ARENA Arena arena = {0};
    AnalyticsSqlPageDetails *visits;
    size_t count, i = 0;

    arena_init(&arena);
    TRY(analytics_sql_page_details(export->analytics->sql, NULL, &arena, export->day,
                                   (SqlBlob){export->behind, export->behind_len}, PAGE_VISITS, SLICE_BYTES,
                                   &visits, &count));
    for (; i < count && export->taken == 0 && rows->out.len < PIECE_BYTES; i++)
        TRY(put_visit(export, &arena, &visits[i], rows));
    if (i == count && count < PAGE_VISITS && export->taken == 0) {
        export->day++;
        export->behind_len = 0;
    }
    return OK;
}

static Err next_events(void *context, RowWriter *rows, bool *is_over)
{
    Export *export = context;

    while (rows->out.len < PIECE_BYTES && export->day <= export->last_day)
        TRY(export->taken > 0 ? put_rest(export, rows) : put_page(export, rows));
    *is_over = export->day > export->last_day;
    return OK;
}

Err analytics_export_events(Call *call, const AnalyticsExportEventsInput *in)
{
    Export *export = arena_new(call->arena, Export);
    const Calendar *calendar = &export->calendar;

    export->analytics = call->service;
    TRY(calendar_make(call->arena, in->zone, in->from, in->to, &export->calendar));
    export->day = calendar->begin_ms[0] > 0 ? calendar->begin_ms[0] / ANALYTICS_DAY_MS : 0;
    export->last_day = (calendar->begin_ms[calendar->count] - 1) / ANALYTICS_DAY_MS;
    call->rows = (RowSource){next_events, export};
    return OK;
}

/* ---- what is counted */

typedef struct Counted {
    Arena *arena;
    Calendar calendar;
    const int64_t *numbers;
} Counted;

static Err next_counts(void *context, RowWriter *rows, bool *is_over)
{
    const Counted *counted = context;

    for (size_t day = 0; day < counted->calendar.count; day++)
        for (size_t kind = 0; kind < EVENT_KIND_COUNT; kind++) {
            const int64_t *of_kind = count_of_kind(counted->numbers + day * COUNT_WIDTH, (EventKind)kind);
            AnalyticsCountRow row = {calendar_date(counted->arena, &counted->calendar, day), (EventKind)kind,
                                     of_kind[0], of_kind[1]};
            if (row.events > 0)
                TRY(analytics_export_counts_row(rows, &row));
        }
    *is_over = true;
    return OK;
}

Err analytics_export_counts(Call *call, const AnalyticsExportCountsInput *in)
{
    Counted *counted = arena_new(call->arena, Counted);
    int64_t *numbers;

    counted->arena = call->arena;
    TRY(calendar_make(call->arena, in->zone, in->from, in->to, &counted->calendar));
    TRY(roll_up(call->service, call->arena, &counted->calendar, &COUNTS, &numbers));
    counted->numbers = numbers;
    call->rows = (RowSource){next_counts, counted};
    return OK;
}

/* ---- funnels */

static Err next_steps(void *context, RowWriter *rows, bool *is_over)
{
    const CountedFunnel *funnel = context;

    for (size_t day = 0; day < funnel->calendar.count; day++)
        for (size_t k = 0; k < funnel->count; k++) {
            AnalyticsStepRow row = {calendar_date(rows->out.arena, &funnel->calendar, day), (int64_t)k + 1,
                                    funnel->kinds[k], funnel->numbers[day * funnel->count + k]};
            TRY(analytics_export_funnel_row(rows, &row));
        }
    *is_over = true;
    return OK;
}

Err analytics_export_funnel(Call *call, const AnalyticsExportFunnelInput *in)
{
    CountedFunnel *funnel = arena_new(call->arena, CountedFunnel);

    TRY(reports_count_named(call, in->funnel, &(ReportDays){in->zone, in->from, in->to}, funnel));
    call->rows = (RowSource){next_steps, funnel};
    return OK;
}

Err analytics_export_steps(Call *call, const FunnelQuestion *in)
{
    CountedFunnel *funnel = arena_new(call->arena, CountedFunnel);

    TRY(reports_count_asked(call, in, funnel));
    call->rows = (RowSource){next_steps, funnel};
    return OK;
}

/* ---- who comes back */

static Err next_cohorts(void *context, RowWriter *rows, bool *is_over)
{
    const Returns *returns = context;

    for (size_t i = 0; i < returns->periods; i++)
        for (size_t later = 0; later < returns->periods - i; later++) {
            AnalyticsCohortRow row = {
                calendar_date(rows->out.arena, &returns->calendar, i * returns->period_days), (int64_t)later,
                returns->numbers[i * returns->periods + later]};
            TRY(analytics_export_retention_row(rows, &row));
        }
    *is_over = true;
    return OK;
}

Err analytics_export_retention(Call *call, const AnalyticsExportRetentionInput *in)
{
    Returns *returns = arena_new(call->arena, Returns);

    TRY(reports_count_returns(call, &(ReportDays){in->zone, in->from, in->to}, in->period, returns));
    call->rows = (RowSource){next_cohorts, returns};
    return OK;
}
