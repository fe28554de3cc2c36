/* Analytics alone, behind a clock that stands still until it is set: for tests of days that are not today.
 *
 *     analytics_probe STORE CONTENT      prints "port N" and ends cleanly on SIGTERM
 *
 * The operations of api/analytics.yaml, which may be asked for by anybody, and POST /clock?ms=N (since 1970). */
#include <signal.h>
#include <stdio.h>

#include "base/folder.h"
#include "base/log.h"
#include "http/server.h"
#include "services/analytics/analytics.h"

enum { US_PER_MS = 1000, DRAIN_MS = 1000, KEEP_DAYS = 395, ARGUMENTS = 3 };

static Err set_clock(void *context, Exchange *exchange)
{
    int64_t ms;

    if (exchange->input.query.count != 1 || !str_to_int(exchange->input.query.items[0].value, &ms))
        return err(INVALID, "?ms=N");
    manual_clock_set_wall(context, ms * US_PER_MS);
    exchange_reply(exchange, 204, NULL, STR(""));
    return OK;
}

static Err let_in(void *context, Exchange *exchange)
{
    (void)context;
    exchange->identity = IDENTITY_OF_MACHINE;
    return OK;
}

static Err serve(Analytics *analytics, ManualClock *clock, Server **out)
{
    ServerConfig config = server_config_default();

    config.listen = "127.0.0.1:0";
    TRY(server_create(&config, out));
    server_add_filter(*out, (Filter){.before = let_in});
    TRY(server_route(*out,
                     &(Route){.method = "POST", .path = "/clock", .handle = set_clock, .context = clock}));
    TRY(server_mount(*out, &ANALYTICS_OPERATIONS, analytics, analytics_blocks(analytics)));
    return server_start(*out);
}

static Err run(const AnalyticsConfig *config, ManualClock *clock)
{
    Analytics *analytics;
    Server *server = NULL;
    sigset_t ends;
    int signal_number;

    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    TRY(analytics_create(config, &analytics));
    Err e = serve(analytics, clock, &server);
    if (!failed(&e)) {
        (void)printf("port %d\n", server_port(server));
        (void)fflush(stdout);
        (void)sigwait(&ends, &signal_number);
        (void)server_drain(server, DRAIN_MS);
    }
    server_destroy(server);
    analytics_destroy(analytics);
    return e;
}

int main(int argument_count, char **words)
{
    static const char *const ENDINGS[] = {".yaml", ".txt"};
    AUTO_ARENA Arena arena = {0};
    AnalyticsConfig config = {.store = words[1], .keep_days = KEEP_DAYS};
    ManualClock clock;

    if (argument_count != ARGUMENTS)
        return 2;
    arena_init(&arena);
    manual_clock_init(&clock, 0);
    config.clock = &clock.clock;
    log_start();
    Err e = folder_read(&arena, words[2], ENDINGS, sizeof ENDINGS / sizeof *ENDINGS, (AssetTable){0},
                        &config.content);
    if (!failed(&e))
        e = run(&config, &clock);
    if (failed(&e))
        (void)fprintf(stderr, "analytics_probe: %s (%s)\n", e.message, e.detail);
    log_stop();
    return failed(&e) ? 1 : 0;
}
