/* What a queue promises, step by step. */
#include "fixture.h"

static Err fail_for_now(JobRun *run)
{
    (void)run;
    return err(UNAVAILABLE, "not now");
}

static Err fail_for_good(JobRun *run)
{
    (void)run;
    return err(UNPROCESSABLE, "never");
}

static Err give_two(JobRun *run)
{
    TRY(job_give(run, STR("{\"n\":2}")));
    return leave_and_finish(run);
}

static const int PAUSES_S[] = {10, 1000};
static const JobRetry GIVEN = {.most_attempts = 3, .pauses_s = PAUSES_S};

static const JobKind KINDS[] = {
    {.name = "given", .run = fail_for_now, .retry = &GIVEN, .time_limit_s = 60},
    {.name = "plain", .run = leave_and_finish, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60, .keep_s = 60},
    {.name = "forgotten", .run = leave_and_finish, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60},
    {.name = "thrice", .run = fail_for_now, .retry = &JOB_RETRY_THREE, .time_limit_s = 60},
    {.name = "hopeless", .run = fail_for_good, .retry = &JOB_RETRY_THREE, .time_limit_s = 60},
    {.name = "pair",
     .run = leave_and_finish,
     .retry = &JOB_RETRY_NEVER,
     .time_limit_s = 60,
     .most_at_once = 2,
     .keep_s = 60},
    {.name = "slow",
     .run = leave_and_finish,
     .retry = &JOB_RETRY_NEVER,
     .time_limit_s = 60,
     .most_a_minute = 3,
     .keep_s = 60},
    {
        .name = "two",
        .run = give_two,
        .retry = &JOB_RETRY_NEVER,
        .time_limit_s = 60,
        .keep_s = 60,
    },
};

static const BenchKinds BENCH_KINDS = {KINDS, COUNT(KINDS)};

#define PLAIN(text) (&(JobNew){.kind = STR("plain"), .input = STR(text)})

/* ---- adding */

static void a_job_is_there_exactly_when_its_transaction_was_committed(void **state)
{
    Bench *bench = *state;
    Tx *tx = NULL;
    JobAdded added;

    check_ok(sql_begin(bench->sql, &tx));
    check_ok(queue_add(bench->queue, tx, &bench->arena, PLAIN("1"), &added));
    sql_rollback(&tx);
    assert_false(is_there(bench, added.job_id));
    check_state(bench, add_job(bench, PLAIN("2")), "ready");
    assert_int_equal(run_all(bench), 1);
    check_text(left_behind(bench), "2");
}

static void of_one_key_at_most_one_lives(void **state)
{
    Bench *bench = *state;
    JobNew job = {.kind = STR("plain"), .input = STR("1"), .unique_key = STR("k")};
    Str first = add_job(bench, &job);

    assert_true(str_equal(add_job(bench, &job), first));
    run_all(bench);
    assert_false(str_equal(add_job(bench, &job), first));
    run_all(bench);
    check_text(left_behind(bench), "1 1");
}

static void an_input_that_is_too_large_is_refused(void **state)
{
    Bench *bench = *state;
    char *large = arena_zalloc(&bench->arena, JOB_INPUT_MAX + 1);
    AUTO_ROLLBACK Tx *tx = NULL;
    JobAdded added;

    check_ok(sql_begin(bench->sql, &tx));
    check_err(queue_add(bench->queue, tx, &bench->arena,
                        &(JobNew){.kind = STR("plain"), .input = {large, JOB_INPUT_MAX + 1}}, &added),
              TOO_LARGE, "65537 bytes");
}

static void pauses_that_are_given_are_kept_to_the_half(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("given")});

    for (int i = 0; i < 2; i++) {
        int64_t pause_us = PAUSES_S[i] * (int64_t)US_PER_S;
        run_all(bench);
        int64_t waits_us = show(bench, job_id).due_us - clock_wall_us(&bench->clock.clock);
        assert_true(waits_us >= pause_us / 2 && waits_us <= pause_us);
        pass(bench, PAUSES_S[i]);
    }
    run_all(bench);
    check_state(bench, job_id, "dead");
}

/* ---- which goes first */

static void the_most_urgent_goes_first_and_then_the_oldest(void **state)
{
    Bench *bench = *state;

    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("5"), .priority = 5});
    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("1"), .priority = 1});
    pass(bench, 1);
    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("1b"), .priority = 1});
    add_job(bench, &(JobNew){.kind = STR("pair"), .input = STR("0"), .priority = 0});
    run_all(bench);
    check_text(left_behind(bench), "0 1 1b 5");
}

static void one_for_later_isnt_taken_before_it_is_due(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(
        bench, &(JobNew){.kind = STR("plain"), .input = STR("1"), .due_us = START_US + 10 * US_PER_S});

    check_state(bench, job_id, "later");
    assert_int_equal(run_all(bench), 0);
    pass(bench, 10);
    assert_int_equal(run_all(bench), 1);
}

static void hasten(Bench *bench, Str job_id)
{
    Tx *tx = NULL;

    check_ok(sql_begin(bench->sql, &tx));
    check_ok(queue_hasten(bench->queue, tx, job_id));
    check_ok(sql_commit(&tx));
}

static void one_for_later_that_is_hastened_goes_at_once_and_the_next_of_its_order_waits(void **state)
{
    Bench *bench = *state;
    JobNew job = {
        .kind = STR("plain"), .input = STR("1"), .due_us = START_US + 60 * US_PER_S, .order_key = STR("o")};
    Str first = add_job(bench, &job), second = add_job(bench, &job);

    hasten(bench, second);
    check_state(bench, second, "waiting");
    hasten(bench, first);
    check_state(bench, first, "ready");
    assert_int_equal(run_all(bench), 1);
    hasten(bench, first);
    check_state(bench, first, "done");
    check_state(bench, second, "later");
}

static void those_of_one_order_run_one_after_the_other(void **state)
{
    Bench *bench = *state;
    JobHold holds[4];

    for (int i = 1; i <= 3; i++)
        add_job(bench, &(JobNew){.kind = STR("plain"),
                                 .input = str_format(&bench->arena, "%d", i),
                                 .order_key = STR("o")});
    assert_int_equal(take(bench, 4, holds), 1);
    check_text(holds[0].input, "1");
    assert_int_equal(take(bench, 4, holds + 1), 0);
    end(bench, &holds[0], err(UNPROCESSABLE, "dead, and the order goes on"));
    assert_int_equal(take(bench, 4, holds), 1);
    check_text(holds[0].input, "2");
    end(bench, &holds[0], OK);
    assert_int_equal(run_all(bench), 1);
    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("4"), .order_key = STR("o")});
    assert_int_equal(run_all(bench), 1);
    check_text(left_behind(bench), "3 4");
}

static void who_waits_in_an_order_and_is_cancelled_lets_nobody_pass_the_first(void **state)
{
    Bench *bench = *state;
    JobHold holds[4];
    Str ids[4];

    for (int i = 0; i < 4; i++)
        ids[i] = add_job(bench, &(JobNew){.kind = STR("plain"),
                                          .input = str_format(&bench->arena, "%d", i),
                                          .order_key = STR("o")});
    check_ok(queue_cancel(bench->queue, &bench->arena, ids[1], NULL));
    assert_int_equal(take(bench, 4, holds), 1);
    check_text(holds[0].input, "0");
    check_ok(queue_cancel(bench->queue, &bench->arena, ids[2], NULL));
    assert_int_equal(take(bench, 4, holds + 1), 0);
    end(bench, &holds[0], OK);
    assert_int_equal(take(bench, 4, holds), 1);
    check_text(holds[0].input, "3");
}

static void who_is_the_first_of_an_order_and_is_cancelled_lets_the_next_go(void **state)
{
    Bench *bench = *state;
    Str first = {0};

    for (int i = 0; i < 2; i++) {
        Str job_id = add_job(bench, &(JobNew){.kind = STR("plain"),
                                              .input = str_format(&bench->arena, "%d", i),
                                              .order_key = STR("o")});
        first = i == 0 ? job_id : first;
    }
    check_ok(queue_cancel(bench->queue, &bench->arena, first, NULL));
    assert_int_equal(run_all(bench), 1);
    check_text(left_behind(bench), "1");
}

/* ---- limits */

static void no_more_of_a_kind_run_at_once_than_it_allows(void **state)
{
    Bench *bench = *state;
    JobHold holds[8];

    for (int i = 0; i < 5; i++)
        add_job(bench, &(JobNew){.kind = STR("pair")});
    add_job(bench, PLAIN("1"));
    assert_int_equal(take(bench, 8, holds), 3);
    check_text(holds[0].kind, "pair");
    end(bench, &holds[0], OK);
    assert_int_equal(take(bench, 8, holds), 1);
}

static void no_more_of_a_kind_start_within_a_minute_than_it_allows(void **state)
{
    Bench *bench = *state;

    for (int i = 0; i < 5; i++)
        add_job(bench, &(JobNew){.kind = STR("slow")});
    assert_int_equal(run_all(bench), 3);
    pass(bench, 60);
    assert_int_equal(run_all(bench), 2);
}

/* ---- ending */

static void what_failed_for_now_is_tried_as_often_as_its_policy_says(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("thrice")});

    assert_int_equal(run_all(bench), 1);
    check_state(bench, job_id, "later");
    check_text(show(bench, job_id).outcome, "not now");
    pass(bench, 59);
    assert_int_equal(run_all(bench), 0);
    pass(bench, 1);
    assert_int_equal(run_all(bench), 1);
    pass(bench, 60);
    assert_int_equal(run_all(bench), 1);
    check_state(bench, job_id, "dead");
    assert_int_equal(show(bench, job_id).attempt, 3);
}

static void what_cant_get_better_isnt_tried_again(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("hopeless")});

    run_all(bench);
    check_state(bench, job_id, "dead");
}

static void a_pause_that_was_asked_for_is_kept(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("thrice")});
    JobHold hold;

    assert_int_equal(take(bench, 1, &hold), 1);
    end(bench, &hold, err_retry_after(err(UNAVAILABLE, "in an hour"), 3600));
    assert_true(show(bench, job_id).due_us == START_US + INT64_C(3600) * US_PER_S);
}

static void doubling_pauses_stay_within_their_bounds(void **state)
{
    const Err failure = err(UNAVAILABLE, "not now");
    int64_t due_us;

    (void)state;
    for (int attempt = 1; attempt < 10; attempt++) {
        int64_t pause = INT64_C(10) * US_PER_S << (attempt - 1);
        if (pause > INT64_C(3600) * US_PER_S)
            pause = INT64_C(3600) * US_PER_S;
        assert_true(retry_due(&JOB_RETRY_DOUBLING, attempt, &failure, 0, &due_us));
        assert_true(due_us >= pause / 2 && due_us <= pause);
    }
    assert_false(retry_due(&JOB_RETRY_DOUBLING, 10, &failure, 0, &due_us));
}

static void a_result_is_kept_for_its_time_and_no_longer(void **state)
{
    Bench *bench = *state;
    Str kept = add_job(bench, &(JobNew){.kind = STR("two")}),
        forgotten = add_job(bench, &(JobNew){.kind = STR("forgotten")});

    run_all(bench);
    check_text(show(bench, kept).outcome, "{\"n\":2}");
    assert_int_equal(show(bench, kept).progress, 100);
    assert_false(is_there(bench, forgotten));
    pass(bench, 59);
    sweep(bench);
    assert_true(is_there(bench, kept));
    pass(bench, 1);
    sweep(bench);
    assert_false(is_there(bench, kept));
}

/* ---- leases and fences */

static void one_whose_worker_isnt_heard_of_is_taken_by_another(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("thrice")});
    JobHold lost, held;

    assert_int_equal(take(bench, 1, &lost), 1);
    pass(bench, JOB_LEASE_S);
    sweep(bench);
    check_state(bench, job_id, "running");
    pass(bench, 1);
    sweep(bench);
    check_state(bench, job_id, "later");
    pass(bench, 60);
    assert_int_equal(take(bench, 1, &held), 1);
    assert_int_equal(held.attempt, 2);
    end(bench, &lost, OK);
    check_state(bench, job_id, "running");
    end(bench, &held, OK);
    assert_false(is_there(bench, job_id));
}

static void who_lost_the_fence_leaves_nothing_behind(void **state)
{
    Bench *bench = *state;
    JobHold lost, held;

    add_job(bench, &(JobNew){.kind = STR("plain"), .input = STR("1")});
    assert_int_equal(take(bench, 1, &lost), 1);
    JobRun *late = run_create(bench->queue, &lost);
    pass(bench, JOB_LEASE_S + 1);
    sweep(bench); /* it had one attempt: dead */
    check_ok(queue_retry(bench->queue, &bench->arena, lost.job_id, NULL));
    assert_int_equal(take(bench, 1, &held), 1);
    check_err(leave_and_finish(late), CONFLICT, "somebody else's");
    run_destroy(late);
    check_text(left_behind(bench), "");
    JobRun *now = run_create(bench->queue, &held);
    check_ok(leave_and_finish(now));
    check_err(leave_and_finish(now), CONFLICT, "has ended");
    run_destroy(now);
    check_text(left_behind(bench), "1");
}

static void a_lease_that_is_kept_isnt_lost(void **state)
{
    Bench *bench = *state;
    JobHold hold;

    add_job(bench, PLAIN("1"));
    assert_int_equal(take(bench, 1, &hold), 1);
    pass(bench, 20);
    JobKeep keep = {.job_id = hold.job_id, .fence = hold.fence, .progress = 40, .message = STR("half")};
    DeskTurn turn = {.keeps = &keep, .keep_count = 1};
    check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
    assert_false(keep.is_lost);
    pass(bench, 20);
    sweep(bench);
    check_state(bench, hold.job_id, "running");
    assert_int_equal(show(bench, hold.job_id).progress, 40);
    check_text(show(bench, hold.job_id).message, "half");
}

/* ---- by people */

static void one_that_hasnt_begun_is_cancelled_at_once(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, PLAIN("1"));

    check_ok(queue_cancel(bench->queue, &bench->arena, job_id, NULL));
    check_state(bench, job_id, "cancelled");
    assert_int_equal(run_all(bench), 0);
    check_err(queue_cancel(bench->queue, &bench->arena, job_id, NULL), CONFLICT, "it has ended (cancelled)");
    check_err(queue_cancel(bench->queue, &bench->arena, STR("none"), NULL), NOT_FOUND, "no job none");
}

static void one_that_runs_is_asked_to_stop(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, PLAIN("1"));
    JobHold hold;

    assert_int_equal(take(bench, 1, &hold), 1);
    check_ok(queue_cancel(bench->queue, &bench->arena, job_id, NULL));
    check_state(bench, job_id, "running");
    JobEnd ended = {.hold = hold, .result = err(UNAVAILABLE, "stopped"), .is_cancelled = true};
    DeskTurn turn = {.asks = true};
    check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
    assert_int_equal(turn.asked_count, 1);
    check_text(turn.asked[0].job_id, job_id.data);
    assert_true(turn.asked[0].fence == hold.fence);
    turn = (DeskTurn){.ends = &ended, .end_count = 1};
    check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
    check_state(bench, job_id, "cancelled");
}

static void a_dead_one_begins_anew_when_somebody_says_so(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("thrice"), .order_key = STR("o")});

    for (int i = 0; i < 3; i++, pass(bench, 60))
        run_all(bench);
    check_state(bench, job_id, "dead");
    check_ok(queue_retry(bench->queue, &bench->arena, job_id, NULL));
    assert_int_equal(run_all(bench), 1);
    assert_int_equal(show(bench, job_id).attempt, 1);
    check_err(queue_retry(bench->queue, &bench->arena, job_id, NULL), CONFLICT, "it is later");
}

static void jobs_are_listed_newest_first_a_page_at_a_time(void **state)
{
    Bench *bench = *state;
    JobShown *jobs;
    size_t count;

    for (int i = 1; i <= 3; i++)
        add_job(bench, &(JobNew){.kind = STR("plain"), .input = str_format(&bench->arena, "%d", i)});
    check_ok(queue_list(bench->queue, &bench->arena, &(JobFilter){.state = STR("ready"), .most = 2}, &jobs,
                        &count));
    assert_int_equal(count, 2);
    check_text(jobs[0].input, "3");
    check_ok(queue_list(bench->queue, &bench->arena, &(JobFilter){.before_id = jobs[1].job_id, .most = 2},
                        &jobs, &count));
    assert_int_equal(count, 1);
    check_text(jobs[0].input, "1");
    check_ok(
        queue_list(bench->queue, &bench->arena, &(JobFilter){.kind = STR("two"), .most = 2}, &jobs, &count));
    assert_int_equal(count, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_job_is_there_exactly_when_its_transaction_was_committed),
        bench_test(of_one_key_at_most_one_lives),
        bench_test(pauses_that_are_given_are_kept_to_the_half),
        bench_test(an_input_that_is_too_large_is_refused),
        bench_test(the_most_urgent_goes_first_and_then_the_oldest),
        bench_test(one_for_later_isnt_taken_before_it_is_due),
        bench_test(one_for_later_that_is_hastened_goes_at_once_and_the_next_of_its_order_waits),
        bench_test(those_of_one_order_run_one_after_the_other),
        bench_test(who_waits_in_an_order_and_is_cancelled_lets_nobody_pass_the_first),
        bench_test(who_is_the_first_of_an_order_and_is_cancelled_lets_the_next_go),
        bench_test(no_more_of_a_kind_run_at_once_than_it_allows),
        bench_test(no_more_of_a_kind_start_within_a_minute_than_it_allows),
        bench_test(what_failed_for_now_is_tried_as_often_as_its_policy_says),
        bench_test(what_cant_get_better_isnt_tried_again),
        bench_test(a_pause_that_was_asked_for_is_kept),
        cmocka_unit_test(doubling_pauses_stay_within_their_bounds),
        bench_test(a_result_is_kept_for_its_time_and_no_longer),
        bench_test(one_whose_worker_isnt_heard_of_is_taken_by_another),
        bench_test(who_lost_the_fence_leaves_nothing_behind),
        bench_test(a_lease_that_is_kept_isnt_lost),
        bench_test(one_that_hasnt_begun_is_cancelled_at_once),
        bench_test(one_that_runs_is_asked_to_stop),
        bench_test(a_dead_one_begins_anew_when_somebody_says_so),
        bench_test(jobs_are_listed_newest_first_a_page_at_a_time),
    };

    bench_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
