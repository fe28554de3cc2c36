#include "app/job_kinds.h"

#include <stdio.h>

#include "app/app.h"
#include "app/stores.h"
#include "base/buf.h"

/* ---- a cell each */

static Str write_span(Arena *arena, int seconds)
{
    static const struct {
        const char *name;
        int seconds;
    } UNITS[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
    size_t i = 0;

    while (seconds % UNITS[i].seconds != 0)
        i++;
    return str_format(arena, "%d %s", seconds / UNITS[i].seconds, UNITS[i].name);
}

static Str write_retry(Arena *arena, const JobRetry *retry)
{
    Str first = write_span(arena, retry->pauses_s != NULL ? retry->pauses_s[0] : retry->first_s);

    if (retry->most_attempts == 1)
        return STR("once");
    if (retry->pauses_s != NULL)
        return str_format(arena, "%d times, %.*s to %.*s apart", retry->most_attempts, STR_ARG(first),
                          STR_ARG(write_span(arena, retry->pauses_s[retry->most_attempts - 2])));
    if (retry->is_doubling)
        return str_format(arena, "%d times, %.*s apart, doubling up to %.*s", retry->most_attempts,
                          STR_ARG(first), STR_ARG(write_span(arena, retry->most_s)));
    return str_format(arena, "%d times, %.*s apart", retry->most_attempts, STR_ARG(first));
}

static Str write_limit(Arena *arena, const JobKind *kind)
{
    if (kind->most_at_once == 0 && kind->most_a_minute == 0)
        return STR("-");
    if (kind->most_a_minute == 0)
        return str_format(arena, "%d", kind->most_at_once);
    if (kind->most_at_once == 0)
        return str_format(arena, "%d a minute", kind->most_a_minute);
    return str_format(arena, "%d, %d a minute", kind->most_at_once, kind->most_a_minute);
}

/* ---- */

static void print_row(const char *kind, const char *retry, const char *limit_of_time, const char *at_once,
                      const char *kept, const char *calendar)
{
    printf("%-20s  %-41s  %-10s  %-7s  %-4s  %s\n", kind, retry, limit_of_time, at_once, kept, calendar);
}

static void print_kind(Arena *arena, const JobKind *kind)
{
    print_row(kind->name, write_retry(arena, kind->retry).data, write_span(arena, kind->time_limit_s).data,
              write_limit(arena, kind).data, kind->keep_s > 0 ? write_span(arena, kind->keep_s).data : "-",
              kind->cron != NULL ? kind->cron : "-");
}

static void print_service(Arena *arena, const AppStore *store)
{
    JobTable table = store->jobs != NULL ? store->jobs() : (JobTable){0};

    for (size_t i = 0; i < table.kind_count; i++)
        print_kind(arena, &table.kinds[i]);
}

/* Of every service that tells of something. */
static void print_deliveries(Arena *arena)
{
    char name[EVENT_JOB_NAME];
    EventConsumer consumer;

    for (size_t i = 0; (consumer = app_consumer(i)).name != NULL; i++) {
        JobKind kind = event_kind(&consumer, name);
        print_kind(arena, &kind);
    }
}

ExitCode job_kinds_print(void)
{
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    print_row("KIND", "TRIED", "TIME LIMIT", "AT ONCE", "KEPT", "CALENDAR");
    for (size_t i = 0; i < APP_STORE_COUNT; i++)
        print_service(&arena, &APP_STORES[i]);
    print_deliveries(&arena);
    return EXIT_DONE;
}
