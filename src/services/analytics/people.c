/* Visitors who take back their consent, and people who go or become others. */
#include "services/analytics/analytics_sql.h"
#include "services/analytics/intake.h"
#include "services/analytics/kinds.h"
#include "services/analytics/record.h"

#include "base/time.h"

enum { PAGE_VISITS = 100, ENOUGH_EVENTS = 2000, MOST_EVENTS = 20000, US_PER_MS = 1000 };

typedef struct Forgetting {
    const Analytics *analytics;
    int64_t now_ms;
    const SqlBlob *visitors;
    size_t count;
} Forgetting;

static int64_t today_of(const Forgetting *forgetting)
{
    return forgetting->now_ms / ANALYTICS_DAY_MS;
}

static Err forget_visitor(const Forgetting *forgetting, Tx *tx, SqlBlob visitor)
{
    TRY(analytics_sql_withdraw(tx, visitor, today_of(forgetting), NULL));
    TRY(analytics_sql_touch_days_of(tx, visitor, NULL));
    TRY(analytics_sql_drop_visits_of(tx, visitor, NULL));
    TRY(analytics_sql_drop_exposures_of(tx, visitor, NULL));
    return analytics_sql_drop_links_of(tx, visitor, NULL);
}

/* With the days locked that events may still come of, near midnight the next one, too: what was on its way is there then, or finds the
 * visitor withdrawn. */
static Err forget(void *context, Tx *tx)
{
    const Forgetting *forgetting = context;

    sql_leave_no_trace(tx);
    int64_t last = (forgetting->now_ms + 2LL * ANALYTICS_EARLY_S * 1000) / ANALYTICS_DAY_MS;
    for (int64_t day = today_of(forgetting) - ANALYTICS_LATE_DAYS; day <= last; day++)
        TRY(record_open_day(forgetting->analytics, tx, day));
    for (size_t i = 0; i < forgetting->count; i++)
        TRY(forget_visitor(forgetting, tx, forgetting->visitors[i]));
    return OK;
}

Err analytics_withdraw(Call *call, const AnalyticsWithdrawInput *in, EventsForgotten *out)
{
    const Analytics *analytics = call->service;
    uint8_t bytes[VISITOR_BYTES];
    SqlBlob visitor = {bytes, sizeof bytes};
    Forgetting forgetting = {analytics, analytics_now_ms(analytics), &visitor, 1};

    visitor_bytes(in->visitor, bytes);
    TRY(sql_transact_rows(analytics->sql, forget, &forgetting));
    out->visitors = 1;
    return OK;
}

Err analytics_forget_person(Call *call, const AnalyticsForgetPersonInput *in, EventsForgotten *out)
{
    const Analytics *analytics = call->service;
    Forgetting forgetting = {.analytics = analytics, .now_ms = analytics_now_ms(analytics)};
    SqlBlob *visitors;

    TRY(analytics_sql_list_visitors(analytics->sql, NULL, call->arena, in->user_id, &visitors,
                                    &forgetting.count));
    forgetting.visitors = visitors;
    if (forgetting.count > 0)
        TRY(sql_transact_rows(analytics->sql, forget, &forgetting));
    out->visitors = (int64_t)forgetting.count;
    return OK;
}

typedef struct Moving {
    Str from, to;
    int64_t visitors;
} Moving;

static Err move(void *context, Tx *tx)
{
    Moving *moving = context;

    TRY(analytics_sql_copy_links(tx, moving->from, moving->to, NULL));
    return analytics_sql_drop_links(tx, moving->from, &moving->visitors);
}

Err analytics_move_person(Call *call, const AnalyticsMovePersonInput *in, VisitorsMoved *out)
{
    const Analytics *analytics = call->service;
    Moving moving = {in->user_id, in->body.to, 0};

    if (!str_equal(in->user_id, in->body.to))
        TRY(sql_transact_rows(analytics->sql, move, &moving));
    out->visitors = moving.visitors;
    return OK;
}

/* ---- showing */

static void show_event(Arena *arena, const RowEvent *event, PersonEventList *out, size_t *capacity)
{
    EventKind kind;

    if (!kind_of_code(event->code, &kind) || out->count == MOST_EVENTS)
        return;
    ARENA_MORE(arena, out->items, out->count, *capacity, 16);
    PersonEvent *shown = &out->items[out->count++];
    *shown =
        (PersonEvent){.type = kind, .occurred_at = time_format(arena, event_id_ms(event->id) * US_PER_MS)};
    if (event->details.len > 0)
        shown->properties = event->details;
}

static void show_visits(Arena *arena, const AnalyticsSqlListVisitsOfPerson *rows, size_t count,
                        PersonEvents *out, size_t *capacity)
{
    for (size_t i = 0; i < count && out->items.count < ENOUGH_EVENTS; i++) {
        Row row = {{(const char *)rows[i].events.data, rows[i].events.len}, rows[i].details};
        RowEvent event;
        while (row_next(&row, &event))
            show_event(arena, &event, &out->items, capacity);
    }
}

Err analytics_list_person(Call *call, const AnalyticsListPersonInput *in, PersonEvents *out)
{
    const Analytics *analytics = call->service;
    AnalyticsSqlListVisitsOfPerson *rows;
    size_t count = PAGE_VISITS, capacity = 0;

    out->items.items = arena_array(call->arena, PersonEvent, 1);
    for (int64_t skipped = 0; count == PAGE_VISITS && out->items.count < ENOUGH_EVENTS;
         skipped += PAGE_VISITS) {
        TRY(analytics_sql_list_visits_of_person(analytics->sql, NULL, call->arena, in->user_id, PAGE_VISITS,
                                                skipped, &rows, &count));
        show_visits(call->arena, rows, count, out, &capacity);
    }
    return OK;
}
