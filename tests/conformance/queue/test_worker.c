/* Threads that do jobs: the system's clock, real waiting. */
#include "fixture.h"

#include <stdatomic.h>
#include <time.h>

#include "base/log.h"
#include "base/thread.h"

enum { PATIENCE_MS = 60000, LOOK_MS = 2, THREADS = 4, MANY = 500 };

static atomic_int running, most_running, stopped;
static atomic_int begun;      /* of those that go on until something happens */
static atomic_bool is_let_go; /* who hears nothing */
static _Atomic int64_t ahead_us;

/* The system's, and as far ahead of it as a test says. */
static int64_t wall_ahead(const Clock *clock)
{
    (void)clock;
    return clock_wall_us(clock_system()) + atomic_load(&ahead_us);
}

static int64_t monotonic_ahead(const Clock *clock)
{
    (void)clock;
    return clock_monotonic_us(clock_system()) + atomic_load(&ahead_us);
}

static const Clock AHEAD = {wall_ahead, monotonic_ahead};

static Err count_running(JobRun *run)
{
    int now = atomic_fetch_add(&running, 1) + 1, most = atomic_load(&most_running);

    while (now > most && !atomic_compare_exchange_weak(&most_running, &most, now))
        continue;
    Err e = leave(run);
    atomic_fetch_sub(&running, 1); /* before it ends: the next may begin then */
    return e;
}

/* Until it is told to stop. */
static Err go_on(JobRun *run)
{
    Bench *bench = job_context(run);
    uint64_t seen = bell_rings(&bench->queue->bell);

    atomic_fetch_add(&begun, 1);
    job_progress(run, 30, STR("빚는 중"));
    while (!job_should_stop(run))
        bell_wait(&bench->queue->bell, seen, clock_monotonic_us(clock_system()) + LOOK_MS * 1000);
    atomic_fetch_add(&stopped, 1);
    return err(UNAVAILABLE, "stopped");
}

/* As go_on, and says that it can't be done. */
static Err break_off(JobRun *run)
{
    (void)go_on(run);
    return err(CONFLICT, "broken off");
}

/* Doesn't ask. */
static Err hear_nothing(JobRun *run)
{
    Bench *bench = job_context(run);
    int64_t until_us = clock_monotonic_us(clock_system()) + INT64_C(2000) * PATIENCE_MS;

    atomic_fetch_add(&begun, 1);
    while (!atomic_load(&is_let_go) && clock_monotonic_us(clock_system()) < until_us)
        bell_wait(&bench->queue->bell, bell_rings(&bench->queue->bell),
                  clock_monotonic_us(clock_system()) + LOOK_MS * 1000);
    return OK;
}

static Err refuse(JobRun *run)
{
    (void)run;
    return err(UNAVAILABLE, "not today");
}

static const JobKind KINDS[] = {
    {.name = "again", .run = refuse, .retry = &JOB_RETRY_THREE, .time_limit_s = 60},
    {.name = "never", .run = refuse, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60},
    {.name = "kept", .run = leave, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60, .keep_s = 60},
    {.name = "quick", .run = leave_and_finish, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60},
    {.name = "pair", .run = count_running, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60, .most_at_once = 2},
    {.name = "endless", .run = go_on, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60},
    {.name = "late", .run = go_on, .retry = &JOB_RETRY_NEVER, .time_limit_s = 1},
    {.name = "deaf", .run = hear_nothing, .retry = &JOB_RETRY_THREE, .time_limit_s = 20, .keep_s = 60},
    {.name = "broken off", .run = break_off, .retry = &JOB_RETRY_THREE, .time_limit_s = 60},
};

typedef struct Shift {
    Bench bench;
    Worker *worker;
} Shift;

/* By the system's clock: threads wait for it. */
static int begin_shift(void **state)
{
    static Shift shift;

    atomic_store(&running, 0);
    atomic_store(&most_running, 0);
    atomic_store(&stopped, 0);
    atomic_store(&begun, 0);
    atomic_store(&is_let_go, false);
    atomic_store(&ahead_us, 0);
    bench_open(&shift.bench, KINDS, sizeof KINDS / sizeof *KINDS);
    shift.bench.queue->clock = &AHEAD;
    shift.worker = NULL;
    *state = &shift;
    return 0;
}

static int end_shift(void **state)
{
    Shift *shift = *state;

    atomic_store(&is_let_go, true);
    atomic_store(&ahead_us, 0);
    assert_true(worker_stop(shift->worker, PATIENCE_MS));
    bench_close(&shift->bench);
    return 0;
}
#define shift_test(f) cmocka_unit_test_setup_teardown(f, begin_shift, end_shift)

static size_t count_effects(Bench *bench)
{
    EffectsSqlEffect *rows;
    size_t count;

    check_ok(effects_sql_list(bench->sql, NULL, &bench->arena, &rows, &count));
    return count;
}

/* Looks until it is so, or patience is over. */
static void wait_for(Bench *bench, bool (*is_so)(Bench *bench, const void *what), const void *what)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + INT64_C(1000) * PATIENCE_MS;

    while (!is_so(bench, what)) {
        assert_true(clock_monotonic_us(clock_system()) < until_us);
        bell_wait(&bench->queue->bell, bell_rings(&bench->queue->bell),
                  clock_monotonic_us(clock_system()) + LOOK_MS * 1000);
    }
}

/* What a worker holds is running for its database, begun or not. */
static bool have_begun(Bench *bench, const void *what)
{
    (void)bench;
    return atomic_load(&begun) == *(const int *)what;
}

static bool has_left(Bench *bench, const void *what)
{
    return count_effects(bench) == *(const size_t *)what;
}

typedef struct Wanted {
    Str job_id;
    Str state;
    Str message;
} Wanted;

static bool is_as_wanted(Bench *bench, const void *what)
{
    const Wanted *wanted = what;
    JobShown shown = show(bench, wanted->job_id);

    return str_equal(shown.state, wanted->state) &&
           (wanted->message.data == NULL || str_equal(shown.message, wanted->message));
}

static void every_job_is_done_once(void **state)
{
    Shift *shift = *state;
    size_t many = MANY;

    shift->worker = worker_start(shift->bench.queue, THREADS);
    for (int i = 0; i < MANY; i++)
        add_job(&shift->bench, &(JobNew){.kind = STR("quick")});
    wait_for(&shift->bench, has_left, &many);
    assert_true(worker_stop(shift->worker, PATIENCE_MS));
    shift->worker = NULL;
    assert_int_equal(count_effects(&shift->bench), MANY);
}

static void two_workers_keep_a_kinds_limit_together(void **state)
{
    Shift *shift = *state;
    Worker *other;
    size_t many = 100;

    for (size_t i = 0; i < many; i++)
        add_job(&shift->bench, &(JobNew){.kind = STR("pair")});
    shift->worker = worker_start(shift->bench.queue, THREADS);
    other = worker_start(shift->bench.queue, THREADS);
    wait_for(&shift->bench, has_left, &many);
    assert_true(worker_stop(other, PATIENCE_MS));
    assert_true(atomic_load(&most_running) <= 2);
}

static void what_a_job_tells_is_seen_while_it_runs_and_it_can_be_cancelled(void **state)
{
    Shift *shift = *state;
    Str job_id = add_job(&shift->bench, &(JobNew){.kind = STR("endless")});

    shift->worker = worker_start(shift->bench.queue, THREADS);
    wait_for(&shift->bench, is_as_wanted, &(Wanted){job_id, STR("running"), STR("빚는 중")});
    check_ok(queue_cancel(shift->bench.queue, &shift->bench.arena, job_id, NULL));
    wait_for(&shift->bench, is_as_wanted, &(Wanted){job_id, STR("cancelled"), {0}});
    assert_int_equal(atomic_load(&stopped), 1);
}

static void wait_for_state(Shift *shift, Str job_id, Str state)
{
    wait_for(&shift->bench, is_as_wanted, &(Wanted){.job_id = job_id, .state = state});
}

static bool is_told(Bench *bench, const void *what)
{
    Buf out = {.arena = &bench->arena};

    metrics_write_all(NULL, 0, METRIC_TEXT, &out);
    return str_find(buf_str(&out), str_from(what), 0) < out.len;
}

static void attempts_are_counted_by_what_came_of_them(void **state)
{
    Shift *shift = *state;
    Bench *bench = &shift->bench;
    QueueMetrics *metrics = queue_metrics_create(&bench->queue, 1);
    Str endless = add_job(bench, &(JobNew){.kind = STR("endless")});

    shift->worker = worker_start(bench->queue, THREADS);
    wait_for_state(shift, add_job(bench, &(JobNew){.kind = STR("kept")}), STR("done"));
    wait_for_state(shift, add_job(bench, &(JobNew){.kind = STR("again")}), STR("later"));
    wait_for_state(shift, add_job(bench, &(JobNew){.kind = STR("never")}), STR("dead"));
    wait_for(bench, have_begun, &(int){1});
    check_ok(queue_cancel(bench->queue, &bench->arena, endless, NULL));
    wait_for_state(shift, endless, STR("cancelled"));
    static const char *const TOLD[] = {
        "nerdx_jobs_ended_total{kind=\"kept\",result=\"done\",service=\"test\"} 1\n",
        "nerdx_jobs_ended_total{kind=\"again\",result=\"tried_again\",service=\"test\"} 1\n",
        "nerdx_jobs_ended_total{kind=\"never\",result=\"dead\",service=\"test\"} 1\n",
        "nerdx_jobs_ended_total{kind=\"endless\",result=\"cancelled\",service=\"test\"} 1\n",
        "nerdx_jobs_ended_total{kind=\"quick\",result=\"done\",service=\"test\"} 0\n",
        "nerdx_job_seconds_count{kind=\"endless\"} 1\n",
        "nerdx_job_wait_seconds_count 4\n",
    };
    for (size_t i = 0; i < sizeof TOLD / sizeof *TOLD; i++)
        assert_true(is_told(bench, TOLD[i]));
    wait_for(bench, is_told, "state=\"dead\"} 1\n");
    assert_true(worker_stop(shift->worker, PATIENCE_MS));
    shift->worker = NULL;
    queue_metrics_destroy(metrics);
}

static void one_that_runs_too_long_is_stopped_and_has_failed(void **state)
{
    Shift *shift = *state;
    Str job_id = add_job(&shift->bench, &(JobNew){.kind = STR("late")});

    shift->worker = worker_start(shift->bench.queue, THREADS);
    wait_for(&shift->bench, is_as_wanted, &(Wanted){job_id, STR("dead"), {0}});
    check_text(show(&shift->bench, job_id).outcome, "it ran for longer than 1 s");
}

static void a_worker_that_stops_puts_back_what_it_hasnt_begun(void **state)
{
    Shift *shift = *state;
    Str jobs[THREADS * 2];
    size_t running_now = 0;

    for (int i = 0; i < THREADS * 2; i++)
        jobs[i] = add_job(&shift->bench, &(JobNew){.kind = STR("endless")});
    shift->worker = worker_start(shift->bench.queue, THREADS);
    wait_for(&shift->bench, is_as_wanted, &(Wanted){jobs[THREADS - 1], STR("running"), STR("빚는 중")});
    assert_true(worker_stop(shift->worker, 0));
    shift->worker = NULL;
    for (int i = 0; i < THREADS * 2; i++)
        running_now += str_equal(show(&shift->bench, jobs[i]).state, STR("running"));
    assert_int_equal(running_now, 0);
    check_state(&shift->bench, jobs[THREADS * 2 - 1], "ready");
}

/* Neither its lease nor anything else is written meanwhile: it is looked for. */
static void that_one_is_to_stop_is_seen_before_its_lease_is_kept(void **state)
{
    Shift *shift = *state;
    Bench *bench = &shift->bench;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("endless")});
    int64_t before_us, after_us;

    shift->worker = worker_start(bench->queue, THREADS);
    wait_for(bench, is_as_wanted, &(Wanted){job_id, STR("running"), STR("빚는 중")});
    check_ok(effects_sql_lease_of(bench->sql, NULL, job_id, &before_us));
    check_ok(queue_cancel(bench->queue, &bench->arena, job_id, NULL));
    wait_for_state(shift, job_id, STR("cancelled"));
    check_ok(effects_sql_lease_of(bench->sql, NULL, job_id, &after_us));
    assert_true(after_us == before_us);
}

/* After one that was quick a worker holds more than it has threads. */
static void one_that_is_held_and_cancelled_before_it_begins_never_does(void **state)
{
    Shift *shift = *state;
    Bench *bench = &shift->bench;
    Str jobs[3];

    for (int i = 0; i < 3; i++)
        jobs[i] = add_job(bench, &(JobNew){.kind = i == 0 ? STR("quick") : STR("endless")});
    shift->worker = worker_start(bench->queue, 1);
    wait_for(bench, have_begun, &(int){1});
    wait_for_state(shift, jobs[2], STR("running"));
    check_ok(queue_cancel(bench->queue, &bench->arena, jobs[2], NULL));
    check_ok(queue_cancel(bench->queue, &bench->arena, jobs[1], NULL));
    for (int i = 1; i < 3; i++)
        wait_for_state(shift, jobs[i], STR("cancelled"));
    assert_int_equal(atomic_load(&stopped), 1);
}

static bool is_cancelled_meanwhile(Bench *bench, const void *what)
{
    bell_ring(&bench->queue->bell);
    return is_as_wanted(bench, what);
}

/* When its lease is over: a kind of which one runs at a time isn't held up by it. */
static void one_that_is_cancelled_and_doesnt_stop_is_given_up_after_its_time(void **state)
{
    Shift *shift = *state;
    Bench *bench = &shift->bench;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("deaf")}),
        other = add_job(bench, &(JobNew){.kind = STR("endless")});

    shift->worker = worker_start(bench->queue, THREADS);
    wait_for(bench, have_begun, &(int){2});
    check_ok(queue_cancel(bench->queue, &bench->arena, job_id, NULL));
    check_ok(queue_cancel(bench->queue, &bench->arena, other, NULL));
    wait_for_state(shift, other, STR("cancelled")); /* by then it was heard */
    atomic_store(&ahead_us, INT64_C(1) * (JOB_LEASE_S + 1) * US_PER_S);
    wait_for(bench, is_cancelled_meanwhile, &(Wanted){.job_id = job_id, .state = STR("cancelled")});
}

static void many_that_stop_take_as_long_as_the_longest(void **state)
{
    enum { WORKERS = 8, DRAIN_MS = 1500 }; /* one after the other: twelve seconds */
    Shift *shift = *state;
    Bench *bench = &shift->bench;
    Worker *workers[WORKERS];
    Str jobs[WORKERS];

    for (int i = 0; i < WORKERS; i++) {
        jobs[i] = add_job(bench, &(JobNew){.kind = STR("broken off")});
        workers[i] = worker_start(bench->queue, 1);
    }
    wait_for(bench, have_begun, &(int){WORKERS});
    int64_t from_us = clock_monotonic_us(clock_system());
    queue_take_no_more(bench->queue, DRAIN_MS);
    for (int i = 0; i < WORKERS; i++)
        assert_true(worker_stop(workers[i], DRAIN_MS));
    int64_t took_ms = (clock_monotonic_us(clock_system()) - from_us) / 1000;
    assert_in_range(took_ms, DRAIN_MS, WORKERS * DRAIN_MS / 2);
    for (int i = 0; i < WORKERS; i++)
        check_state(bench, jobs[i], "ready");
}

static Str begin_one(Shift *shift, Str kind)
{
    Str job_id = add_job(&shift->bench, &(JobNew){.kind = kind});

    shift->worker = worker_start(shift->bench.queue, THREADS);
    wait_for(&shift->bench, have_begun, &(int){1});
    return job_id;
}

static void what_a_worker_that_stops_breaks_off_is_done_by_another(void **state)
{
    Shift *shift = *state;
    Bench *bench = &shift->bench;
    Str job_id = begin_one(shift, STR("broken off"));

    assert_true(worker_stop(shift->worker, 0));
    shift->worker = NULL;
    check_state(bench, job_id, "ready");
    assert_int_equal(show(bench, job_id).attempt, 0);
}

static void *let_go_late(void *context)
{
    const struct timespec LATE = {.tv_sec = 1,
                                  .tv_nsec = 500000000}; /* by then nobody waits for it to hear */

    (void)nanosleep(&LATE, NULL);
    atomic_store(&is_let_go, true);
    return context;
}

static void what_doesnt_stop_and_is_done_late_isnt_done_again(void **state)
{
    Shift *shift = *state;
    Bench *bench = &shift->bench;
    Str job_id = begin_one(shift, STR("deaf"));

    pthread_t late = thread_start("late", let_go_late, NULL);
    bool is_clean = worker_stop(shift->worker, 0);
    shift->worker = NULL;
    thread_join(late);
    assert_true(is_clean);
    check_state(bench, job_id, "done");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        shift_test(every_job_is_done_once),
        shift_test(two_workers_keep_a_kinds_limit_together),
        shift_test(what_a_job_tells_is_seen_while_it_runs_and_it_can_be_cancelled),
        shift_test(attempts_are_counted_by_what_came_of_them),
        shift_test(one_that_runs_too_long_is_stopped_and_has_failed),
        shift_test(a_worker_that_stops_puts_back_what_it_hasnt_begun),
        shift_test(that_one_is_to_stop_is_seen_before_its_lease_is_kept),
        shift_test(one_that_is_held_and_cancelled_before_it_begins_never_does),
        shift_test(one_that_is_cancelled_and_doesnt_stop_is_given_up_after_its_time),
        shift_test(what_a_worker_that_stops_breaks_off_is_done_by_another),
        shift_test(what_doesnt_stop_and_is_done_late_isnt_done_again),
        shift_test(many_that_stop_take_as_long_as_the_longest),
    };

    bench_use_url(argc, argv);
    atomic_store(&log_threshold, LEVEL_OFF); /* jobs that fail are what is tested */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
