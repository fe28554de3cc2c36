/* What is taken, how much of it, and which first. */
#include "fixture.h"

#include <stdlib.h>

enum { A_MINUTE = 3 };

static const JobKind KINDS[] = {
    {.name = "plain", .run = leave_and_finish, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60},
    {.name = "pair",
     .run = leave_and_finish,
     .retry = &JOB_RETRY_NEVER,
     .time_limit_s = 60,
     .most_at_once = 2},
    {.name = "slow",
     .run = leave_and_finish,
     .retry = &JOB_RETRY_NEVER,
     .time_limit_s = 60,
     .most_a_minute = A_MINUTE},
};

static const BenchKinds BENCH_KINDS = {KINDS, COUNT(KINDS)};

/* A server that joins by loops asks for the inner side once for each row of the outer one. */
static int open_bench_of_loops(void **state)
{
    assert_int_equal(setenv("PGOPTIONS",
                            "-c enable_hashjoin=off -c enable_mergejoin=off -c enable_hashagg=off "
                            "-c enable_sort=off -c enable_material=off",
                            1),
                     0);
    return bench_begin(state);
}

static int close_bench_of_loops(void **state)
{
    assert_int_equal(unsetenv("PGOPTIONS"), 0);
    return bench_end(state);
}

static int64_t count_state(Bench *bench, const char *state)
{
    JobCount *counts;
    size_t count;

    check_ok(queue_count(bench->queue, &bench->arena, &counts, &count));
    for (size_t i = 0; i < count; i++)
        if (str_equal(counts[i].state, str_from(state)))
            return counts[i].jobs;
    return 0;
}

static void no_more_are_taken_than_asked_for_however_the_database_plans(void **state)
{
    enum { MANY = 20, MOST = 3 };
    Bench *bench = *state;
    JobHold holds[MANY];

    for (int i = 0; i < MANY; i++)
        add_job(bench, &(JobNew){.kind = STR("plain")});
    assert_int_equal(take(bench, MOST, holds), MOST);
    assert_int_equal(count_state(bench, "running"), MOST);
}

static Err promote_three(void *context, Tx *tx)
{
    const Bench *bench = context;

    return queue_sql_promote(tx, clock_wall_us(&bench->clock.clock), 3, NULL);
}

static void no_more_come_due_at_once_than_a_turn_takes_on(void **state)
{
    Bench *bench = *state;

    for (int i = 0; i < 20; i++)
        add_job(bench, &(JobNew){.kind = STR("plain"), .due_us = START_US + US_PER_S});
    pass(bench, 1);
    check_ok(sql_transact_rows(bench->sql, promote_three, bench));
    assert_int_equal(count_state(bench, "ready"), 3);
}

/* ---- which first */

static void within_a_turn_the_most_urgent_come_first_too(void **state)
{
    static const char *const EXPECTED[] = {"0", "1", "1b", "3", "5"};
    Bench *bench = *state;
    JobHold holds[5];

    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("5"), .priority = 5});
    add_job(bench, &(JobNew){.kind = STR("pair"), .input = STR("3"), .priority = 3});
    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("1"), .priority = 1});
    pass(bench, 1);
    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("1b"), .priority = 1});
    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("0"), .priority = 0});
    assert_int_equal(take(bench, 5, holds), 5);
    for (int i = 0; i < 5; i++)
        check_text(holds[i].input, EXPECTED[i]);
}

/* ---- limits */

/* Who looked at the clock before it had to wait for the lane, and who has one that is behind. */
static void a_clock_that_is_behind_begins_no_minute_anew(void **state)
{
    Bench *bench = *state;
    JobHold holds[8];

    for (int i = 0; i < 3 * A_MINUTE; i++)
        add_job(bench, &(JobNew){.kind = STR("slow")});
    pass(bench, 60);
    assert_int_equal(take(bench, 8, holds), A_MINUTE);
    manual_clock_set_wall(&bench->clock, START_US + INT64_C(59) * US_PER_S);
    assert_int_equal(take(bench, 8, holds), 0);
    manual_clock_set_wall(&bench->clock, START_US + INT64_C(61) * US_PER_S);
    assert_int_equal(take(bench, 8, holds), 0);
    pass(bench, 60);
    assert_int_equal(take(bench, 8, holds), A_MINUTE);
}

/* By a program that is newer than who added them, while the older one still adds. */
static void what_a_kind_with_a_limit_has_left_is_taken_when_it_has_none_any_more(void **state)
{
    static const JobKind NEWER[] = {
        {.name = "pair", .run = leave_and_finish, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60}};
    Bench *bench = *state;
    DeskTurn turn = {.most = 8};
    Queue *newer;

    add_job(bench, &(JobNew){.kind = STR("pair")});
    check_ok(queue_open(
        &(QueueConfig){.jobs = {"test", NEWER, 1}, .sql = bench->sql, .clock = &bench->clock.clock}, &newer));
    add_job(bench, &(JobNew){.kind = STR("pair")});
    add_job(bench, &(JobNew){.kind = STR("pair")});
    Err e = desk_turn(newer, STR("newer"), &bench->arena, &turn);
    queue_close(newer);
    check_ok(e);
    assert_int_equal(turn.taken_count, 3);
}

/* Added, and one begun, by a program to which the kind has no limit, which adds more while the newer one takes. */
static void a_limit_that_a_kind_has_got_holds_for_those_too_that_lay_there_before(void **state)
{
    static const JobKind OLDER[] = {
        {.name = "pair", .run = leave_and_finish, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60}};
    Bench *bench = *state;
    JobHold holds[8];
    DeskTurn turn = {.most = 1};
    Queue *older, *newer = bench->queue;

    check_ok(queue_open(
        &(QueueConfig){.jobs = {"test", OLDER, 1}, .sql = bench->sql, .clock = &bench->clock.clock}, &older));
    bench->queue = older;
    for (int i = 0; i < 4; i++)
        add_job(bench, &(JobNew){.kind = STR("pair")});
    check_ok(desk_turn(older, STR("older"), &bench->arena, &turn));
    assert_int_equal(turn.taken_count, 1);
    add_job(bench, &(JobNew){.kind = STR("pair"), .priority = 1});
    bench->queue = newer;
    add_job(bench, &(JobNew){.kind = STR("plain"), .priority = 2});
    queue_close(older);
    assert_int_equal(take(bench, 8, holds), 2);
    check_text(holds[0].kind, "pair");
    assert_int_equal(holds[0].attempt, 1);
    check_text(holds[1].kind, "plain");
    end(bench, &turn.taken[0], OK);
    end(bench, &holds[0], OK);
    assert_int_equal(take(bench, 8, holds), 2);
    assert_int_equal(take(bench, 8, holds), 0);
}

#define loops_test(f) bench_test_within(f, open_bench_of_loops, close_bench_of_loops)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        loops_test(no_more_are_taken_than_asked_for_however_the_database_plans),
        loops_test(no_more_come_due_at_once_than_a_turn_takes_on),
        bench_test(within_a_turn_the_most_urgent_come_first_too),
        bench_test(a_clock_that_is_behind_begins_no_minute_anew),
        bench_test(what_a_kind_with_a_limit_has_left_is_taken_when_it_has_none_any_more),
        bench_test(a_limit_that_a_kind_has_got_holds_for_those_too_that_lay_there_before),
    };

    bench_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
