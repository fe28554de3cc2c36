/* Calls in settlements (base/settle.h): those of one thread in a row share a commit, and none is answered before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/settle.h"
#include "conformance/sql/shop_sql.h"

enum { CALLS = 40, TOO_MANY = 1000 };

typedef struct Shop {
    char folder[64];
    char url[128];
    Sql *sql;
} Shop;

typedef struct Answer {
    Settlement settlement;
    char sku[32];
    ErrCode code;
    int times;
} Answer;

static void must(Err e)
{
    if (failed(&e))
        fail_msg("%s (%s)", e.message, e.detail);
}

static int open_shop(void **state)
{
    Shop *shop = calloc(1, sizeof *shop);

    (void)snprintf(shop->folder, sizeof shop->folder, "/tmp/nerdx-settle-XXXXXX");
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

static int64_t count(const Shop *shop)
{
    int64_t items;

    must(shop_sql_count(shop->sql, NULL, &items));
    return items;
}

static void give(void *context, Err result)
{
    Answer *answer = context;

    answer->code = result.code;
    answer->times++;
}

static Err add_one(void *context, Tx *tx)
{
    const Answer *answer = context;

    return shop_sql_add(tx, str_from(answer->sku), 1, (Str){0}, NULL);
}

static void call(const Shop *shop, Answer *answer, int number)
{
    *answer = (Answer){0};
    (void)snprintf(answer->sku, sizeof answer->sku, "item-%d", number);
    settlement_open(&answer->settlement, give, answer);
    settlement_close(&answer->settlement, sql_transact(shop->sql, add_one, answer));
}

static void calls_in_a_row_share_one_commit_and_are_answered_after_it(void **state)
{
    const Shop *shop = *state;
    Answer answers[CALLS];

    for (int i = 0; i < CALLS; i++)
        call(shop, &answers[i], i);
    for (int i = 0; i < CALLS; i++)
        assert_int_equal(answers[i].times, 0);
    assert_int_equal(count(shop), 0);
    settle_all();
    for (int i = 0; i < CALLS; i++) {
        assert_int_equal(answers[i].times, 1);
        assert_int_equal(answers[i].code, NO_ERROR);
    }
    assert_int_equal(count(shop), CALLS);
}

static void a_call_that_fails_is_answered_at_once_and_leaves_the_others_alone(void **state)
{
    const Shop *shop = *state;
    Answer first, same, other;

    call(shop, &first, 1);
    call(shop, &same, 1);
    assert_int_equal(same.times, 1);
    assert_int_equal(same.code, CONFLICT);
    call(shop, &other, 2);
    settle_all();
    assert_int_equal(first.code + other.code, NO_ERROR);
    assert_int_equal(first.times + other.times, 2);
    assert_int_equal(count(shop), 2);
}

static void a_lone_call_that_fails_leaves_no_group_open(void **state)
{
    const Shop *shop = *state;
    Answer first, same;

    call(shop, &first, 1);
    settle_all();
    call(shop, &same, 1);
    assert_int_equal(same.code, CONFLICT);
    settle_all();
    /* Another program can write: nobody holds the file's write lock. */
    Sql *beside;
    Answer other = {.sku = "other"};
    must(sql_open(shop->url, SHOP_SQL_MIGRATIONS, &beside));
    must(sql_transact(beside, add_one, &other));
    sql_close(beside);
}

static void *write_beside(void *context)
{
    const Shop *shop = context;
    Answer mine = {.sku = "beside"};

    must(sql_transact(shop->sql, add_one, &mine));
    return NULL;
}

static void a_commit_of_another_thread_settles_them_too(void **state)
{
    Shop *shop = *state;
    Answer answer;
    pthread_t other;

    call(shop, &answer, 1);
    assert_int_equal(answer.times, 0);
    assert_int_equal(pthread_create(&other, NULL, write_beside, shop), 0);
    pthread_join(other, NULL);
    assert_int_equal(answer.times, 1);
    assert_int_equal(count(shop), 2);
    settle_all();
    assert_int_equal(answer.times, 1);
}

static void a_thread_that_never_rests_settles_all_the_same(void **state)
{
    const Shop *shop = *state;
    static Answer answers[TOO_MANY];
    int i = 0;

    do
        call(shop, &answers[i], i);
    while (answers[0].times == 0 && ++i < TOO_MANY);
    assert_true(i < TOO_MANY);
    settle_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(calls_in_a_row_share_one_commit_and_are_answered_after_it, open_shop,
                                        close_shop),
        cmocka_unit_test_setup_teardown(a_call_that_fails_is_answered_at_once_and_leaves_the_others_alone,
                                        open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_lone_call_that_fails_leaves_no_group_open, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_commit_of_another_thread_settles_them_too, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(a_thread_that_never_rests_settles_all_the_same, open_shop,
                                        close_shop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
