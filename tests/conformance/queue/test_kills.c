/* Workers that are killed in the middle of their work (SIGKILL), twenty times; what they did is looked at in the end. */
#include "fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

enum {
    KILLS = 20,
    A_ROUND = 50,
    A_WHILE = 10,
    MANY = KILLS * A_ROUND,
    THREADS = 4,
    PATIENCE_S = 120,
    LOOK_US = 5000
};

static const JobRetry AT_ONCE = {.most_attempts = 1000};
static const JobKind KINDS[] = {
    {.name = "work", .run = leave_and_finish, .retry = &AT_ONCE, .time_limit_s = 60, .keep_s = 100000000},
};

static const char *program;

/* ---- the one that is killed: its clock is ahead, so that it finds the leases of those before it over */

typedef struct AheadClock {
    Clock clock;
    int64_t ahead_us;
} AheadClock;

static int64_t wall_ahead(const Clock *clock)
{
    return clock_wall_us(clock_system()) + ((const AheadClock *)clock)->ahead_us;
}

static int64_t monotonic(const Clock *clock)
{
    (void)clock;
    return clock_monotonic_us(clock_system());
}

_Noreturn static void work(const char *url, const char *ahead_s)
{
    AheadClock clock = {{wall_ahead, monotonic}, strtoll(ahead_s, NULL, 10) * US_PER_S};
    Sql *sql;
    Queue *queue;

    check_ok(sql_open(url, EFFECTS_SQL_MIGRATIONS, &sql));
    check_ok(
        queue_open(&(QueueConfig){.jobs = {"test", KINDS, 1}, .sql = sql, .clock = &clock.clock}, &queue));
    (void)worker_start(queue, THREADS);
    for (;;)
        (void)pause();
}

static pid_t start(const Bench *bench, int number)
{
    char ahead_s[16];
    pid_t child = fork();

    (void)snprintf(ahead_s, sizeof ahead_s, "%d", (number + 1) * (JOB_LEASE_S + 2));
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* not longer than the test, however that ends */
        (void)execl(program, program, "work", bench->url, ahead_s, (char *)NULL);
        _exit(127);
    }
    return child;
}

/* ---- the one that kills */

static size_t count_effects(Bench *bench)
{
    int64_t effects;

    check_ok(effects_sql_count_all(bench->sql, NULL, &effects));
    return (size_t)effects;
}

static void wait_for(Bench *bench, size_t effects)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + INT64_C(1000000) * PATIENCE_S;

    while (count_effects(bench) < effects) {
        assert_true(clock_monotonic_us(clock_system()) < until_us);
        (void)usleep(LOOK_US);
    }
}

static void finish_off(pid_t child)
{
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void every_job_has_its_effect_once_however_often_workers_are_killed(void **state)
{
    static Bench bench;
    pid_t last;
    int64_t jobs;

    (void)state;
    bench_open(&bench, KINDS, 1);
    manual_clock_set_wall(&bench.clock, clock_wall_us(clock_system()));
    for (int i = 0; i < KILLS; i++) {
        for (int added = 0; added < A_ROUND; added++)
            add_job(&bench, &(JobNew){.kind = STR("work")});
        pid_t child = start(&bench, i);
        wait_for(&bench, count_effects(&bench) + A_WHILE);
        finish_off(child);
    }
    last = start(&bench, KILLS);
    wait_for(&bench, MANY);
    finish_off(last);
    check_ok(effects_sql_count_jobs(bench.sql, NULL, &jobs));
    assert_int_equal(jobs, MANY);
    assert_int_equal(count_effects(&bench), MANY);
    bench_close(&bench);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_has_its_effect_once_however_often_workers_are_killed),
    };

    atomic_store(&log_threshold, LEVEL_OFF);
    program = argv[0];
    if (argc == 4 && strcmp(argv[1], "work") == 0)
        work(argv[2], argv[3]);
    bench_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
