/* The write-ahead log is written back and starts again: it stays bounded while much is written, also when readers
 * never pause, and a clean close leaves one file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/sql/shop_sql.h"

enum {
    READERS = 4,
    ROW = 60000, /* bytes: some fifteen pages */
    ROWS_A_COMMIT = 20,
    ROWS_A_WALK = 8, /* soon over: nobody is waited for in vain, also where many share two cores */
    COMMITS = 150,   /* 180 MB, more than the bound of a log that never starts again */
    MEBI = 1 << 20,
    BOUND = 140 * MEBI, /* MAX_WAL_FRAMES and one commit */
    BOUND_WITHOUT_READERS = 40 * MEBI,
};

typedef struct Shop {
    char folder[64];
    char url[128];
    Sql *sql;
    atomic_bool stop;
    atomic_long walks;
} Shop;

static void must(Err e)
{
    if (failed(&e))
        fail_msg("%s (%s)", e.message, e.detail);
}

static int open_shop(void **state)
{
    Shop *shop = calloc(1, sizeof *shop);

    (void)snprintf(shop->folder, sizeof shop->folder, "%s/nerdx-log-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(shop->folder));
    (void)snprintf(shop->url, sizeof shop->url, "sqlite:%s/shop.db", shop->folder);
    must(sql_open(shop->url, SHOP_SQL_MIGRATIONS, &shop->sql));
    *state = shop;
    return 0;
}

static int close_shop(void **state)
{
    Shop *shop = *state;
    char command[128];

    sql_close(shop->sql);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", shop->folder);
    free(shop);
    return system(command);
}

/* 0 when there is none. */
static long size_of(const Shop *shop, const char *suffix)
{
    char path[128];
    struct stat file;

    (void)snprintf(path, sizeof path, "%s/shop.db%s", shop->folder, suffix);
    return stat(path, &file) == 0 ? (long)file.st_size : 0;
}

static Err add_rows(void *context, Tx *tx)
{
    static char row[ROW];
    const int *first = context;

    for (int i = *first; i < *first + ROWS_A_COMMIT; i++) {
        char sku[32];
        (void)snprintf(sku, sizeof sku, "sku-%06d", i);
        memset(row, 'a' + i % 26, sizeof row);
        TRY(shop_sql_add(tx, str_from(sku), i, (Str){row, sizeof row}, NULL));
    }
    return OK;
}

static void write_much(const Shop *shop)
{
    for (int i = 0; i < COMMITS; i++) {
        int first = i * ROWS_A_COMMIT;
        must(sql_transact(shop->sql, add_rows, &first));
    }
}

static void the_log_starts_again(void **state)
{
    Shop *shop = *state;

    write_much(shop);
    assert_in_range(size_of(shop, "-wal"), 1, BOUND_WITHOUT_READERS);
}

static Err look_at_some(void *context, const ShopSqlItem *item)
{
    int *left = context;

    (void)item;
    return (*left)-- > 0 ? OK : err(LIMITED, "enough");
}

/* Overlapping with the others' walks, so that at every moment someone reads. */
static void *walk_until_stopped(void *context)
{
    Shop *shop = context;

    while (!atomic_load(&shop->stop)) {
        int left = ROWS_A_WALK;
        (void)shop_sql_scan(shop->sql, NULL, 0, look_at_some, &left);
        atomic_fetch_add(&shop->walks, 1);
    }
    return NULL;
}

static void the_log_stays_bounded_while_readers_never_pause(void **state)
{
    Shop *shop = *state;
    pthread_t threads[READERS];

    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, walk_until_stopped, shop), 0);
    write_much(shop);
    atomic_store(&shop->stop, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_true(atomic_load(&shop->walks) > READERS);
    assert_in_range(size_of(shop, "-wal"), 1, BOUND);
}

static void a_clean_close_leaves_one_file(void **state)
{
    Shop *shop = *state;
    int first = 0;

    must(sql_transact(shop->sql, add_rows, &first));
    assert_true(size_of(shop, "-wal") > 0);
    sql_close(shop->sql);
    shop->sql = NULL;
    assert_int_equal(size_of(shop, "-wal"), 0);
    assert_int_equal(size_of(shop, "-shm"), 0);
    assert_true(size_of(shop, "") > ROW * ROWS_A_COMMIT);
}

static void *read_once(void *context)
{
    Shop *shop = context;
    int64_t items;

    must(shop_sql_count(shop->sql, NULL, &items));
    return NULL;
}

static long count_open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    long count = 0;

    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    assert_true(count > 0);
    return count;
}

static void threads_that_read_one_after_another_share_a_reader(void **state)
{
    Shop *shop = *state;
    long before;

    (void)read_once(shop);
    before = count_open_files();
    for (int i = 0; i < READERS * 4; i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, read_once, shop), 0);
        pthread_join(thread, NULL);
    }
    assert_int_equal(count_open_files(), before);
}

/* By whichever handle, and only then. */
static void the_stamp_is_another_behind_every_commit(void **state)
{
    Shop *shop = *state;
    Sql *other = NULL;
    Tx *tx;
    int first = 0;

    must(sql_open(shop->url, SHOP_SQL_MIGRATIONS, &other));
    uint64_t before = sql_stamp(shop->sql);
    assert_true(before != 0);
    assert_true(sql_stamp(other) == before);
    must(sql_transact(other, add_rows, &first));
    uint64_t behind = sql_stamp(shop->sql);
    assert_true(behind != 0 && behind != before);
    must(sql_begin(shop->sql, &tx));
    must(shop_sql_add(tx, STR("taken back"), 1, STR("row"), NULL));
    sql_rollback(&tx);
    assert_true(sql_stamp(shop->sql) == behind);
    sql_close(other);
    assert_true(sql_stamp(shop->sql) == behind);
}

/* Who reads an older state isn't told of the newest. */
static void between_begun_reads_there_is_no_stamp(void **state)
{
    Shop *shop = *state;
    AUTO_END_READS Sql *reading = NULL;

    must(sql_begin_reads(shop->sql, &reading));
    assert_true(sql_stamp(shop->sql) == 0);
}

#define shop_test(f) cmocka_unit_test_setup_teardown(f, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        shop_test(the_log_starts_again),
        shop_test(the_log_stays_bounded_while_readers_never_pause),
        shop_test(a_clean_close_leaves_one_file),
        shop_test(threads_that_read_one_after_another_share_a_reader),
        shop_test(the_stamp_is_another_behind_every_commit),
        shop_test(between_begun_reads_there_is_no_stamp),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
