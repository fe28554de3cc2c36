#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static const char *url_argument;
static int benches;

void bench_use_url(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: %s sqlite|URL\n", argv[0]);
        exit(2);
    }
    url_argument = argv[1];
}

static void open_queue(Bench *bench, const JobKind *kinds, size_t kind_count)
{
    manual_clock_init(&bench->clock, START_US);
    check_ok(queue_open(&(QueueConfig){.jobs = {"test", kinds, kind_count},
                                       .sql = bench->sql,
                                       .clock = &bench->clock.clock,
                                       .context = bench},
                        &bench->queue));
}

int bench_open(Bench *bench, const JobKind *kinds, size_t kind_count)
{
    *bench = (Bench){0};
    arena_init(&bench->arena);
    (void)snprintf(bench->folder, sizeof bench->folder, "/dev/shm/nerdx-queue-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    if (strcmp(url_argument, "sqlite") == 0)
        (void)snprintf(bench->url, sizeof bench->url, "sqlite:%s/jobs.db", bench->folder);
    else /* each test has a schema of its own */
        (void)snprintf(bench->url, sizeof bench->url, "%s#bench_%d", url_argument, ++benches);
    check_ok(sql_open(bench->url, EFFECTS_SQL_MIGRATIONS, &bench->sql));
    open_queue(bench, kinds, kind_count);
    return 0;
}

static Err empty(void *context, Tx *tx)
{
    static Err (*const DROPS[])(Tx *tx, int64_t *dropped) = {
        effects_sql_drop_effects,  effects_sql_drop_jobs,    effects_sql_drop_orders,
        effects_sql_drop_lanes,    effects_sql_drop_cron,    effects_sql_drop_events,
        effects_sql_drop_subjects, effects_sql_drop_consumed};

    (void)context;
    for (size_t i = 0; i < sizeof DROPS / sizeof *DROPS; i++)
        TRY(DROPS[i](tx, NULL));
    return OK;
}

void bench_begin_anew(Bench *bench, const JobKind *kinds, size_t kind_count)
{
    queue_close(bench->queue);
    arena_reset(&bench->arena);
    check_ok(sql_transact(bench->sql, empty, NULL));
    open_queue(bench, kinds, kind_count);
}

void bench_close(Bench *bench)
{
    char command[128];

    queue_close(bench->queue);
    sql_close(bench->sql);
    arena_finish(&bench->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", bench->folder);
    assert_int_equal(system(command), 0);
}

int bench_begin(void **state)
{
    static Bench bench;
    const BenchKinds *of = *state;

    *state = &bench;
    return bench_open(&bench, of->kinds, of->count);
}

int bench_end(void **state)
{
    bench_close(*state);
    return 0;
}

/* ---- what the jobs do */

typedef struct Leaving {
    JobRun *run;
    bool finishes;
} Leaving;

static Err leave_in(void *context, Tx *tx)
{
    const Leaving *leaving = context;
    JobRun *run = leaving->run;

    TRY(effects_sql_add(tx, job_id(run), str_from(run->kind->name), job_input(run), NULL));
    return leaving->finishes ? job_finish(run, tx) : OK;
}

Err leave_and_finish(JobRun *run)
{
    Leaving leaving = {run, true};

    return sql_transact(run->queue->sql, leave_in, &leaving);
}

Err leave(JobRun *run)
{
    Leaving leaving = {run, false};

    return sql_transact(run->queue->sql, leave_in, &leaving);
}

/* ---- adding */

typedef struct Adding {
    Bench *bench;
    const JobNew *job;
    const JobTree *tree; /* NULL: the job alone */
    JobAdded added;
} Adding;

static Err add_in(void *context, Tx *tx)
{
    Adding *adding = context;
    Bench *bench = adding->bench;

    return adding->tree != NULL
               ? queue_add_tree(bench->queue, tx, &bench->arena, adding->tree, &adding->added)
               : queue_add(bench->queue, tx, &bench->arena, adding->job, &adding->added);
}

Str add_job(Bench *bench, const JobNew *job)
{
    Adding adding = {.bench = bench, .job = job};

    check_ok(sql_transact(bench->sql, add_in, &adding));
    return adding.added.job_id;
}

Str add_tree(Bench *bench, const JobTree *tree)
{
    Adding adding = {.bench = bench, .tree = tree};

    check_ok(sql_transact(bench->sql, add_in, &adding));
    return adding.added.job_id;
}

/* ---- working */

size_t take(Bench *bench, size_t most, JobHold *holds)
{
    DeskTurn turn = {.most = most};

    check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
    for (size_t i = 0; i < turn.taken_count; i++)
        holds[i] = turn.taken[i];
    return turn.taken_count;
}

void end(Bench *bench, const JobHold *hold, Err result)
{
    JobEnd ended = {.hold = *hold, .result = result};
    DeskTurn turn = {.ends = &ended, .end_count = 1};

    check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
}

void sweep(Bench *bench)
{
    DeskTurn turn = {.sweep = true};

    check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
}

static void run_one(Bench *bench, const JobHold *hold)
{
    JobRun *run = run_create(bench->queue, hold);

    run->result = run->kind->run(run);
    JobEnd ended = run_end(run);
    DeskTurn turn = {.ends = &ended, .end_count = 1};
    check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
    run_destroy(run);
}

size_t run_all(Bench *bench)
{
    JobHold hold;
    size_t count = 0;

    for (; take(bench, 1, &hold) == 1; count++)
        run_one(bench, &hold);
    return count;
}

void pass(Bench *bench, int64_t seconds)
{
    manual_clock_advance(&bench->clock, seconds * US_PER_S);
}

/* ---- looking */

JobShown show(Bench *bench, Str job_id)
{
    JobShown shown;

    check_ok(queue_get(bench->queue, &bench->arena, job_id, &shown));
    return shown;
}

bool is_there(Bench *bench, Str job_id)
{
    JobShown shown;
    Err e = queue_get(bench->queue, &bench->arena, job_id, &shown);

    return !failed(&e);
}

void check_state(Bench *bench, Str job_id, const char *state)
{
    check_text(show(bench, job_id).state, state);
}

Str left_behind(Bench *bench)
{
    EffectsSqlEffect *rows;
    size_t count;
    Str text = STR("");

    check_ok(effects_sql_list(bench->sql, NULL, &bench->arena, &rows, &count));
    for (size_t i = 0; i < count; i++)
        text =
            str_format(&bench->arena, "%.*s%s%.*s", STR_ARG(text), i > 0 ? " " : "", STR_ARG(rows[i].input));
    return text;
}
