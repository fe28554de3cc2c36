/* Transactions: what is seen, what is kept, what is undone, by one thread and by many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/settle.h"
#include "fixture.h"

enum { THREADS = 16, ROUNDS = 100 };

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

static Err take_one(Shop *shop, int64_t *taken)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(shop->sql, &tx));
    TRY(shop_sql_take(tx, 1, STR("soju"), taken));
    return sql_commit(&tx);
}

/* One that met another is refused whole, on a server, and begun again. */
static void *take_one_by_one(void *context)
{
    Worker *worker = context;

    for (int i = 0; i < ROUNDS; i++) {
        int64_t taken;
        Err e;
        while (e = take_one(worker->shop, &taken), e.code == UNAVAILABLE)
            continue;
        assert_ok(e);
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
        Err e;
        while (e = sql_transact(worker->shop->sql, sell_one, &sale), e.code == UNAVAILABLE)
            continue; /* it met others SQL_MOST_TRIES times: nothing was sold */
        assert_int_equal(e.code, sale.refuse ? LIMITED : NO_ERROR);
        if (!sale.refuse)
            worker->acknowledged += (int)sale.taken;
    }
    return NULL;
}

typedef struct LateSale {
    Settlement settlement;
    Sale sale;
    int times;
} LateSale;

static void note_sale(void *context, Err result)
{
    LateSale *late = context;

    late->times++;
    if (result.code == UNAVAILABLE) /* it met others SQL_MOST_TRIES times: nothing was sold */
        return;
    assert_int_equal(result.code, late->sale.refuse ? LIMITED : NO_ERROR);
    if (!late->sale.refuse)
        late->sale.worker->acknowledged += (int)late->sale.taken;
}

/* Answered later: see base/settle.h. */
static void *sell_in_settlements(void *context)
{
    Worker *worker = context;
    LateSale *sales = calloc(ROUNDS, sizeof *sales);

    for (int i = 0; i < ROUNDS; i++) {
        sales[i].sale = (Sale){worker, 0, i % 3 == 2};
        settlement_open(&sales[i].settlement, note_sale, &sales[i]);
        settlement_close(&sales[i].settlement, sql_transact(worker->shop->sql, sell_one, &sales[i].sale));
        if (i % 7 == 6)
            settle_all();
    }
    settle_all();
    for (int i = 0; i < ROUNDS; i++)
        assert_int_equal(sales[i].times, 1);
    free(sales);
    return NULL;
}

static void *sell_any_way(void *context)
{
    static void *(*const WAYS[])(void *) = {sell_by_transact, take_one_by_one, sell_in_settlements};
    Worker *worker = context;

    return WAYS[worker->number % 3](worker);
}

static void work_that_fails_leaves_nothing_and_all_ways_of_writing_mix(void **state)
{
    Shop *shop = *state;
    Worker workers[THREADS];
    pthread_t threads[THREADS];
    ShopSqlItem item;
    int sold = 0;

    add(shop, "soju", THREADS * ROUNDS);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (Worker){shop, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, sell_any_way, &workers[i]), 0);
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

static Err add_or_say_so(void *context, Tx *tx)
{
    (void)context;
    TRY(shop_sql_add(tx, STR("takju"), 1, (Str){0}, NULL));
    Err e = shop_sql_add(tx, STR("soju"), 1, (Str){0}, NULL);
    return e.code == CONFLICT ? err(GONE, "it is there already") : e;
}

static void work_may_say_what_a_conflict_means(void **state)
{
    Shop *shop = *state;

    add(shop, "soju", 1);
    assert_error(sql_transact(shop->sql, add_or_say_so, NULL), GONE);
    assert_false(exists(shop, "takju"));
    add(shop, "takju", 1);
}

/* More statements than are ever under way at once. */
enum { MANY_ITEMS = 200 };

static Err add_many(void *context, Tx *tx)
{
    const Shop *shop = context;
    int64_t items;

    for (int i = 0; i < MANY_ITEMS; i++) {
        char sku[16];
        (void)snprintf(sku, sizeof sku, "sku%d", i);
        TRY(shop_sql_add(tx, str_from(sku), 1, (Str){0}, NULL));
    }
    TRY(shop_sql_count(shop->sql, tx, &items));
    return items == MANY_ITEMS ? OK : err(INTERNAL, "%lld are seen", (long long)items);
}

static void work_reads_what_it_wrote_however_many_statements_came_before(void **state)
{
    Shop *shop = *state;

    assert_ok(sql_transact(shop->sql, add_many, shop));
    assert_int_equal(count(shop), MANY_ITEMS);
    assert_error(sql_transact(shop->sql, add_many, shop), CONFLICT);
    assert_int_equal(count(shop), MANY_ITEMS);
}

static Err write_and_give_up(void *context, Tx *tx)
{
    TRY(shop_sql_add(tx, STR("takju"), 1, (Str){0}, NULL));
    TRY(shop_sql_add(tx, *(const Str *)context, 1, (Str){0}, NULL));
    return err(GONE, "no, not after all");
}

static void work_that_gives_up_leaves_nothing_whether_its_statements_fail_or_not(void **state)
{
    const Str skus[] = {STR("soju"), STR("yakju")};
    Shop *shop = *state;

    add(shop, "soju", 1);
    for (size_t i = 0; i < 2; i++) {
        Err e = sql_transact(shop->sql, write_and_give_up, (void *)&skus[i]);
        assert_true(failed(&e));
        assert_int_equal(count(shop), 1);
    }
    add(shop, "takju", 1);
    assert_int_equal(count(shop), 2);
}

/* Takes from what it read, which another has changed meanwhile: each time. */
typedef struct Meeting {
    Shop *shop;
    int tries;
} Meeting;

static Err take_another(void *shop, Tx *tx)
{
    (void)shop;
    return shop_sql_take(tx, 1, STR("soju"), NULL);
}

static Err take_behind_another(void *context, Tx *tx)
{
    Meeting *meeting = context;
    AUTO_ARENA Arena arena = {0};
    ShopSqlItem item;

    meeting->tries++;
    TRY(shop_sql_get_certain(meeting->shop->sql, tx, &arena, STR("soju"), &item));
    assert_ok(sql_transact(meeting->shop->sql, take_another, NULL));
    return shop_sql_take(tx, 1, STR("soju"), NULL);
}

/* Where a database is one file nobody writes meanwhile. */
static void who_meets_another_every_time_gives_up_after_so_many_tries(void **state)
{
    enum { STOCK = 100 };
    Meeting meeting = {*state, 0};
    AUTO_ARENA Arena arena = {0};
    ShopSqlItem item;

    if (!sql_reads_block(meeting.shop->sql))
        return;
    add(meeting.shop, "soju", STOCK);
    Err e = sql_transact(meeting.shop->sql, take_behind_another, &meeting);
    assert_int_equal(e.code, UNAVAILABLE);
    assert_true(e.retry_after_s > 0);
    assert_int_equal(meeting.tries, SQL_MOST_TRIES);
    assert_ok(shop_sql_get_certain(meeting.shop->sql, NULL, &arena, STR("soju"), &item));
    assert_int_equal(item.on_hand, STOCK - SQL_MOST_TRIES);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shop_test(a_committed_row_is_read_back),
        shop_test(a_rolled_back_row_is_gone),
        shop_test(leaving_a_scope_rolls_back),
        shop_test(a_reader_sees_only_what_is_committed),
        shop_test(a_broken_constraint_is_a_conflict_and_spoils_only_its_transaction),
        shop_test(writers_at_once_lose_nothing_and_read_what_they_wrote),
        shop_test(the_last_bottle_is_sold_once),
        shop_test(who_meets_another_every_time_gives_up_after_so_many_tries),
        shop_test(work_that_fails_leaves_nothing_and_all_ways_of_writing_mix),
        shop_test(work_that_hides_a_failed_statement_is_refused_all_the_same),
        shop_test(work_may_say_what_a_conflict_means),
        shop_test(work_reads_what_it_wrote_however_many_statements_came_before),
        shop_test(work_that_gives_up_leaves_nothing_whether_its_statements_fail_or_not),
    };

    shop_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
