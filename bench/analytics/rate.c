/* How fast events come in and a funnel is counted: rate URL CONTENT EVENTS SECONDS CSV. Prints a line of JSON; CSV gets the events that
 * the funnel is counted of, for who counts them another way. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "base/thread.h"
#include "base/time.h"
#include "http/call.h"
#include "services/analytics/analytics_sql.h"
#include "services/analytics/funnel.h"
#include "services/analytics/plans.h"

enum {
    BATCH = 500,
    A_VISITOR = 10, /* events of a visitor in a batch, and on a day */
    DAYS = 30,
    DAYS_OF_VISITOR = 10,
    ROWS_A_TURN = 2000,
    SOURCES = 8,
    US_PER_MS = 1000,
    US_PER_S = 1000000,
    ARGUMENTS = 6
};

static const int64_t FIRST_DAY = 20758; /* 2026-11-01 */

static void must(Err e)
{
    if (!failed(&e))
        return;
    (void)fprintf(stderr, "rate: %s (%s)\n", e.message, e.detail);
    exit(1);
}

static _Thread_local uint64_t seed = 88172645463325252U;

static uint64_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

/* ---- in: as a request brings them, JSON and all */

static void put_event(Buf *out, int64_t ms, uint64_t who)
{
    char moment[TIME_TEXT];

    time_print(moment, ms * US_PER_MS);
    buf_format(out, "{\"id\":\"%08" PRIx64 "-%04" PRIx64 "-7%03" PRIx64 "-8%03" PRIx64 "-%012" PRIx64 "\",",
               (uint64_t)ms >> 16, (uint64_t)ms & 0xffff, next() & 0xfff, next() & 0xfff, next() >> 16);
    buf_format(out,
               "\"type\":\"product.viewed\",\"occurred_at\":\"%s\",\"consent\":\"granted\",\"visitor\":"
               "\"7f2c0d6e-6a53-4ce0-9c92-%012" PRIx64 "\",\"properties\":{\"product_id\":\"makgeolli\"}}",
               moment, who);
}

static Json batch_of(Arena *arena, int64_t now_ms)
{
    Buf out = {.arena = arena};
    uint64_t who = 0;

    for (int i = 0; i < BATCH; i++) {
        who = i % A_VISITOR == 0 ? next() >> 16 : who;
        buf_put_char(&out, i > 0 ? ',' : '[');
        put_event(&out, now_ms - (int64_t)(next() % 3600000), who);
    }
    buf_put_char(&out, ']');
    return buf_str(&out);
}

/* As many at once as a busy node would have: their commits share syncs. */
typedef struct Source {
    pthread_t thread;
    Analytics *analytics;
    uint64_t seed;
    int64_t until_us;
    int64_t taken;
} Source;

static void *send_batches(void *context)
{
    Source *source = context;
    int64_t now_ms = clock_wall_us(clock_system()) / US_PER_MS;

    seed = source->seed;
    while (now_us() < source->until_us) {
        AUTO_ARENA Arena arena = {0};
        EventsTaken out = {0};
        arena_init(&arena);
        AnalyticsBatch batch = {batch_of(&arena, now_ms)};
        Call call = {.arena = &arena, .service = source->analytics};
        must(analytics_record(&call, &batch, &out));
        source->taken += out.accepted;
    }
    return NULL;
}

static double take_in(Analytics *analytics, int64_t seconds)
{
    Source sources[SOURCES];
    int64_t begin_us = now_us(), taken = 0;

    for (size_t i = 0; i < SOURCES; i++) {
        sources[i] = (Source){
            .analytics = analytics, .seed = seed + (i + 1) * 7919, .until_us = begin_us + seconds * US_PER_S};
        sources[i].thread = thread_start("source", send_batches, &sources[i]);
    }
    for (size_t i = 0; i < SOURCES; i++) {
        thread_join(sources[i].thread);
        taken += sources[i].taken;
    }
    return (double)taken * US_PER_S / (double)(now_us() - begin_us);
}

/* ---- a month, laid where it would lie */

static const uint8_t CODES[] = {1, 1, 1, 1, 2, 2, 3, 5, 7, 8};

typedef struct Filling {
    FILE *csv;
    int64_t visitors;
    int64_t day, visitor; /* where the next turn begins */
    int64_t events;
    bool is_over;
} Filling;

static void make_event(Filling *filling, int64_t visitor, RowEvent *event)
{
    uint64_t ms =
        (uint64_t)((FIRST_DAY + filling->day) * ANALYTICS_DAY_MS) + next() % (uint64_t)ANALYTICS_DAY_MS;
    uint64_t order = next() & 0xfffff;

    *event = (RowEvent){.code = CODES[next() % sizeof CODES], .details = STR("")};
    for (int i = 0; i < 6; i++)
        event->id[i] = (uint8_t)(ms >> (40 - 8 * i));
    event->id[6] = (uint8_t)(0x70 | order >> 16);
    event->id[7] = (uint8_t)(order >> 8);
    event->id[8] = (uint8_t)order;
    (void)fprintf(filling->csv, "%" PRId64 ",%" PRIu64 ",%" PRIu64 ",%d\n", visitor, ms, ms << 20 | order,
                  event->code);
    filling->events++;
}

static int by_id(const void *a, const void *b)
{
    return memcmp(((const RowEvent *)a)->id, ((const RowEvent *)b)->id, EVENT_ID_BYTES);
}

static Err put_row(Filling *filling, Tx *tx, Arena *arena)
{
    RowEvent events[A_VISITOR];
    uint8_t visitor[VISITOR_BYTES] = {0};
    uint64_t scattered = (uint64_t)filling->visitor * UINT64_C(0x9e3779b97f4a7c15);
    size_t added;
    Row row;

    memcpy(visitor, &scattered, sizeof scattered);
    for (int i = 0; i < A_VISITOR; i++)
        make_event(filling, filling->visitor, &events[i]);
    qsort(events, A_VISITOR, sizeof *events, by_id);
    TRY(row_merge(arena, (Row){STR(""), STR("")}, events, A_VISITOR, &row, &added));
    return analytics_sql_put_visit(tx, FIRST_DAY + filling->day, (SqlBlob){visitor, sizeof visitor},
                                   (SqlBlob){row.events.data, row.events.len}, row.details, NULL);
}

/* Each visitor comes on a third of the days. */
static Err fill_turn(void *context, Tx *tx)
{
    AUTO_ARENA Arena arena = {0};
    Filling *filling = context;

    arena_init(&arena);
    TRY(analytics_sql_touch_day(tx, FIRST_DAY + filling->day, NULL));
    for (int row = 0; row < ROWS_A_TURN; filling->visitor++) {
        if (filling->visitor == filling->visitors) {
            filling->visitor = 0;
            filling->is_over = ++filling->day == DAYS;
            return OK;
        }
        if ((filling->visitor + filling->day) % (DAYS / DAYS_OF_VISITOR) != 0)
            continue;
        TRY(put_row(filling, tx, &arena));
        row++;
    }
    return OK;
}

/* ---- the funnel */

typedef struct Counted {
    int64_t reached[FUNNEL_MOST_STEPS];
    double seconds;
} Counted;

static Counted count(Analytics *analytics,
                     Err (*how)(Analytics *, Arena *, const Calendar *, const Measure *, int64_t **))
{
    AUTO_ARENA Arena arena = {0};
    const NamedFunnel *named;
    Counted counted = {0};
    Calendar calendar;
    int64_t *numbers, begin_us = now_us();

    arena_init(&arena);
    must(plans_find_funnel(analytics->plans, &arena, STR("journey"), &named));
    Funnel funnel = funnel_of(named->steps, named->count, named->window_days);
    Measure measure = funnel_measure(&arena, &funnel);
    must(calendar_make(&arena, STR("Asia/Seoul"), STR("2026-11-01"), STR("2026-12-01"), &calendar));
    must(how(analytics, &arena, &calendar, &measure, &numbers));
    for (size_t i = 0; i < calendar.count * funnel.count; i++)
        counted.reached[i % funnel.count] += numbers[i];
    counted.seconds = (double)(now_us() - begin_us) / US_PER_S;
    return counted;
}

int main(int argument_count, char **words)
{
    static const char *const ENDINGS[] = {".yaml", ".txt"};
    AUTO_ARENA Arena arena = {0};
    AnalyticsConfig config = {.store = words[1], .keep_days = 36500};
    Filling filling = {0};
    Analytics *analytics;

    if (argument_count != ARGUMENTS)
        return 1;
    arena_init(&arena);
    must(folder_read(&arena, words[2], ENDINGS, 2, (AssetTable){0}, &config.content));
    must(analytics_create(&config, &analytics));
    double rate = take_in(analytics, strtol(words[4], NULL, 10));
    filling.visitors = strtol(words[3], NULL, 10) / (DAYS_OF_VISITOR * A_VISITOR);
    filling.csv = fopen(words[5], "we");
    while (!filling.is_over)
        must(sql_transact(analytics->sql, fill_turn, &filling));
    (void)fclose(filling.csv);
    Counted raw = count(analytics, roll_up_raw), first = count(analytics, roll_up),
            kept = count(analytics, roll_up);
    printf("{\"in_per_s\": %.0f, \"events\": %" PRId64
           ", \"raw_s\": %.3f, \"first_s\": %.3f, \"kept_s\": %.5f, \"reached\": [",
           rate, filling.events, raw.seconds, first.seconds, kept.seconds);
    for (int i = 0; i < 4; i++)
        printf("%s%" PRId64, i > 0 ? ", " : "", raw.reached[i] == kept.reached[i] ? raw.reached[i] : -1);
    printf("]}\n");
    analytics_destroy(analytics);
    return 0;
}
