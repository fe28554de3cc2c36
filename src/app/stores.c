#include "app/stores.h"

#include "app/assets.h"
#include "base/clock.h"
#include "services/agents/agents.h"
#include "services/analytics/analytics.h"
#include "services/auth/auth.h"
#include "services/notify/notify.h"
#include "services/webhooks/webhooks.h"
#include "services/world/review/proposals.h"
#include "services/world/world.h"
#include "stores/graph/graph.h"

enum { US_PER_S = 1000000, DAY_S = 24 * 3600 };

static bool tables_of_proposals(const char *url, SqlMigrations *out)
{
    (void)url;
    *out = proposals_tables();
    return true;
}

static bool tables_of_agents(const char *url, SqlMigrations *out)
{
    (void)url;
    *out = agents_tables();
    return true;
}

static bool tables_of_auth(const char *url, SqlMigrations *out)
{
    (void)url;
    *out = auth_tables();
    return true;
}

static bool tables_of_webhooks(const char *url, SqlMigrations *out)
{
    (void)url;
    *out = webhooks_tables();
    return true;
}

static bool tables_of_analytics(const char *url, SqlMigrations *out)
{
    (void)url;
    *out = analytics_tables();
    return true;
}

static bool tables_of_notify(const char *url, SqlMigrations *out)
{
    (void)url;
    *out = notify_tables();
    return true;
}

const AppStore APP_STORES[APP_STORE_COUNT] = {
    {"world", "world model", SETTING_WORLD_GRAPH, graph_tables, NULL},
    {"proposals", "facts that wait", SETTING_WORLD_SQL, tables_of_proposals, world_jobs},
    {"agents", "sessions and turns", SETTING_AGENTS_SQL, tables_of_agents, agents_jobs},
    {"auth", "accounts", SETTING_AUTH_SQL, tables_of_auth, auth_jobs},
    {"webhooks", "webhooks", SETTING_WEBHOOKS_SQL, tables_of_webhooks, webhooks_jobs},
    {"analytics", "events of our pages", SETTING_ANALYTICS_SQL, tables_of_analytics, NULL},
    {"notify", "notices", SETTING_NOTIFY_SQL, tables_of_notify, notify_jobs},
};

static Err unknown(Str service)
{
    AUTO_ARENA Arena arena = {0};
    Buf names = {.arena = &arena};

    for (size_t i = 0; i < APP_STORE_COUNT; i++)
        buf_format(&names, "%s%s", i ? ", " : "", APP_STORES[i].service);
    return err(INVALID, "\"%.*s\" is no service with a store; these are: %.*s",
               (int)(service.len < 40 ? service.len : 40), service.data, STR_ARG(buf_str(&names)));
}

Err app_find_store(Str service, const AppStore **out)
{
    for (size_t i = 0; i < APP_STORE_COUNT; i++)
        if (str_equal(service, str_from(APP_STORES[i].service))) {
            *out = &APP_STORES[i];
            return OK;
        }
    return unknown(service);
}

Err app_wants_store(const Options *options, const AppStore *store, bool *wanted)
{
    Str service = options_text(options, SETTING_SERVICE);
    const AppStore *named = store;

    if (service.data)
        TRY(app_find_store(service, &named));
    *wanted = named == store;
    return OK;
}

Err app_store_tables(const Options *options, const AppStore *store, const char **url, SqlMigrations *out)
{
    *url = options_chars(options, store->setting);
    if (store->tables(*url, out))
        return OK;
    return err(UNPROCESSABLE, "the %s doesn't lie in tables there: use that server's own tools",
               store->title);
}

static Err archives_are_kept(int64_t *keep_s)
{
    int64_t days;

    TRY(auth_kept_days(AUTH_CONTENT, STR("archives"), &days));
    *keep_s = days * DAY_S;
    return OK;
}

Err app_archive_until(int64_t *until_s)
{
    int64_t keep_s;

    TRY(archives_are_kept(&keep_s));
    *until_s = clock_wall_us(clock_system()) / US_PER_S + keep_s;
    return OK;
}

Err app_use_archive(const Options *options)
{
    int64_t keep_s;

    if (options_chars(options, SETTING_ARCHIVE) == NULL)
        return OK;
    TRY(archives_are_kept(&keep_s));
    sql_archive_to(options_chars(options, SETTING_ARCHIVE), keep_s);
    return OK;
}
