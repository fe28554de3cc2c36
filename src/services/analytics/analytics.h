/* What happens on our pages, counted by ourselves: events in, reports out, nobody recognised who hasn't agreed to it.
 *
 *     TRY(analytics_create(&(AnalyticsConfig){.store = "sqlite:data/analytics.db", .content = content, .keep_days = 395}, &analytics));
 *
 * Operations: api/analytics.yaml. Where to start reading: intake.c, walk.h. */
#ifndef NERDX_SERVICES_ANALYTICS_ANALYTICS_H
#define NERDX_SERVICES_ANALYTICS_ANALYTICS_H

#include "api/analytics.h"
#include "base/asset.h"
#include "base/clock.h"
#include "stores/queue/queue.h"
#include "stores/sql/sql.h"

typedef struct Analytics Analytics;

typedef struct AnalyticsConfig {
    const char *store;  /* "sqlite:/path/analytics.db" */
    AssetTable content; /* the files of content/analytics; must outlive it */
    int64_t keep_days;  /* events are kept so long; what was made of them stays */
    const Clock *clock; /* NULL = the system's; must outlive it */
} AnalyticsConfig;

/* Errors: those of sql_open; INVALID when content is missing or wrong. */
Err analytics_create(const AnalyticsConfig *config, Analytics **out);
void analytics_destroy(Analytics *analytics); /* accepts NULL */

bool analytics_blocks(
    const Analytics *analytics); /* whether an operation may wait for more than memory or a local disk */
Err analytics_ready(Analytics *analytics); /* UNAVAILABLE while the store can't be reached */

/* What it hears of other services, and counts. */
EventConsumer analytics_consumer(Analytics *analytics);

/* Its tables, for `nerdx migrate`, `export`, `import` and `backup`. */
SqlMigrations analytics_tables(void);

#endif
