#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *url_argument;
static int shops;

void shop_use_url(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s sqlite|URL\n", argv[0]);
        exit(2);
    }
    url_argument = argv[1];
}

void assert_ok_at(Err e, const char *file, int line)
{
    if (failed(&e)) {
        print_error("%s (%s)\n", e.message, e.detail);
        _fail(file, line);
    }
}

void assert_error_at(Err e, ErrCode code, const char *file, int line)
{
    if (e.code != code) {
        print_error("expected %s, got %s: %s (%s)\n", err_kind(code)->name, err_kind(e.code)->name, e.message,
                    e.detail);
        _fail(file, line);
    }
}

int open_shop(void **state)
{
    Shop *shop = calloc(1, sizeof *shop);

    (void)snprintf(shop->folder, sizeof shop->folder, "/tmp/nerdx-sql-XXXXXX");
    assert_non_null(mkdtemp(shop->folder));
    if (strcmp(url_argument, "sqlite") == 0)
        (void)snprintf(shop->url, sizeof shop->url, "sqlite:%s/shop.db", shop->folder);
    else /* each test has a schema of its own */
        (void)snprintf(shop->url, sizeof shop->url, "%s#shop_%d", url_argument, ++shops);
    assert_ok(sql_open(shop->url, SHOP_SQL_MIGRATIONS, &shop->sql));
    *state = shop;
    return 0;
}

int close_shop(void **state)
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

void add(Shop *shop, const char *sku, int64_t on_hand)
{
    Tx *tx = NULL;

    assert_ok(sql_begin(shop->sql, &tx));
    assert_ok(shop_sql_add(tx, str_from(sku), on_hand, (Str){0}, NULL));
    assert_ok(sql_commit(&tx));
    assert_null(tx);
}

bool exists(Shop *shop, const char *sku)
{
    AUTO_ARENA Arena arena = {0};
    ShopSqlItem item;
    bool found;

    assert_ok(shop_sql_get(shop->sql, NULL, &arena, str_from(sku), &item, &found));
    return found;
}

int64_t count(Shop *shop)
{
    int64_t items;

    assert_ok(shop_sql_count(shop->sql, NULL, &items));
    return items;
}
