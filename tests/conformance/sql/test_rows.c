/* Rows and values: each kind of query, each type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"

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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shop_test(changed_counts_the_rows_that_were_touched),
        shop_test(returning_gives_the_new_value),
        shop_test(one_row_wanted_and_none_or_two_there_is_an_error),
        shop_test(many_rows_come_in_order),
        shop_test(a_walk_may_walk_again),
        shop_test(an_error_of_the_callback_ends_the_walk),
        shop_test(every_type_comes_back_as_it_went),
    };

    shop_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
