/* What processes that have the same database open say and hear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"

typedef struct Ear {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char heard[256]; /* a letter a message; '.' is an empty one */
    Sql *sql;
    SqlListener *listener;
} Ear;

static void hear(void *context, Str message)
{
    Ear *ear = context;
    size_t len = strlen(ear->heard);

    pthread_mutex_lock(&ear->lock);
    Str shown = message.len > 0 ? message : STR(".");
    (void)snprintf(ear->heard + len, sizeof ear->heard - len, "%.*s", STR_ARG(shown));
    pthread_cond_signal(&ear->changed);
    pthread_mutex_unlock(&ear->lock);
}

static void wait_to_hear(Ear *ear, const char *expected)
{
    pthread_mutex_lock(&ear->lock);
    while (strlen(ear->heard) < strlen(expected))
        pthread_cond_wait(&ear->changed, &ear->lock);
    assert_string_equal(ear->heard, expected);
    pthread_mutex_unlock(&ear->lock);
}

/* As another process would, by a database that it has opened itself. False: nobody can hear there. */
static bool open_ear(const Shop *shop, Ear *ear)
{
    *ear = (Ear){.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    assert_ok(sql_open(shop->url, SHOP_SQL_MIGRATIONS, &ear->sql));
    Err e = sql_listen(ear->sql, hear, ear, &ear->listener);
    if (e.code != UNSUPPORTED)
        assert_ok(e);
    return !failed(&e);
}

static void close_ear(Ear *ear)
{
    sql_unlisten(ear->sql, ear->listener);
    sql_close(ear->sql);
}

static void what_is_said_is_heard_by_all_who_listen_in_its_order(void **state)
{
    Shop *shop = *state;
    Ear first, second;
    bool can_hear = open_ear(shop, &first) && open_ear(shop, &second);

    assert_int_equal(can_hear, strstr(shop->url, "sqlite:") == NULL);
    if (can_hear) {
        wait_to_hear(&first, ".");
        wait_to_hear(&second, ".");
        assert_ok(sql_say(shop->sql, STR("a")));
        assert_ok(sql_say(first.sql, STR("b")));
        wait_to_hear(&first, ".ab");
        wait_to_hear(&second, ".ab");
        close_ear(&second);
        assert_ok(sql_say(shop->sql, STR("c")));
        wait_to_hear(&first, ".abc");
    }
    close_ear(&first);
}

static void what_is_said_to_nobody_is_no_error(void **state)
{
    Shop *shop = *state;

    assert_ok(sql_say(shop->sql, STR("a")));
}

static void another_schema_hears_nothing_of_it(void **state)
{
    Shop *shop = *state;
    Shop other = *shop;
    Ear ear;

    other.url[strlen(shop->url) - 1] ^= 1; /* a schema's number, or a file's name */
    if (open_ear(&other, &ear)) {
        wait_to_hear(&ear, ".");
        assert_ok(sql_say(shop->sql, STR("a")));
        assert_ok(sql_say(ear.sql, STR("b")));
        wait_to_hear(&ear, ".b");
    }
    close_ear(&ear);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shop_test(what_is_said_is_heard_by_all_who_listen_in_its_order),
        shop_test(what_is_said_to_nobody_is_no_error),
        shop_test(another_schema_hears_nothing_of_it),
    };

    shop_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
