#include "base/memory.h"
#include "services/analytics/analytics_sql.h"
#include "services/analytics/plans.h"
#include "services/analytics/room.h"

static Err open_all(Analytics *analytics, const AnalyticsConfig *config)
{
    analytics->clock = config->clock != NULL ? config->clock : clock_system();
    analytics->keep_days = config->keep_days;
    TRY(bots_create(config->content, &analytics->bots));
    TRY(plans_read(config->content, &analytics->plans));
    return sql_open(config->store, ANALYTICS_SQL_MIGRATIONS, &analytics->sql);
}

Err analytics_create(const AnalyticsConfig *config, Analytics **out)
{
    Analytics *analytics = memory_new(Analytics);
    Err e = open_all(analytics, config);

    *out = failed(&e) ? NULL : analytics;
    if (failed(&e))
        analytics_destroy(analytics);
    return e;
}

void analytics_destroy(Analytics *analytics)
{
    if (analytics == NULL)
        return;
    sql_close(analytics->sql);
    plans_destroy(analytics->plans);
    bots_destroy(analytics->bots);
    memory_free(analytics);
}

bool analytics_blocks(const Analytics *analytics)
{
    return sql_reads_block(analytics->sql);
}

Err analytics_ready(Analytics *analytics)
{
    return sql_ready(analytics->sql);
}

SqlMigrations analytics_tables(void)
{
    return ANALYTICS_SQL_MIGRATIONS;
}
