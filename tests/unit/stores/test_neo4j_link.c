/* What a Neo4j that has gone silent costs who waits for it. */
#include "stores/graph/neo4j/link.h"

#include "base/clock.h"
#include "silent.h"

enum { TAKEN_BACK_IN_US = 30000000 }; /* it takes 2 s; what is let wait as any other call has 125 */

static void what_is_taken_back_is_not_waited_for(void **state)
{
    int port, listening = silent_listen(&port);
    char url[64];
    Link *link;

    (void)state;
    (void)snprintf(url, sizeof url, "neo4j://127.0.0.1:%d", port);
    check_ok(link_create(&(GraphAccess){.url = url}, &link));
    LinkTx tx = {link, LINK_LONG, 17};
    int64_t from_us = clock_monotonic_us(clock_system());
    link_rollback(&tx);
    assert_in_range(clock_monotonic_us(clock_system()) - from_us, 0, TAKEN_BACK_IN_US);
    assert_null(tx.link);
    link_destroy(link);
    (void)close(listening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_back_is_not_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
