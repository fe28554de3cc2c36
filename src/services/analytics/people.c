/* Visitors who take back their consent, and people who go or become others. */
#include "services/analytics/analytics_sql.h"
#include "services/analytics/intake.h"

typedef struct Forgetting {
    int64_t today;
    const SqlBlob *visitors;
    size_t count;
} Forgetting;

static Err forget_visitor(const Forgetting *forgetting, Tx *tx, SqlBlob visitor)
{
    TRY(analytics_sql_withdraw(tx, visitor, forgetting->today, NULL));
    TRY(analytics_sql_touch_days_of(tx, visitor, NULL));
    TRY(analytics_sql_drop_visits_of(tx, visitor, NULL));
    TRY(analytics_sql_drop_exposures_of(tx, visitor, NULL));
    return analytics_sql_drop_links_of(tx, visitor, NULL);
}

/* With the days locked that events may still come of: what was on its way is there then, or finds the visitor withdrawn. */
static Err forget(void *context, Tx *tx)
{
    const Forgetting *forgetting = context;

    for (int64_t day = forgetting->today - ANALYTICS_LATE_DAYS; day <= forgetting->today + 1; day++)
        TRY(analytics_sql_touch_day(tx, day, NULL));
    for (size_t i = 0; i < forgetting->count; i++)
        TRY(forget_visitor(forgetting, tx, forgetting->visitors[i]));
    return OK;
}

static int64_t today(const Analytics *analytics)
{
    return analytics_now_ms(analytics) / ANALYTICS_DAY_MS;
}

Err analytics_withdraw(Call *call, const AnalyticsWithdrawInput *in, EventsForgotten *out)
{
    const Analytics *analytics = call->service;
    uint8_t bytes[VISITOR_BYTES];
    SqlBlob visitor = {bytes, sizeof bytes};
    Forgetting forgetting = {today(analytics), &visitor, 1};

    visitor_bytes(in->visitor, bytes);
    TRY(sql_transact_rows(analytics->sql, forget, &forgetting));
    out->visitors = 1;
    return OK;
}

Err analytics_forget_person(Call *call, const AnalyticsForgetPersonInput *in, EventsForgotten *out)
{
    const Analytics *analytics = call->service;
    Forgetting forgetting = {.today = today(analytics)};
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
