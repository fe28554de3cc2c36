/* Every write, read, fsync and truncate of a workload fails in turn, once or for good: what was acknowledged is
 * there afterwards, what was refused is not, and the store works again when the disk does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/settle.h"
#include "conformance/sql/shop_sql.h"
#include "fault_vfs.h"

enum { MAX_THREADS = 4, TRANSACTIONS = 5, MAX_CALLS = 2000 };

typedef enum Fate { NOT_TRIED, ACKNOWLEDGED, REFUSED } Fate;

typedef struct Run {
    FaultKind kind;
    bool stays;
    int nth;
    int threads;
    char folder[64];
    char url[128];
    Sql *sql;
    Fate fates[MAX_THREADS][TRANSACTIONS];
} Run;

typedef struct Writer {
    Run *run;
    int number;
} Writer;

typedef struct Pair {
    Settlement settlement;
    Fate *fate;
    char a[32];
    char b[32];
} Pair;

static void remove_folder(const Run *run)
{
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", run->folder);
    assert_int_equal(system(command), 0);
}

static void name_pair(Pair *pair, int writer, int transaction)
{
    (void)snprintf(pair->a, sizeof pair->a, "w%d-%d-a", writer, transaction);
    (void)snprintf(pair->b, sizeof pair->b, "w%d-%d-b", writer, transaction);
}

/* Two rows, so that half a transaction would show. */
static Err add_pair(void *context, Tx *tx)
{
    const Pair *pair = context;

    TRY(shop_sql_add(tx, str_from(pair->a), 1, STR("first"), NULL));
    return shop_sql_add(tx, str_from(pair->b), 1, STR("second"), NULL);
}

static Err add_by_begin(Sql *sql, Pair *pair)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sql, &tx));
    TRY(add_pair(pair, tx));
    return sql_commit(&tx);
}

static void note_fate(void *context, Err result)
{
    Pair *pair = context;

    assert_int_equal(*pair->fate, NOT_TRIED);
    *pair->fate = failed(&result) ? REFUSED : ACKNOWLEDGED;
}

static void write_by_begin(Sql *sql, Pair *pair)
{
    note_fate(pair, add_by_begin(sql, pair));
}

static void write_by_transact(Sql *sql, Pair *pair)
{
    note_fate(pair, sql_transact(sql, add_pair, pair));
}

/* Told later: with the next write of any thread, or at the end. */
static void write_in_settlement(Sql *sql, Pair *pair)
{
    settlement_open(&pair->settlement, note_fate, pair);
    settlement_close(&pair->settlement, sql_transact(sql, add_pair, pair));
}

static void (*const WAYS[])(Sql *, Pair *) = {write_in_settlement, write_by_transact, write_by_begin};

static void *write_pairs(void *context)
{
    const Writer *writer = context;
    Run *run = writer->run;
    Pair pairs[TRANSACTIONS];

    for (int i = 0; i < TRANSACTIONS; i++) {
        Pair *pair = &pairs[i];
        name_pair(pair, writer->number, i);
        pair->fate = &run->fates[writer->number][i];
        WAYS[i % 3](run->sql, pair);
    }
    settle_all();
    return NULL;
}

static void write_by_threads(Run *run)
{
    pthread_t threads[MAX_THREADS];
    Writer writers[MAX_THREADS];

    for (int i = 0; i < run->threads; i++) {
        writers[i] = (Writer){run, i};
        assert_int_equal(pthread_create(&threads[i], NULL, write_pairs, &writers[i]), 0);
    }
    for (int i = 0; i < run->threads; i++)
        pthread_join(threads[i], NULL);
}

static bool exists(Sql *sql, const char *sku)
{
    AUTO_ARENA Arena arena = {0};
    ShopSqlItem item;
    bool found;

    Err e = shop_sql_get(sql, NULL, &arena, str_from(sku), &item, &found);
    if (failed(&e))
        fail_msg("can't read %s: %s (%s)", sku, e.message, e.detail);
    return found;
}

static void check_pair(const Run *run, Sql *sql, const char *when, int writer, int i)
{
    Pair pair;

    name_pair(&pair, writer, i);
    Fate fate = run->fates[writer][i];
    bool a = exists(sql, pair.a), b = exists(sql, pair.b);
    bool right = a == b && a == (fate == ACKNOWLEDGED);
    if (!right)
        fail_msg("%s %d%s, %d threads, %s: %s was %s, found %d %d", fault_name(run->kind), run->nth,
                 run->stays ? " and on" : "", run->threads, when, pair.a,
                 fate == ACKNOWLEDGED ? "acknowledged" : "refused", a, b);
}

static void check_url(const Run *run, const char *url, const char *when)
{
    Sql *sql;

    Err e = sql_open(url, SHOP_SQL_MIGRATIONS, &sql);
    if (failed(&e))
        fail_msg("%s %d, %s: can't open: %s (%s)", fault_name(run->kind), run->nth, when, e.message,
                 e.detail);
    for (int writer = 0; writer < run->threads; writer++)
        for (int i = 0; i < TRANSACTIONS; i++)
            check_pair(run, sql, when, writer, i);
    sql_close(sql);
}

/* As the disk is at this moment, if the power went: the shared memory is lost. */
static void copy_as_after_a_crash(const Run *run)
{
    char command[256];

    (void)snprintf(command, sizeof command,
                   "cd '%s' && mkdir crash && for f in shop.db shop.db-wal shop.db-journal; do"
                   " [ ! -f $f ] || cp $f crash; done",
                   run->folder);
    assert_int_equal(system(command), 0);
}

static void check_after_crash(const Run *run)
{
    char url[160];

    (void)snprintf(url, sizeof url, "sqlite:%s/crash/shop.db", run->folder);
    check_url(run, url, "after a crash");
}

static void check_that_it_works_again(Run *run)
{
    Pair pair = {.a = "later-a", .b = "later-b"};
    Err e = OK;

    if (!run->sql)
        e = sql_open(run->url, SHOP_SQL_MIGRATIONS, &run->sql);
    if (!failed(&e))
        e = sql_transact(run->sql, add_pair, &pair);
    if (failed(&e))
        fail_msg("%s %d%s, %d threads: doesn't work again: %s (%s)", fault_name(run->kind), run->nth,
                 run->stays ? " and on" : "", run->threads, e.message, e.detail);
    assert_true(exists(run->sql, "later-a"));
}

/* False when the workload was over before the fault came. */
static bool run_with_fault(Run *run)
{
    const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    (void)snprintf(run->folder, sizeof run->folder, "%s/nerdx-fault-XXXXXX", memory);
    assert_non_null(mkdtemp(run->folder));
    (void)snprintf(run->url, sizeof run->url, "sqlite:%s/shop.db", run->folder);
    fault_set(run->kind, run->nth, run->stays);
    Err e = sql_open(run->url, SHOP_SQL_MIGRATIONS, &run->sql);
    if (!failed(&e))
        write_by_threads(run);
    copy_as_after_a_crash(run);
    bool close_while_it_fails = run->sql && run->nth % 2;
    if (close_while_it_fails) {
        sql_close(run->sql);
        run->sql = NULL;
    }
    bool happened = fault_happened();
    fault_clear();
    check_after_crash(run);
    check_that_it_works_again(run);
    sql_close(run->sql);
    check_url(run, run->url, "opened again");
    remove_folder(run);
    return happened;
}

static void fail_each_in_turn(FaultKind kind)
{
    for (int variant = 0; variant < 4; variant++) {
        int nth = 1;
        for (; nth < MAX_CALLS; nth++) {
            Run run = {
                .kind = kind, .nth = nth, .stays = variant & 1, .threads = variant & 2 ? MAX_THREADS : 1};
            if (!run_with_fault(&run))
                break;
        }
        assert_true(nth > 1 && nth < MAX_CALLS);
        print_message("%s%s, %d threads: %d places\n", fault_name(kind), variant & 1 ? " and on" : "",
                      variant & 2 ? MAX_THREADS : 1, nth - 1);
    }
}

static void every_write_may_fail(void **state)
{
    (void)state;
    fail_each_in_turn(FAULT_WRITE);
}

static void every_write_may_be_cut_short(void **state)
{
    (void)state;
    fail_each_in_turn(FAULT_SHORT_WRITE);
}

static void the_disk_may_fill_up_at_every_write(void **state)
{
    (void)state;
    fail_each_in_turn(FAULT_DISK_FULL);
}

static void every_read_may_fail(void **state)
{
    (void)state;
    fail_each_in_turn(FAULT_READ);
}

static void every_fsync_may_fail(void **state)
{
    (void)state;
    fail_each_in_turn(FAULT_SYNC);
}

static void every_truncate_may_fail(void **state)
{
    (void)state;
    fail_each_in_turn(FAULT_TRUNCATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_write_may_fail),
        cmocka_unit_test(every_write_may_be_cut_short),
        cmocka_unit_test(the_disk_may_fill_up_at_every_write),
        cmocka_unit_test(every_read_may_fail),
        cmocka_unit_test(every_fsync_may_fail),
        cmocka_unit_test(every_truncate_may_fail),
    };

    fault_vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
