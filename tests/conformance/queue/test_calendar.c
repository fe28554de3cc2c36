/* What comes by the calendar, on several nodes. */
#include <pthread.h>

#include "fixture.h"

enum { NODES = 4, DAYS = 10, DAY_S = 86400, TO_FOUR_S = 11 * 3600 /* START_US is 17:00 in Korea */ };

static const JobKind KINDS[] = {{.name = "daily",
                                 .run = leave_and_finish,
                                 .retry = &JOB_RETRY_NEVER,
                                 .time_limit_s = 60,
                                 .cron = "0 4 * * *"}};

static const BenchKinds BENCH_KINDS = {KINDS, COUNT(KINDS)};

/* A node of its own: it opens the queue and looks at the calendar. */
static void *look(void *context)
{
    AUTO_ARENA Arena arena = {0};
    Bench *bench = context;
    DeskTurn turn = {.sweep = true};
    Queue *queue;

    arena_init(&arena);
    check_ok(queue_open(
        &(QueueConfig){.jobs = {"test", KINDS, 1}, .sql = bench->sql, .clock = &bench->clock.clock}, &queue));
    check_ok(desk_turn(queue, STR("node"), &arena, &turn));
    queue_close(queue);
    return NULL;
}

static void all_look(Bench *bench)
{
    pthread_t nodes[NODES];

    for (int i = 0; i < NODES; i++)
        assert_int_equal(pthread_create(&nodes[i], NULL, look, bench), 0);
    for (int i = 0; i < NODES; i++)
        assert_int_equal(pthread_join(nodes[i], NULL), 0);
}

static void it_comes_once_however_many_nodes_look_at_once(void **state)
{
    Bench *bench = *state;

    all_look(bench);
    assert_int_equal(run_all(bench), 0);
    pass(bench, TO_FOUR_S);
    for (int i = 0; i < DAYS; i++) {
        all_look(bench);
        assert_int_equal(run_all(bench), 1);
        all_look(bench);
        assert_int_equal(run_all(bench), 0);
        pass(bench, DAY_S);
    }
}

static void what_everybody_slept_through_is_made_up_for_once(void **state)
{
    Bench *bench = *state;

    pass(bench, TO_FOUR_S + 5 * DAY_S);
    all_look(bench);
    assert_int_equal(run_all(bench), 1);
}

static void while_one_of_it_waits_no_other_comes(void **state)
{
    Bench *bench = *state;

    pass(bench, TO_FOUR_S);
    all_look(bench);
    pass(bench, DAY_S);
    all_look(bench);
    assert_int_equal(run_all(bench), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        bench_test(it_comes_once_however_many_nodes_look_at_once),
        bench_test(what_everybody_slept_through_is_made_up_for_once),
        bench_test(while_one_of_it_waits_no_other_comes),
    };

    bench_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
