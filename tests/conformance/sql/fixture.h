/* A shop in an empty database, made anew for each test. The program's argument is the database: "sqlite" (a file of its
 * own) or the URL of an empty one. */
#ifndef NERDX_TESTS_CONFORMANCE_SQL_FIXTURE_H
#define NERDX_TESTS_CONFORMANCE_SQL_FIXTURE_H

#include "conformance/sql/shop_sql.h"

typedef struct Shop {
    char folder[64];
    char url[128];
    Sql *sql;
    Arena arena;
} Shop;

void shop_use_url(int argc, char **argv); /* ends the program when there is none */
int open_shop(void **state);
int close_shop(void **state);
#define shop_test(f) cmocka_unit_test_setup_teardown(f, open_shop, close_shop)

#define assert_ok(expr) assert_ok_at((expr), __FILE__, __LINE__)
void assert_ok_at(Err e, const char *file, int line);
#define assert_error(expr, code) assert_error_at((expr), (code), __FILE__, __LINE__)
void assert_error_at(Err e, ErrCode code, const char *file, int line);

void add(Shop *shop, const char *sku, int64_t on_hand);
bool exists(Shop *shop, const char *sku);
int64_t count(Shop *shop);

#endif
