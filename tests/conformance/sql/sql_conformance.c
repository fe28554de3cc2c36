/* What every twin of stores/sql promises, checked through the interface alone: sql_conformance sqlite, or a
 * URL of an empty database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/sql/shop_sql.h"

enum { THREADS = 16, ROUNDS = 100 };

static const char *url_argument;

typedef struct Shop {
    char folder[64];
    char url[128];
    Sql *sql;
    Arena arena;
} Shop;

#define assert_ok(expr) assert_ok_at((expr), __FILE__, __LINE__)

static void assert_ok_at(Err e, const char *file, int line)
{
    if (failed(&e)) {
        print_error("%s (%s)\n", e.message, e.detail);
        _fail(file, line);
    }
}

static void assert_error(Err e, ErrCode code)
{
    if (e.code != code)
        print_error("expected %s, got %s: %s (%s)\n", err_kind(code)->name, err_kind(e.code)->name, e.message,
                    e.detail);
    assert_int_equal(e.code, code);
}

static int open_shop(void **state)
{
    Shop *shop = calloc(1, sizeof *shop);

    (void)snprintf(shop->folder, sizeof shop->folder, "/tmp/nerdx-sql-XXXXXX");
    assert_non_null(mkdtemp(shop->folder));
    if (strcmp(url_argument, "sqlite") == 0)
        (void)snprintf(shop->url, sizeof shop->url, "sqlite:%s/shop.db", shop->folder);
    else
        (void)snprintf(shop->url, sizeof shop->url, "%s", url_argument);
    assert_ok(sql_open(shop->url, SHOP_SQL_MIGRATIONS, &shop->sql));
    *state = shop;
    return 0;
}

static int close_shop(void **state)
{
    Shop *shop = *state;
    char command[128];

    sql_close(shop->sql);
    arena_finish(&shop->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", shop->folder);
    int code = system(command);
    free(shop);
    return code;
}

static void add(Shop *shop, const char *sku, int64_t on_hand)
{
    Tx *tx = NULL;

    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_add(tx, str_from(sku), on_hand, (Str){0}, NULL));
    assert_ok(sql_commit(&tx));
    assert_null(tx);
}

static bool exists(Shop *shop, const char *sku)
{
    AUTO_ARENA Arena arena = {0};
    ShopSqlItem item;
    bool found;

    assert_ok(shop_sql_get(shop->sql, NULL, &arena, str_from(sku), &item, &found));
    return found;
}

static int64_t count(Shop *shop)
{
    int64_t items;

    assert_ok(shop_sql_count(shop->sql, NULL, &items));
    return items;
}

static void a_committed_row_is_read_back(void **state)
{
    Shop *shop = *state;
    ShopSqlItem item;
    bool found;

    add(shop, "soju", 12);
    assert_ok(shop_sql_get(shop->sql, NULL, &shop->arena, STR("soju"), &item, &found));
    assert_true(found);
    assert_true(str_equal(item.sku, STR("soju")));
    assert_int_equal(item.on_hand, 12);
    assert_null(item.note.data);
}

static void a_rolled_back_row_is_gone(void **state)
{
    Shop *shop = *state;
    Tx *tx = NULL;

    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_add(tx, STR("soju"), 1, (Str){0}, NULL));
    sql_rollback(&tx);
    assert_null(tx);
    assert_false(exists(shop, "soju"));
}

static void leaving_a_scope_rolls_back(void **state)
{
    Shop *shop = *state;

    {
        AUTO_ROLLBACK Tx *tx = NULL;
        assert_ok(sql_begin(shop->sql, &tx));
        assert_ok(shop_sql_add(tx, STR("soju"), 1, (Str){0}, NULL));
    }
    assert_false(exists(shop, "soju"));
}

static void a_reader_sees_only_what_is_committed(void **state)
{
    Shop *shop = *state;
    Tx *tx = NULL;
    int64_t items;

    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_add(tx, STR("soju"), 1, (Str){0}, NULL));
    assert_false(exists(shop, "soju"));
    assert_ok(shop_sql_count(NULL, tx, &items));
    assert_int_equal(items, 1);
    assert_ok(sql_commit(&tx));
    assert_true(exists(shop, "soju"));
}

static void a_broken_constraint_is_a_conflict_and_spoils_only_its_transaction(void **state)
{
    Shop *shop = *state;
    Tx *tx = NULL;

    add(shop, "soju", 1);
    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_add(tx, STR("takju"), 1, (Str){0}, NULL));
    assert_error(shop_sql_add(tx, STR("soju"), 1, (Str){0}, NULL), CONFLICT);
    assert_error(shop_sql_add(tx, STR("yakju"), 1, (Str){0}, NULL), CONFLICT);
    assert_error(sql_commit(&tx), CONFLICT);
    assert_null(tx);
    assert_false(exists(shop, "takju"));
    add(shop, "yakju", 1);
    assert_int_equal(count(shop), 2);
}

static void changed_counts_the_rows_that_were_touched(void **state)
{
    Shop *shop = *state;
    Tx *tx = NULL;
    int64_t changed = -1;

    add(shop, "soju", 3);
    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_take(tx, 2, STR("soju"), &changed));
    assert_int_equal(changed, 1);
    assert_ok(shop_sql_take(tx, 2, STR("soju"), &changed));
    assert_int_equal(changed, 0);
    assert_ok(sql_commit(&tx));
}

static void returning_gives_the_new_value(void **state)
{
    Shop *shop = *state;
    Tx *tx = NULL;
    int64_t on_hand;

    add(shop, "soju", 3);
    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_take_forced(tx, STR("soju"), 2, &on_hand));
    assert_int_equal(on_hand, 1);
    assert_ok(sql_commit(&tx));
}

static void one_row_wanted_and_none_or_two_there_is_an_error(void **state)
{
    Shop *shop = *state;
    ShopSqlItem item;
    bool found;

    assert_error(shop_sql_get_certain(shop->sql, NULL, &shop->arena, STR("soju"), &item), INTERNAL);
    add(shop, "soju", 3);
    assert_ok(shop_sql_get_certain(shop->sql, NULL, &shop->arena, STR("soju"), &item));
    add(shop, "takju", 3);
    assert_error(shop_sql_get_any(shop->sql, NULL, &shop->arena, &item, &found), INTERNAL);
    assert_false(found);
}

static void many_rows_come_in_order(void **state)
{
    Shop *shop = *state;
    ShopSqlItem *items;
    Str *skus;
    size_t n;

    assert_ok(shop_sql_list(shop->sql, NULL, &shop->arena, &items, &n));
    assert_int_equal(n, 0);
    for (int i = 99; i >= 0; i--) {
        char sku[8];
        (void)snprintf(sku, sizeof sku, "sku%02d", i);
        add(shop, sku, i);
    }
    assert_ok(shop_sql_list(shop->sql, NULL, &shop->arena, &items, &n));
    assert_int_equal(n, 100);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(items[i].on_hand, i);
    assert_ok(shop_sql_list_skus(shop->sql, NULL, &shop->arena, &skus, &n));
    assert_int_equal(n, 100);
    assert_true(str_equal(skus[42], STR("sku42")));
}

typedef struct Walk {
    Shop *shop;
    int64_t sum;
    int depth;
} Walk;

static Err sum_nested(void *context, const ShopSqlItem *item)
{
    Walk *walk = context;

    walk->sum += item->on_hand;
    if (walk->depth > 0) {
        Walk inner = {walk->shop, 0, walk->depth - 1};
        TRY(shop_sql_scan(walk->shop->sql, NULL, 0, sum_nested, &inner));
        walk->sum += inner.sum;
    }
    return OK;
}

static void a_walk_may_walk_again(void **state)
{
    Shop *shop = *state;
    Walk walk = {shop, 0, 1};

    add(shop, "a", 1);
    add(shop, "b", 2);
    add(shop, "c", 3);
    assert_ok(shop_sql_scan(shop->sql, NULL, 0, sum_nested, &walk));
    assert_int_equal(walk.sum, 6 + 3 * 6);
}

static Err stop_at_second(void *context, const ShopSqlItem *item)
{
    int *seen = context;

    (void)item;
    return ++*seen == 2 ? err(LIMITED, "enough") : OK;
}

static void an_error_of_the_callback_ends_the_walk(void **state)
{
    Shop *shop = *state;
    int seen = 0;

    add(shop, "a", 1);
    add(shop, "b", 2);
    add(shop, "c", 3);
    assert_error(shop_sql_scan(shop->sql, NULL, 0, stop_at_second, &seen), LIMITED);
    assert_int_equal(seen, 2);
    add(shop, "d", 4); /* nothing is left open */
}

static void every_type_comes_back_as_it_went(void **state)
{
    Shop *shop = *state;
    static const char BYTES[] = {0, 1, (char)0xFF, 0};
    ShopSqlSample sample;
    Tx *tx = NULL;
    bool found;

    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_put_sample(tx, INT64_MIN, (SqlMaybeInt){true, INT64_MAX}, (SqlMaybeReal){true, 2.0},
                                  STR("막걸리"), (SqlBlob){BYTES, 4}, NULL));
    assert_ok(shop_sql_put_sample(tx, 2, (SqlMaybeInt){0}, (SqlMaybeReal){0}, (Str){0}, (SqlBlob){0}, NULL));
    assert_ok(shop_sql_put_sample(tx, 3, (SqlMaybeInt){true, 0}, (SqlMaybeReal){true, 0.1}, STR(""),
                                  (SqlBlob){"", 0}, NULL));
    assert_ok(sql_commit(&tx));

    assert_ok(shop_sql_get_sample(shop->sql, NULL, &shop->arena, INT64_MIN, &sample, &found));
    assert_true(sample.whole.present && sample.whole.value == INT64_MAX);
    assert_true(sample.share.present && sample.share.value == 2.0);
    assert_true(str_equal(sample.words, STR("막걸리")));
    assert_int_equal(sample.bytes.len, 4);
    assert_memory_equal(sample.bytes.data, BYTES, 4);

    assert_ok(shop_sql_get_sample(shop->sql, NULL, &shop->arena, 2, &sample, &found));
    assert_false(sample.whole.present || sample.share.present || sample.words.data || sample.bytes.data);

    assert_ok(shop_sql_get_sample(shop->sql, NULL, &shop->arena, 3, &sample, &found));
    assert_true(sample.whole.present && sample.share.value == 0.1 && sample.words.data && sample.bytes.data);
    assert_int_equal(sample.words.len + sample.bytes.len, 0);
}

static void what_was_acknowledged_is_there_after_opening_again(void **state)
{
    Shop *shop = *state;

    add(shop, "soju", 1);
    sql_close(shop->sql);
    assert_ok(sql_open(shop->url, SHOP_SQL_MIGRATIONS, &shop->sql));
    assert_true(exists(shop, "soju"));
}

static void a_database_newer_than_the_program_is_refused(void **state)
{
    Shop *shop = *state;
    SqlMigrations older = {SHOP_SQL_MIGRATIONS.items, 1};

    sql_close(shop->sql);
    shop->sql = NULL;
    Err e = sql_open(shop->url, older, &shop->sql);
    assert_error(e, INTERNAL);
    assert_non_null(strstr(e.message, "newer NERDX"));
    assert_null(shop->sql);
}

static void a_changed_migration_is_refused(void **state)
{
    Shop *shop = *state;
    SqlMigration changed[2];

    memcpy(changed, SHOP_SQL_MIGRATIONS.items, sizeof changed);
    changed[1].sqlite = changed[1].postgres = "CREATE TABLE other (id bigint)";
    sql_close(shop->sql);
    shop->sql = NULL;
    Err e = sql_open(shop->url, (SqlMigrations){changed, 2}, &shop->sql);
    assert_error(e, INTERNAL);
    assert_non_null(strstr(e.message, "migration 2 (values)"));
}

static void a_failing_migration_leaves_the_ones_before_it(void **state)
{
    Shop *shop = *state;
    SqlMigration three[3];

    memcpy(three, SHOP_SQL_MIGRATIONS.items, 2 * sizeof three[0]);
    three[2] = (SqlMigration){3, "wrong", "CREATE TABLE half (id bigint); SELECT nonsense",
                              "CREATE TABLE half (id bigint); SELECT nonsense"};
    add(shop, "soju", 1);
    sql_close(shop->sql);
    shop->sql = NULL;
    assert_error(sql_open(shop->url, (SqlMigrations){three, 3}, &shop->sql), INTERNAL);

    three[2].sqlite = three[2].postgres =
        "CREATE TABLE half (id bigint)"; /* nothing of the first try is left */
    assert_ok(sql_open(shop->url, (SqlMigrations){three, 3}, &shop->sql));
    assert_true(exists(shop, "soju"));
}

static void *open_at_once(void *context)
{
    Sql *sql;

    assert_ok(sql_open(context, SHOP_SQL_MIGRATIONS, &sql));
    return sql;
}

static void many_that_open_at_once_migrate_once(void **state)
{
    Shop *shop = *state;
    pthread_t threads[THREADS];
    char url[160];

    (void)snprintf(url, sizeof url, "%s2", shop->url);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, open_at_once, url), 0);
    for (int i = 0; i < THREADS; i++) {
        void *sql;
        pthread_join(threads[i], &sql);
        assert_non_null(sql);
        sql_close(sql);
    }
}

static void an_unknown_url_is_refused(void **state)
{
    Sql *sql;

    (void)state;
    assert_error(sql_open("mongodb://localhost", SHOP_SQL_MIGRATIONS, &sql), INVALID);
    assert_error(sql_open("sqlite:", SHOP_SQL_MIGRATIONS, &sql), INVALID);
}

typedef struct Worker {
    Shop *shop;
    int number;
    int acknowledged;
} Worker;

static void *write_many(void *context)
{
    Worker *worker = context;

    for (int i = 0; i < ROUNDS; i++) {
        Tx *tx = NULL;
        char sku[32];
        (void)snprintf(sku, sizeof sku, "w%d-%d", worker->number, i);
        assert_ok(sql_begin(worker->shop->sql, &tx));
        assert_ok(shop_sql_add(tx, str_from(sku), i, (Str){0}, NULL));
        if (i % 5 == 4) {
            sql_rollback(&tx);
            continue;
        }
        assert_ok(sql_commit(&tx));
        worker->acknowledged++;
        assert_true(exists(worker->shop, sku));
    }
    return NULL;
}

static void writers_at_once_lose_nothing_and_read_what_they_wrote(void **state)
{
    Shop *shop = *state;
    Worker workers[THREADS];
    pthread_t threads[THREADS];
    int acknowledged = 0;

    for (int i = 0; i < THREADS; i++) {
        workers[i] = (Worker){shop, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        acknowledged += workers[i].acknowledged;
    }
    assert_int_equal(acknowledged, THREADS * ROUNDS * 4 / 5);
    assert_int_equal(count(shop), acknowledged);
}

static void *take_one_by_one(void *context)
{
    Worker *worker = context;

    for (int i = 0; i < ROUNDS; i++) {
        AUTO_ROLLBACK Tx *tx = NULL;
        int64_t taken;
        assert_ok(sql_begin(worker->shop->sql, &tx));
        assert_ok(shop_sql_take(tx, 1, STR("soju"), &taken));
        assert_ok(sql_commit(&tx));
        worker->acknowledged += (int)taken;
    }
    return NULL;
}

static void the_last_bottle_is_sold_once(void **state)
{
    Shop *shop = *state;
    Worker workers[THREADS];
    pthread_t threads[THREADS];
    int sold = 0;

    add(shop, "soju", 1000);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (Worker){shop, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, take_one_by_one, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sold += workers[i].acknowledged;
    }
    assert_int_equal(sold, 1000);
}

typedef struct Sale {
    Worker *worker;
    int64_t taken;
    bool refuse;
} Sale;

static Err sell_one(void *context, Tx *tx)
{
    Sale *sale = context;

    TRY(shop_sql_take(tx, 1, STR("soju"), &sale->taken));
    return sale->refuse ? err(LIMITED, "refused") : OK;
}

static void *sell_by_transact(void *context)
{
    Worker *worker = context;

    for (int i = 0; i < ROUNDS; i++) {
        Sale sale = {worker, 0, i % 3 == 2};
        Err e = sql_transact(worker->shop->sql, sell_one, &sale);
        assert_int_equal(e.code, sale.refuse ? LIMITED : NO_ERROR);
        if (!sale.refuse)
            worker->acknowledged += (int)sale.taken;
    }
    return NULL;
}

static void *sell_either_way(void *context)
{
    Worker *worker = context;

    return worker->number % 2 ? sell_by_transact(worker) : take_one_by_one(worker);
}

static void work_that_fails_leaves_nothing_and_both_ways_of_writing_mix(void **state)
{
    Shop *shop = *state;
    Worker workers[THREADS];
    pthread_t threads[THREADS];
    ShopSqlItem item;
    int sold = 0;

    add(shop, "soju", THREADS * ROUNDS);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (Worker){shop, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, sell_either_way, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sold += workers[i].acknowledged;
    }
    assert_ok(shop_sql_get_certain(shop->sql, NULL, &shop->arena, STR("soju"), &item));
    assert_int_equal(item.on_hand, THREADS * ROUNDS - sold);
}

static Err fail_and_hide_it(void *context, Tx *tx)
{
    (void)context;
    TRY(shop_sql_add(tx, STR("takju"), 1, (Str){0}, NULL));
    (void)shop_sql_add(tx, STR("soju"), 1, (Str){0}, NULL);
    return OK;
}

static void work_that_hides_a_failed_statement_is_refused_all_the_same(void **state)
{
    Shop *shop = *state;

    add(shop, "soju", 1);
    assert_error(sql_transact(shop->sql, fail_and_hide_it, NULL), CONFLICT);
    assert_false(exists(shop, "takju"));
}

static void check_tells_that_a_database_is_sound(void **state)
{
    Shop *shop = *state;
    Str report;

    add(shop, "soju", 1);
    assert_ok(sql_check(shop->url, SHOP_SQL_MIGRATIONS, &shop->arena, &report));
    assert_true(str_starts(report, STR("sound, 2 of 2 migrations")));
}

#define shop_test(f) cmocka_unit_test_setup_teardown(f, open_shop, close_shop)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shop_test(a_committed_row_is_read_back),
        shop_test(a_rolled_back_row_is_gone),
        shop_test(leaving_a_scope_rolls_back),
        shop_test(a_reader_sees_only_what_is_committed),
        shop_test(a_broken_constraint_is_a_conflict_and_spoils_only_its_transaction),
        shop_test(changed_counts_the_rows_that_were_touched),
        shop_test(returning_gives_the_new_value),
        shop_test(one_row_wanted_and_none_or_two_there_is_an_error),
        shop_test(many_rows_come_in_order),
        shop_test(a_walk_may_walk_again),
        shop_test(an_error_of_the_callback_ends_the_walk),
        shop_test(every_type_comes_back_as_it_went),
        shop_test(what_was_acknowledged_is_there_after_opening_again),
        shop_test(a_database_newer_than_the_program_is_refused),
        shop_test(a_changed_migration_is_refused),
        shop_test(a_failing_migration_leaves_the_ones_before_it),
        shop_test(many_that_open_at_once_migrate_once),
        shop_test(an_unknown_url_is_refused),
        shop_test(writers_at_once_lose_nothing_and_read_what_they_wrote),
        shop_test(the_last_bottle_is_sold_once),
        shop_test(work_that_fails_leaves_nothing_and_both_ways_of_writing_mix),
        shop_test(work_that_hides_a_failed_statement_is_refused_all_the_same),
        shop_test(check_tells_that_a_database_is_sound),
    };

    if (argc != 2) {
        (void)fprintf(stderr, "usage: sql_conformance sqlite|URL\n");
        return 2;
    }
    url_argument = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
