/* An export takes what is nobody's in pieces, however many events a row of it has, and each event once. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "drop_store.h"
#include "http/contract/row_writer.h"
#include "services/analytics/analytics_sql.h"
#include "services/analytics/room.h"
#include "services/analytics/row.h"

enum {
    DAY = 20000,
    MOST_EVENTS = 6000,
    LINE_MOST = 96,
    MOST_A_PIECE = 160 * 1024,
    NOBODY = 7,
    VERSION = 0x70
};

typedef struct Store {
    char folder[64], url[128];
    Analytics analytics;
    Arena arena;
    Call call;
    uint8_t events[MOST_EVENTS * EVENT_BYTES];
    size_t count;
} Store;

static int open_store(void **state)
{
    static Store store;

    store = (Store){.folder = "/tmp/nerdx-export-XXXXXX"};
    assert_non_null(mkdtemp(store.folder));
    (void)snprintf(store.url, sizeof store.url, "sqlite:%s/analytics.db", store.folder);
    check_ok(sql_open(store.url, ANALYTICS_SQL_MIGRATIONS, &store.analytics.sql));
    arena_init(&store.arena);
    store.call = (Call){.arena = &store.arena, .service = &store.analytics};
    *state = &store;
    return 0;
}

static int close_store(void **state)
{
    Store *store = *state;

    sql_close(store->analytics.sql);
    drop_store(store->folder, "analytics.db");
    arena_finish(&store->arena);
    return 0;
}

static Err write_row(void *context, Tx *tx)
{
    static const uint8_t visitor[] = {NOBODY};
    const Store *store = context;

    return analytics_sql_put_visit(tx, DAY, (SqlBlob){visitor, sizeof visitor},
                                   (SqlBlob){store->events, store->count * EVENT_BYTES}, STR(""), NULL);
}

/* So many seconds after the day has begun, or half a second more. */
static void put_event(uint8_t *at, size_t second, bool is_late)
{
    uint64_t ms = (uint64_t)DAY * 86400000 + second * 1000 + (is_late ? 500 : 0);

    memset(at, 0, EVENT_BYTES);
    for (size_t i = 0; i < 6; i++)
        at[i] = (uint8_t)(ms >> (8 * (5 - i)));
    at[6] = VERSION;
    at[EVENT_ID_BYTES - 1] = NOBODY;
    at[EVENT_ID_BYTES] = 1;
}

static void write_events(Store *store, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_event(store->events + i * EVENT_BYTES, i, false);
    store->count = count;
    check_ok(sql_transact_rows(store->analytics.sql, write_row, store));
}

/* What comes late lies before all that was there but the first. */
static void write_late(Store *store, size_t late)
{
    uint8_t *behind = store->events + (1 + late) * EVENT_BYTES;

    memmove(behind, store->events + EVENT_BYTES, (store->count - 1) * EVENT_BYTES);
    for (size_t i = 0; i < late; i++)
        put_event(store->events + (1 + i) * EVENT_BYTES, 0, true);
    store->count += late;
    check_ok(sql_transact_rows(store->analytics.sql, write_row, store));
}

static void begin(Store *store)
{
    AnalyticsExportEventsInput in = {.zone = STR("UTC"), .from = STR("2024-10-04"), .to = STR("2024-10-04")};

    check_ok(analytics_export_events(&store->call, &in));
}

/* The lines of the next piece. */
static size_t take(Store *store, bool *is_over)
{
    AUTO_ARENA Arena arena = {0};
    RowWriter rows = {.form = ROWS_NDJSON};
    size_t lines = 0;

    arena_init(&arena);
    buf_init(&rows.out, &arena, LINE_MOST);
    check_ok(store->call.rows.next(store->call.rows.context, &rows, is_over));
    assert_true(rows.out.len <= MOST_A_PIECE);
    for (size_t i = 0; i < rows.out.len; i++)
        lines += rows.out.data[i] == '\n';
    return lines;
}

static size_t take_all(Store *store)
{
    size_t lines = 0;

    for (bool is_over = false; !is_over;)
        lines += take(store, &is_over);
    return lines;
}

static void no_piece_has_a_whole_row_of_many_and_together_they_have_each_event_once(void **state)
{
    static const size_t COUNTS[] = {1, 1023, 1024, 1025, 2048, 5000};
    Store *store = *state;

    for (size_t i = 0; i < COUNT(COUNTS); i++) {
        write_events(store, COUNTS[i]);
        begin(store);
        assert_int_equal(take_all(store), COUNTS[i]);
    }
}

static void what_comes_late_while_pieces_are_taken_has_no_event_leave_twice_or_not_at_all(void **state)
{
    enum { THERE = 5000, LATE = 700 };
    Store *store = *state;
    bool is_over;

    write_events(store, THERE);
    begin(store);
    size_t taken = take(store, &is_over);
    assert_false(is_over);
    write_late(store, LATE);
    assert_int_equal(taken + take_all(store), THERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            no_piece_has_a_whole_row_of_many_and_together_they_have_each_event_once, open_store, close_store),
        cmocka_unit_test_setup_teardown(
            what_comes_late_while_pieces_are_taken_has_no_event_leave_twice_or_not_at_all, open_store,
            close_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
