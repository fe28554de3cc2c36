/* nerdx top: how a node is, live in a terminal; elsewhere once, as plain text, with what it did on average since it was started. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/scrape.h"
#include "app/settings.h"
#include "base/clock.h"
#include "http/client.h"

enum { EVERY_S = 2, MOST_ROWS = 10, MOST_VALUES = 256, MOST_TROUBLES = 8 };

static const char CLEAR[] = "\033[H\033[J";

typedef struct View {
    const Scrape *now;
    const Scrape *before; /* NULL: since the start */
    double seconds;       /* between the two */
    Arena *arena;
} View;

static double rate(const View *view, Pick pick)
{
    return scrape_sum(view->now, view->before, pick) / view->seconds;
}

static double gauge(const View *view, Pick pick)
{
    return scrape_sum(view->now, NULL, pick);
}

/* "  1.2 ms", "-" when there was none. */
static const char *time_text(const View *view, double seconds)
{
    if (seconds < 0)
        return "-";
    return seconds < 1 ? str_format(view->arena, "%.1f ms", seconds * 1e3).data
                       : str_format(view->arena, "%.2f s", seconds).data;
}

static const char *quantile(const View *view, Pick pick, double part)
{
    return time_text(view, scrape_quantile(view->now, view->before, pick, part));
}

/* ---- the parts of the screen */

static void show_process(const View *view, const char *url)
{
    const double mega = 1e6;
    double up_s = (double)clock_wall_us(clock_system()) / 1e6 -
                  gauge(view, (Pick){.name = "process_start_time_seconds"});
    Str version = STR("?");

    (void)scrape_values(view->now, "nerdx_build_info", "version", &version, 1);
    printf("nerdx %.*s  %s  up %.0f min  processor %.0f %%  memory %.0f MB  files %.0f  connections %.0f\n",
           STR_ARG(version), url, up_s / 60, 100 * rate(view, (Pick){.name = "process_cpu_seconds_total"}),
           gauge(view, (Pick){.name = "process_resident_memory_bytes"}) / mega,
           gauge(view, (Pick){.name = "process_open_fds"}),
           gauge(view, (Pick){.name = "nerdx_http_connections"}));
}

static void show_services(const View *view)
{
    Str names[MOST_VALUES];
    size_t count = scrape_values(view->now, "service_up", "service", names, MOST_VALUES);

    printf("services   ");
    for (size_t i = 0; i < count; i++) {
        Pick pick = {.name = "service_up", .label = "service", .value = str_c(view->arena, names[i])};
        printf("%s%.*s %s", i > 0 ? ", " : "", STR_ARG(names[i]), gauge(view, pick) > 0 ? "up" : "DOWN");
    }
    puts("");
}

typedef struct Row {
    const char *name;
    double rate;
} Row;

static int by_rate(const void *a, const void *b)
{
    double one = ((const Row *)a)->rate, other = ((const Row *)b)->rate;

    return one < other ? 1 : one > other ? -1 : 0;
}

/* Gauges that say whether one that has answered nothing is at it. */
typedef struct Busy {
    const char *active, *waiting;
} Busy;

static bool is_busy(const View *view, const Busy *busy, const char *label, const char *name)
{
    return busy != NULL && (gauge(view, (Pick){.name = busy->active, .label = label, .value = name}) > 0 ||
                            gauge(view, (Pick){.name = busy->waiting, .label = label, .value = name}) > 0);
}

/* The busiest first; those that did nothing and do nothing (busy: NULL, nobody says) are left out. */
static size_t rank(const View *view, const char *metric, const char *label, const Busy *busy, Row *rows)
{
    Str values[MOST_VALUES];
    size_t all = scrape_values(view->now, metric, label, values, MOST_VALUES), count = 0;

    for (size_t i = 0; i < all; i++) {
        Row row = {.name = str_c(view->arena, values[i])};
        row.rate = rate(view, (Pick){.name = metric, .label = label, .value = row.name});
        if (row.rate > 0 || is_busy(view, busy, label, row.name))
            rows[count++] = row;
    }
    qsort(rows, count, sizeof *rows, by_rate);
    return count < MOST_ROWS ? count : MOST_ROWS;
}

static void show_requests(const View *view)
{
    Row rows[MOST_VALUES];
    size_t count = rank(view, "nerdx_requests_total", "operation", NULL, rows);

    printf("\n%-34s %9s %9s %10s %10s\n", "REQUESTS", "a second", "5xx", "median", "99 %");
    for (size_t i = 0; i < count; i++) {
        Pick seconds = {.name = "http_request_duration_seconds", .label = "operation", .value = rows[i].name};
        Pick failed = {"nerdx_requests_total", "operation", rows[i].name, "status", "5xx"};
        printf("%-34.34s %9.1f %9.1f %10s %10s\n", rows[i].name, rows[i].rate, rate(view, failed),
               quantile(view, seconds, 0.5), quantile(view, seconds, 0.99));
    }
}

/* Others that this node calls: their metrics have the same form, by the name of a store or client. */
typedef struct Called {
    const char *title;
    const char *label;
    const char *calls;
    const char *seconds;
    Busy busy;
    const char *troubles[MOST_TROUBLES]; /* outcomes; fewer end with NULL */
} Called;

static const Called CALLED[] = {
    {"STORES",
     "store",
     "nerdx_store_calls_total",
     "nerdx_store_call_seconds",
     {"database_connections_active", "nerdx_store_waiting"},
     {"conflict", "unavailable", "timed_out", "fault"}},
    {"OTHER SERVERS",
     "client",
     "nerdx_client_requests_total",
     "nerdx_client_request_seconds",
     {"nerdx_client_requests_active", "nerdx_client_requests_waiting"},
     {"4xx", "5xx", "timed_out", "unreached", "cut", "too_large", "no_room", "left_alone"}},
};

/* A world that doesn't know what it is asked for says so: an answer like others. */
static bool is_ordinary(const char *name, const char *outcome)
{
    return strcmp(name, "world") == 0 && strcmp(outcome, "4xx") == 0;
}

static double failed_calls(const View *view, const Called *called, const char *name)
{
    double sum = 0;

    for (size_t i = 0; i < MOST_TROUBLES && called->troubles[i] != NULL; i++)
        if (!is_ordinary(name, called->troubles[i]))
            sum += rate(view, (Pick){called->calls, called->label, name, "outcome", called->troubles[i]});
    return sum;
}

static void show_called(const View *view, const Called *called)
{
    Row rows[MOST_VALUES];
    size_t count = rank(view, called->calls, called->label, &called->busy, rows);

    printf("\n%-34s %9s %9s %10s %10s %8s\n", called->title, "a second", "failed", "99 %", "at work",
           "waiting");
    for (size_t i = 0; i < count; i++) {
        const char *label = called->label, *name = rows[i].name;
        printf("%-34.34s %9.1f %9.1f %10s %10.0f %8.0f\n", name, rows[i].rate,
               failed_calls(view, called, name),
               quantile(view, (Pick){.name = called->seconds, .label = label, .value = name}, 0.99),
               gauge(view, (Pick){.name = called->busy.active, .label = label, .value = name}),
               gauge(view, (Pick){.name = called->busy.waiting, .label = label, .value = name}));
    }
}

static void show_jobs(const View *view)
{
    static const char *const STATES[] = {"ready", "running", "later", "waiting", "dead"};
    Str services[MOST_VALUES];
    size_t count = scrape_values(view->now, "nerdx_jobs", "service", services, MOST_VALUES);

    printf("\n%-34s %9s %9s %9s %9s %9s\n", "JOBS", "ready", "running", "later", "waiting", "dead");
    for (size_t i = 0; i < count; i++) {
        printf("%-34.*s", STR_ARG(services[i]));
        for (size_t state = 0; state < sizeof STATES / sizeof *STATES; state++)
            printf(" %9.0f", gauge(view, (Pick){"nerdx_jobs", "service", str_c(view->arena, services[i]),
                                                "state", STATES[state]}));
        puts("");
    }
}

static void show_workers(const View *view)
{
    Str pools[MOST_VALUES];
    size_t count = scrape_values(view->now, "nerdx_pool_workers", "pool", pools, MOST_VALUES);

    printf("\n%-34s %9s %9s %9s\n", "WORKERS", "of", "at work", "queued");
    for (size_t i = 0; i < count; i++) {
        const char *pool = str_c(view->arena, pools[i]);
        printf("%-34s %9.0f %9.0f %9.0f\n", pool,
               gauge(view, (Pick){.name = "nerdx_pool_workers", .label = "pool", .value = pool}),
               gauge(view, (Pick){.name = "nerdx_pool_running", .label = "pool", .value = pool}),
               gauge(view, (Pick){.name = "nerdx_pool_queued", .label = "pool", .value = pool}));
    }
}

static void show(const Scrape *now, const Scrape *before, const char *url)
{
    AUTO_ARENA Arena arena = {0};
    View view = {now, before, 0, &arena};
    double started_s = scrape_sum(now, NULL, (Pick){.name = "process_start_time_seconds"});

    arena_init(&arena);
    view.seconds = before != NULL ? (double)(now->at_us - before->at_us) / 1e6
                                  : (double)clock_wall_us(clock_system()) / 1e6 - started_s;
    if (view.seconds <= 0)
        view.seconds = 1;
    show_process(&view, url);
    show_services(&view);
    show_requests(&view);
    for (size_t i = 0; i < sizeof CALLED / sizeof *CALLED; i++)
        show_called(&view, &CALLED[i]);
    show_jobs(&view);
    show_workers(&view);
    (void)fflush(stdout);
}

/* ---- */

static Err look(HttpClient *client, Arena *arena, const char *url, Scrape *out)
{
    const HttpRequest request = {.method = "GET", .target = STR("/metrics"), .accept = "text/plain"};
    HttpReply reply;

    TRY(http_client_send(client, arena, NULL, &request, &reply));
    if (reply.status != 200)
        return err(NOT_FOUND, "%s shows no metrics (status %d): is it the address of a NERDX?", url,
                   reply.status);
    scrape_read(reply.body, out);
    return OK;
}

/* Each look has an arena of its own, which goes with the one after it. */
static Err watch(HttpClient *client, const char *url)
{
    Arena arenas[2] = {0};
    Scrape scrapes[2] = {0};
    Err e = OK;

    for (unsigned i = 0; !failed(&e); i = !i) {
        scrape_finish(&scrapes[i]);
        arena_finish(&arenas[i]);
        e = look(client, &arenas[i], url, &scrapes[i]);
        if (failed(&e))
            break;
        (void)fputs(CLEAR, stdout);
        show(&scrapes[i], scrapes[!i].count > 0 ? &scrapes[!i] : NULL, url);
        (void)sleep(EVERY_S);
    }
    for (size_t i = 0; i < 2; i++) {
        scrape_finish(&scrapes[i]);
        arena_finish(&arenas[i]);
    }
    return e;
}

static Err look_once(HttpClient *client, const char *url)
{
    AUTO_ARENA Arena arena = {0};
    Scrape scrape;

    TRY(look(client, &arena, url, &scrape));
    show(&scrape, NULL, url);
    scrape_finish(&scrape);
    return OK;
}

static const char *url_of(const Options *options, Arena *arena)
{
    size_t count;
    const char *const *arguments = options_arguments(options, &count);

    return count > 0 ? arguments[0]
                     : str_format(arena, "http://%s", options_chars(options, SETTING_LISTEN)).data;
}

ExitCode top_run(const Options *options)
{
    AUTO_ARENA Arena arena = {0};
    const char *url = url_of(options, &arena);
    const HttpClientConfig config = {.base_url = url, .max_idle = 1};
    HttpClient *client = NULL;

    Err e = http_client_create(&config, &client);
    if (!failed(&e))
        e = isatty(STDOUT_FILENO) ? watch(client, url) : look_once(client, url);
    http_client_destroy(client);
    return failed(&e) ? command_fail("top", &e) : EXIT_DONE;
}
