/* Statements that run too long: a server stops them. Not run on files, which look at the clock themselves and give a statement a minute
 * (SQL_STATEMENT_TIMEOUT_MS). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fixture.h"

#define USUAL "10s"
#define SHORT "250ms"
static const double FOR_EVER_S = 600; /* without the limit the test's own time-out ends it */

static void check_limit(Shop *shop, const char *expected)
{
    AUTO_ARENA Arena arena = {0};
    Str limit;

    assert_ok(shop_sql_get_limit(shop->sql, NULL, &arena, &limit));
    assert_true(str_equal(limit, str_from(expected)));
}

/* Of the connection that this thread's next reads and transactions have, too, for there is no other. */
static void set_limit(Shop *shop, Tx *tx, const char *words)
{
    AUTO_ARENA Arena arena = {0};
    Str limit;

    assert_ok(shop_sql_set_limit(tx ? NULL : shop->sql, tx, &arena, str_from(words), &limit));
    assert_true(str_equal(limit, str_from(words)));
}

static void assert_stopped(Err e)
{
    assert_error(e, TIMED_OUT);
    assert_string_equal(e.message, "a query ran too long and was stopped");
}

static void every_connection_has_the_limit(void **state)
{
    check_limit(*state, USUAL);
}

static void a_read_that_runs_too_long_is_stopped_and_the_next_is_answered(void **state)
{
    Shop *shop = *state;
    int64_t rested;

    add(shop, "soju", 1);
    set_limit(shop, NULL, SHORT);
    assert_stopped(shop_sql_rest(shop->sql, NULL, FOR_EVER_S, &rested));
    check_limit(shop, SHORT); /* the same connection */
    assert_true(exists(shop, "soju"));
    assert_ok(shop_sql_rest(shop->sql, NULL, 0, &rested));
}

static void a_transaction_whose_statement_runs_too_long_leaves_nothing_and_loses_nothing(void **state)
{
    Shop *shop = *state;
    Tx *tx = NULL;
    int64_t rested;

    add(shop, "soju", 1);
    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_add(tx, STR("yakju"), 1, (Str){0}, NULL));
    set_limit(shop, tx, SHORT);
    assert_stopped(shop_sql_rest(NULL, tx, FOR_EVER_S, &rested));
    assert_stopped(shop_sql_add(tx, STR("takju"), 1, (Str){0}, NULL)); /* it can only be rolled back */
    assert_stopped(sql_commit(&tx));
    check_limit(shop, USUAL); /* the same connection: rolled back with the rest */
    add(shop, "cheongju", 1);
    assert_int_equal(count(shop), 2);
    assert_true(exists(shop, "soju") && exists(shop, "cheongju"));
}

static Err rest_within(void *context, Tx *tx)
{
    int *tries = context;
    AUTO_ARENA Arena arena = {0};
    Str limit;
    int64_t rested;

    ++*tries;
    TRY(shop_sql_add(tx, STR("yakju"), 1, (Str){0}, NULL));
    TRY(shop_sql_set_limit(NULL, tx, &arena, STR(SHORT), &limit));
    return shop_sql_rest(NULL, tx, FOR_EVER_S, &rested);
}

static void work_that_runs_too_long_is_not_done_again(void **state)
{
    Shop *shop = *state;
    int tries = 0;

    assert_stopped(sql_transact(shop->sql, rest_within, &tries));
    assert_int_equal(tries, 1);
    assert_int_equal(count(shop), 0);
    add(shop, "yakju", 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shop_test(every_connection_has_the_limit),
        shop_test(a_read_that_runs_too_long_is_stopped_and_the_next_is_answered),
        shop_test(a_transaction_whose_statement_runs_too_long_leaves_nothing_and_loses_nothing),
        shop_test(work_that_runs_too_long_is_not_done_again),
    };

    shop_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
