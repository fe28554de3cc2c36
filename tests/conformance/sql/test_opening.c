/* Opening: migrations, and databases that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"

enum { THREADS = 16 };

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

static void check_tells_that_a_database_is_sound(void **state)
{
    Shop *shop = *state;
    Str report;

    add(shop, "soju", 1);
    assert_ok(sql_check(shop->url, SHOP_SQL_MIGRATIONS, &shop->arena, &report));
    assert_true(str_starts(report, STR("sound, 2 of 2 migrations")));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shop_test(what_was_acknowledged_is_there_after_opening_again),
        shop_test(a_database_newer_than_the_program_is_refused),
        shop_test(a_changed_migration_is_refused),
        shop_test(a_failing_migration_leaves_the_ones_before_it),
        shop_test(many_that_open_at_once_migrate_once),
        shop_test(an_unknown_url_is_refused),
        shop_test(check_tells_that_a_database_is_sound),
    };

    shop_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
