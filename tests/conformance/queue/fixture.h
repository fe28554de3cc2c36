/* A database with jobs in it and what they left, made anew for each test; and a worker that does one thing at a time. The program's
 * argument is the database: "sqlite" (a file of its own) or the URL of an empty one. */
#ifndef NERDX_TESTS_CONFORMANCE_QUEUE_FIXTURE_H
#define NERDX_TESTS_CONFORMANCE_QUEUE_FIXTURE_H

#include "check.h"
#include "conformance/queue/effects_sql.h"
#include "stores/queue/desk.h"
#include "stores/queue/run.h"

#define START_US INT64_C(1800000000000000)

typedef struct Bench {
    char folder[64];
    char url[160];
    Sql *sql;
    Queue *queue;
    ManualClock clock;
    Arena arena;
} Bench;

void bench_use_url(int argc, char **argv); /* ends the program when there is none */
int bench_open(Bench *bench, const JobKind *kinds, size_t kind_count);
void bench_close(Bench *bench);

/* Empty, as if it had just been opened; sooner. */
void bench_begin_anew(Bench *bench, const JobKind *kinds, size_t kind_count);

/* A test's set-up and tear-down, with the kinds that BENCH_KINDS of its file names. */
typedef struct BenchKinds {
    const JobKind *kinds;
    size_t count;
} BenchKinds;
int bench_begin(void **state);
int bench_end(void **state);
#define bench_test_within(f, begin, end) \
    cmocka_unit_test_prestate_setup_teardown(f, begin, end, (void *)&BENCH_KINDS)
#define bench_test(f) bench_test_within(f, bench_begin, bench_end)

/* Leaves its input behind, and ends with it. */
Err leave_and_finish(JobRun *run);
Err leave(JobRun *run); /* for use within: in a transaction of its own */

Str add_job(Bench *bench, const JobNew *job);
Str add_tree(Bench *bench, const JobTree *tree);

/* One turn that takes up to so many. */
size_t take(Bench *bench, size_t most, JobHold *holds);
void end(Bench *bench, const JobHold *hold, Err result);
void sweep(Bench *bench);

/* Takes and runs one after the other until nothing is ready. How many ran. */
size_t run_all(Bench *bench);

void pass(Bench *bench, int64_t seconds);
JobShown show(Bench *bench, Str job_id);
bool is_there(Bench *bench, Str job_id);
void check_state(Bench *bench, Str job_id, const char *state);

/* The inputs of what was left behind, parted by blanks. */
Str left_behind(Bench *bench);

#endif
