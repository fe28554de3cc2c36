/* What is told of an end: to the service whose job it was, and to whoever hears events. */
#include "fixture.h"

#include <string.h>

#include "api/events.h"
#include "base/thread.h"
#include "stores/queue/events_sql.h"

static Err fail_for_now(JobRun *run)
{
    (void)run;
    return err(UNAVAILABLE, "not now");
}

/* What its service keeps of one that is given up. */
static Err leave_reason(Tx *tx, Arena *arena, const JobGivenUp *job)
{
    Str text = str_format(arena, "given up: %.*s", STR_ARG(job->reason));

    return effects_sql_add(tx, job->input, STR("watched"), text, NULL);
}

/* Not before a minute has gone. */
static Err put_off_once(JobRun *run)
{
    const int64_t due_us = START_US + INT64_C(60) * US_PER_S;

    return clock_wall_us(run->queue->clock) < due_us ? job_put_off(run, due_us) : leave_and_finish(run);
}

static const JobKind KINDS[] = {
    {.name = "plain", .run = leave_and_finish, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60, .keep_s = 60},
    {.name = "hopeless", .run = fail_for_now, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60},
    {.name = "watched",
     .run = fail_for_now,
     .retry = &JOB_RETRY_NEVER,
     .time_limit_s = 60,
     .given_up = leave_reason},
    {.name = "early", .run = put_off_once, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60, .keep_s = 60},
    {.name = "told",
     .run = leave_and_finish,
     .retry = &JOB_RETRY_NEVER,
     .time_limit_s = 60,
     .tells = JOB_TELLS_END},
};

static const BenchKinds BENCH_KINDS = {KINDS, COUNT(KINDS)};

/* Whatever it is given up by: its own failure, its worker's death, somebody. */
static void what_a_service_keeps_of_one_that_is_given_up_is_written_with_it(void **state)
{
    Bench *bench = *state;
    JobNew job = {.kind = STR("watched")};
    JobHold hold;

    (void)add_job(bench, &job);
    (void)run_all(bench);
    check_text(left_behind(bench), "given up: not now");
    (void)add_job(bench, &job);
    assert_int_equal(take(bench, 1, &hold), 1);
    pass(bench, JOB_LEASE_S + 1);
    sweep(bench);
    check_text(left_behind(bench), "given up: not now given up: its worker wasn't heard of for 30 s");
    check_ok(queue_cancel(bench->queue, &bench->arena, add_job(bench, &job), NULL));
    check_text(left_behind(bench),
               "given up: not now given up: its worker wasn't heard of for 30 s given up: cancelled");
}

typedef struct Ends {
    char texts[512]; /* kinds and states, as they are heard */
} Ends;

static Err note_end(void *context, Arena *arena, const EventGot *event)
{
    Ends *ends = context;
    JobEnded data;
    size_t len = strlen(ends->texts);

    TRY(job_ended_read(arena, event->data, &data));
    (void)snprintf(ends->texts + len, sizeof ends->texts - len, "%.*s %.*s %lld; ", STR_ARG(data.kind),
                   STR_ARG(JOB_ENDED_STATE_TEXT[data.state]), (long long)data.attempts);
    return OK;
}

static void ends_are_told_as_events(void **state)
{
    static const char *const TYPES[] = {"nerdx.jobs.*", NULL};
    Bench *bench = *state;
    Ends ends = {0};

    check_ok(queue_subscribe(
        bench->queue,
        &(EventConsumer){.name = "watcher", .types = TYPES, .hear = note_end, .context = &ends}));
    (void)add_job(bench, &(JobNew){.kind = STR("hopeless")});
    (void)add_job(bench, &(JobNew){.kind = STR("plain")});
    (void)add_job(bench, &(JobNew){.kind = STR("told")});
    Str job_id = add_job(bench, &(JobNew){.kind = STR("plain"), .due_us = START_US + US_PER_S});
    (void)run_all(bench);
    check_ok(queue_cancel(bench->queue, &bench->arena, job_id, NULL));
    (void)run_all(bench);
    /* events of several jobs have no order among them; the last was told after the others were heard */
    assert_non_null(strstr(ends.texts, "hopeless dead 1; "));
    assert_non_null(strstr(ends.texts, "told done 1; "));
    check_text(str_from(strchr(strchr(ends.texts, ';') + 2, ';')), "; plain cancelled 0; ");
}

/* ---- throwing away */

enum { S_A_DAY = 86400 };

typedef struct Sweeper {
    Bench *bench;
    Err result;
} Sweeper;

static void *sweep_beside(void *context)
{
    Sweeper *sweeper = context;
    DeskTurn turn = {.sweep = true};
    Arena arena;

    arena_init(&arena);
    sweeper->result = desk_turn(sweeper->bench->queue, STR("sweeper"), &arena, &turn);
    arena_finish(&arena);
    return NULL;
}

/* Commits once somebody who sweeps waits for it. */
static void commit_into_a_sweep(Bench *bench, Tx **tx)
{
    Sweeper sweeper = {.bench = bench};
    pthread_t thread = thread_start("sweeper", sweep_beside, &sweeper);
    int64_t waiting = 0;
    Err e = OK;

    while (waiting == 0 && !failed(&e))
        e = effects_sql_count_waiting(bench->sql, NULL, &waiting);
    Err committed = sql_commit(tx);
    thread_join(thread);
    check_ok(e);
    check_ok(committed);
    check_ok(sweeper.result);
}

static void what_is_begun_anew_while_old_ones_are_thrown_away_stays(void **state)
{
    Bench *bench = *state;
    AUTO_ROLLBACK Tx *tx = NULL;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("hopeless")});

    (void)run_all(bench);
    pass(bench, (JOB_DEAD_DAYS + 1) * S_A_DAY);
    check_ok(sql_begin(bench->sql, &tx));
    check_ok(queue_sql_revive(tx, job_id, STR("ready"), clock_wall_us(&bench->clock.clock), NULL));
    commit_into_a_sweep(bench, &tx);
    check_state(bench, job_id, "ready");
}

/* The next number is the moment, or one more than the last. */
static void a_subject_that_is_told_of_while_old_ones_are_thrown_away_goes_on(void **state)
{
    Bench *bench = *state;
    AUTO_ROLLBACK Tx *tx = NULL;
    int64_t number, next;

    check_ok(sql_begin(bench->sql, &tx));
    check_ok(events_sql_next_number(tx, STR("s"), START_US, &number));
    check_ok(sql_commit(&tx));
    pass(bench, (EVENT_KEEP_DAYS + 1) * S_A_DAY);
    check_ok(sql_begin(bench->sql, &tx));
    check_ok(events_sql_next_number(tx, STR("s"), clock_wall_us(&bench->clock.clock), &number));
    commit_into_a_sweep(bench, &tx);
    check_ok(sql_begin(bench->sql, &tx));
    check_ok(events_sql_next_number(tx, STR("s"), START_US, &next));
    assert_true(next == number + 1);
}

/* ---- trying again */

static void a_pause_that_was_asked_for_is_kept_for_a_day_at_the_most(void **state)
{
    const Err failure = err_retry_after(err(UNAVAILABLE, "in ten years"), 3650 * S_A_DAY);
    int64_t due_us;

    (void)state;
    assert_true(retry_due(&JOB_RETRY_THREE, 1, &failure, START_US, &due_us));
    assert_true(due_us == START_US + INT64_C(1) * S_A_DAY * US_PER_S);
}

static void one_that_is_put_off_is_due_then_with_all_its_attempts(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("early")});

    assert_int_equal(run_all(bench), 1);
    JobShown shown = show(bench, job_id);
    check_text(shown.state, "later");
    assert_int_equal(shown.attempt, 0);
    pass(bench, 59);
    assert_int_equal(run_all(bench), 0);
    pass(bench, 1);
    assert_int_equal(run_all(bench), 1);
    check_state(bench, job_id, "done");
}

/* It ends before anybody looks, and nothing of it is kept. */
static void what_was_cancelled_is_shown_as_it_was_then_though_it_is_gone(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("told")});
    JobShown shown;
    JobHold hold;

    assert_int_equal(take(bench, 1, &hold), 1);
    check_ok(queue_cancel(bench->queue, &bench->arena, job_id, &shown));
    end(bench, &hold, OK);
    assert_false(is_there(bench, job_id));
    check_text(shown.state, "running");
    assert_true(shown.is_cancel_asked);
}

static void a_dead_one_doesnt_live_beside_another_of_its_key(void **state)
{
    Bench *bench = *state;
    JobNew job = {.kind = STR("hopeless"), .unique_key = STR("k")};
    Str dead = add_job(bench, &job);

    assert_int_equal(run_all(bench), 1);
    check_state(bench, dead, "dead");
    Str living = add_job(bench, &job);
    check_err(queue_retry(bench->queue, &bench->arena, dead, NULL), CONFLICT, living.data);
    check_err(queue_retry(bench->queue, &bench->arena, living, NULL), CONFLICT, "it is ready");
    check_state(bench, dead, "dead");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        bench_test(what_a_service_keeps_of_one_that_is_given_up_is_written_with_it),
        bench_test(ends_are_told_as_events),
        bench_test(what_is_begun_anew_while_old_ones_are_thrown_away_stays),
        bench_test(a_subject_that_is_told_of_while_old_ones_are_thrown_away_goes_on),
        cmocka_unit_test(a_pause_that_was_asked_for_is_kept_for_a_day_at_the_most),
        bench_test(one_that_is_put_off_is_due_then_with_all_its_attempts),
        bench_test(what_was_cancelled_is_shown_as_it_was_then_though_it_is_gone),
        bench_test(a_dead_one_doesnt_live_beside_another_of_its_key),
    };

    bench_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
