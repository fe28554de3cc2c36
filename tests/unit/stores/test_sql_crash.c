/* kill -9 while many threads write, again and again on one database: what was acknowledged is there, nothing is there
 * twice or by half. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/sql/shop_sql.h"

enum { THREADS = 16, ROUNDS = 25, MOST_ACKNOWLEDGED = 400, MAX_ORDERS = ROUNDS * MOST_ACKNOWLEDGED * 10 };

typedef struct Order {
    int32_t round;
    int32_t thread;
    int32_t number;
} Order;

typedef struct Clerk {
    Sql *sql;
    int pipe;
    Order order;
} Clerk;

static char url[128];
static char folder[64];
static Order acknowledged[MAX_ORDERS];
static size_t acknowledged_count;

static Str name_order(const Order *order, char name[64])
{
    (void)snprintf(name, 64, "order-%d-%d-%d", order->round, order->thread, order->number);
    return str_from(name);
}

static Err sell(void *context, Tx *tx)
{
    char name[64];

    TRY(shop_sql_add(tx, name_order(context, name), 1, (Str){0}, NULL));
    return shop_sql_take(tx, -1, STR("sold"), NULL); /* counts up */
}

static Err sell_by_begin(Sql *sql, Order *order)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sql, &tx));
    TRY(sell(order, tx));
    return sql_commit(&tx);
}

/* Acknowledges through a pipe, for what the process remembers dies with it. */
static void *sell_until_killed(void *context)
{
    Clerk *clerk = context;

    for (;; clerk->order.number++) {
        bool odd = clerk->order.number % 2;
        Err e =
            odd ? sql_transact(clerk->sql, sell, &clerk->order) : sell_by_begin(clerk->sql, &clerk->order);
        if (failed(&e) || write(clerk->pipe, &clerk->order, sizeof clerk->order) != sizeof clerk->order)
            _exit(1);
    }
}

static void be_the_victim(int round, int pipe)
{
    static Clerk clerks[THREADS];
    pthread_t thread;
    Sql *sql;

    Err e = sql_open(url, SHOP_SQL_MIGRATIONS, &sql);
    if (failed(&e))
        _exit(1);
    for (int i = 0; i < THREADS; i++) {
        clerks[i] = (Clerk){sql, pipe, {round, i, 0}};
        if (pthread_create(&thread, NULL, sell_until_killed, &clerks[i]) != 0)
            _exit(1);
    }
    for (;;)
        pause();
}

/* Kills it after so many acknowledgements; those still in the pipe count, too. */
static void run_and_kill(int round, int acknowledgements)
{
    int ends[2];
    Order order;

    assert_int_equal(pipe(ends), 0);
    pid_t victim = fork();
    assert_true(victim >= 0);
    if (victim == 0) {
        close(ends[0]);
        be_the_victim(round, ends[1]);
    }
    close(ends[1]);
    for (int i = 0; read(ends[0], &order, sizeof order) == sizeof order; i++) {
        assert_true(acknowledged_count < MAX_ORDERS);
        acknowledged[acknowledged_count++] = order;
        if (i == acknowledgements)
            kill(victim, SIGKILL);
    }
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(victim, &status, 0), victim);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void must(Err e)
{
    if (failed(&e))
        fail_msg("%s (%s)", e.message, e.detail);
}

static void check_orders(void)
{
    AUTO_ARENA Arena arena = {0};
    ShopSqlItem item;
    int64_t rows;
    Sql *sql;
    bool found;
    char name[64];

    must(sql_open(url, SHOP_SQL_MIGRATIONS, &sql));
    for (size_t i = 0; i < acknowledged_count; i++) {
        must(shop_sql_get(sql, NULL, &arena, name_order(&acknowledged[i], name), &item, &found));
        if (!found)
            fail_msg("%s was acknowledged and is lost", name);
    }
    must(shop_sql_count(sql, NULL, &rows));
    must(shop_sql_get_certain(sql, NULL, &arena, STR("sold"), &item));
    assert_int_equal(item.on_hand, rows - 1); /* all rows but the counter's: none half, none twice */
    assert_true((size_t)item.on_hand >= acknowledged_count);
    sql_close(sql);
}

static Err make_counter(void *context, Tx *tx)
{
    (void)context;
    return shop_sql_add(tx, STR("sold"), 0, (Str){0}, NULL);
}

static void what_was_acknowledged_survives_kill_9(void **state)
{
    Sql *sql;

    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/nerdx-crash-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(url, sizeof url, "sqlite:%s/shop.db", folder);
    must(sql_open(url, SHOP_SQL_MIGRATIONS, &sql));
    must(sql_transact(sql, make_counter, NULL));
    sql_close(sql);
    for (int round = 0; round < ROUNDS; round++) {
        run_and_kill(round, round * 7919 % MOST_ACKNOWLEDGED); /* a prime: early and late in its life */
        check_orders();
    }
    print_message("%zu acknowledged orders in %d lives, none lost\n", acknowledged_count, ROUNDS);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_acknowledged_survives_kill_9)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
