/* Jobs that wait for others, and what happens when one of them fails. */
#include "fixture.h"

#include <semaphore.h>
#include <string.h>
#include <time.h>

#include "base/thread.h"

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

enum { LARGE = 40 * 1024 };

/* JSON of so many bytes. */
static Json large(Arena *arena)
{
    char *text = arena_zalloc(arena, LARGE);

    memset(text, 'x', LARGE);
    text[0] = text[LARGE - 1] = '"';
    return (Json){text, LARGE};
}

static Err give_large(JobRun *run)
{
    TRY(job_give(run, large(job_arena(run))));
    return leave_and_finish(run);
}

/* Leaves what its children gave. */
static Err gather(JobRun *run)
{
    const JobChild *children;
    size_t count;

    TRY(job_children(run, &children, &count));
    for (size_t i = 0; i < count; i++)
        assert_true(str_equal(children[i].result, STR("{\"n\":2}")));
    return leave_and_finish(run);
}

/* The first time it is tried it fails. */
static Err fail_at_first(JobRun *run)
{
    static int tries;

    return tries++ == 0 ? err(UNPROCESSABLE, "not yet") : leave_and_finish(run);
}

static const JobKind KINDS[] = {
    {.name = "hopeless", .run = fail_for_good, .retry = &JOB_RETRY_THREE, .time_limit_s = 60},
    {.name = "two",
     .run = give_two,
     .retry = &JOB_RETRY_NEVER,
     .time_limit_s = 60,
     .keep_s = 60,
     .undo = "untwo"},
    {.name = "large",
     .run = give_large,
     .retry = &JOB_RETRY_NEVER,
     .time_limit_s = 60,
     .keep_s = 60,
     .undo = "untwo"},
    {.name = "untwo", .run = leave_and_finish, .retry = &JOB_RETRY_THREE, .time_limit_s = 60, .keep_s = 60},
    {.name = "plain", .run = leave_and_finish, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60, .keep_s = 60},
    {.name = "second try", .run = fail_at_first, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60},
    {.name = "gather", .run = gather, .retry = &JOB_RETRY_NEVER, .time_limit_s = 60, .keep_s = 60},
};

static const BenchKinds BENCH_KINDS = {KINDS, COUNT(KINDS)};

static JobTree tree_of(const JobNew *children, size_t count, bool in_order)
{
    return (JobTree){.parent = {.kind = STR("gather"), .input = STR("all")},
                     .children = children,
                     .count = count,
                     .in_order = in_order};
}

static void a_parent_runs_when_all_its_children_are_done(void **state)
{
    Bench *bench = *state;
    const JobNew children[] = {{.kind = STR("two"), .input = STR("1")},
                               {.kind = STR("two"), .input = STR("2")}};
    JobTree tree = tree_of(children, 2, false);
    Str parent = add_tree(bench, &tree);
    JobHold holds[4];

    check_state(bench, parent, "waiting");
    assert_int_equal(take(bench, 4, holds), 2);
    for (int i = 0; i < 2; i++) {
        JobEnd ended = {.hold = holds[i], .result = OK, .outcome = STR("{\"n\":2}")};
        DeskTurn turn = {.ends = &ended, .end_count = 1};
        check_state(bench, parent, "waiting");
        check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
    }
    assert_int_equal(run_all(bench), 1);
    check_state(bench, parent, "done");
    check_text(left_behind(bench), "all");
    pass(bench, 61);
    sweep(bench);
    assert_false(is_there(bench, holds[0].job_id));
}

static void steps_that_are_in_order_wait_for_each_other(void **state)
{
    Bench *bench = *state;
    const JobNew children[] = {{.kind = STR("two"), .input = STR("1")},
                               {.kind = STR("two"), .input = STR("2")},
                               {.kind = STR("two"), .input = STR("3")}};
    JobTree tree = tree_of(children, 3, true);
    JobHold holds[4];

    add_tree(bench, &tree);
    assert_int_equal(take(bench, 4, holds), 1);
    JobEnd ended = {.hold = holds[0], .result = OK, .outcome = STR("{\"n\":2}")};
    DeskTurn turn = {.ends = &ended, .end_count = 1};
    check_ok(desk_turn(bench->queue, STR("tester"), &bench->arena, &turn));
    assert_int_equal(run_all(bench), 3);
    check_text(left_behind(bench), "2 3 all");
}

static void when_a_step_fails_what_was_done_is_undone_the_last_first(void **state)
{
    Bench *bench = *state;
    const JobNew children[] = {{.kind = STR("two"), .input = STR("1")},
                               {.kind = STR("two"), .input = STR("2")},
                               {.kind = STR("hopeless"), .input = STR("3")},
                               {.kind = STR("two"), .input = STR("4")}};
    JobTree tree = tree_of(children, 4, true);
    Str parent = add_tree(bench, &tree);

    run_all(bench);
    check_text(left_behind(bench),
               "1 2 {\"input\":2,\"result\":{\"n\":2}} {\"input\":1,\"result\":{\"n\":2}}");
    check_state(bench, parent, "dead");
    check_text(show(bench, parent).outcome, "hopeless failed: never");
}

/* What undoes is given both, which may be more together than a job may be added with. */
static void what_had_much_and_gave_much_is_undone(void **state)
{
    Bench *bench = *state;
    const JobNew children[] = {{.kind = STR("large"), .input = large(&bench->arena)},
                               {.kind = STR("hopeless"), .input = STR("2")}};
    JobTree tree = tree_of(children, 2, true);
    Str parent = add_tree(bench, &tree);

    assert_int_equal(run_all(bench), 3);
    check_state(bench, parent, "dead");
    assert_true(left_behind(bench).len > 3 * LARGE);
}

static void a_tree_that_is_cancelled_begins_nothing_more(void **state)
{
    Bench *bench = *state;
    const JobNew children[] = {{.kind = STR("two"), .input = STR("1")},
                               {.kind = STR("two"), .input = STR("2")}};
    JobTree tree = tree_of(children, 2, true);
    Str parent = add_tree(bench, &tree);

    check_ok(queue_cancel(bench->queue, &bench->arena, parent, NULL));
    assert_int_equal(run_all(bench), 0);
    check_state(bench, parent, "dead");
    check_text(show(bench, parent).outcome, "cancelled with its children");
}

/* Its only child, which the hold is of, has begun. */
static Str add_tree_that_runs(Bench *bench, const char *kind, JobHold *hold)
{
    const JobNew child = {.kind = str_from(kind), .input = STR("1")};
    JobTree tree = tree_of(&child, 1, false);
    Str parent = add_tree(bench, &tree);

    assert_int_equal(take(bench, 1, hold), 1);
    return parent;
}

/* Its child doesn't ask whether it is to stop. */
static void a_tree_that_is_cancelled_while_its_last_child_runs_doesnt_begin(void **state)
{
    Bench *bench = *state;
    JobHold hold;
    Str parent = add_tree_that_runs(bench, "two", &hold);

    check_ok(queue_cancel(bench->queue, &bench->arena, parent, NULL));
    end(bench, &hold, OK);
    assert_int_equal(run_all(bench), 1);
    check_text(left_behind(bench), "{\"input\":1,\"result\":null}");
    check_state(bench, parent, "dead");
}

static void what_undoes_goes_on_when_its_tree_is_cancelled(void **state)
{
    Bench *bench = *state;
    const JobNew children[] = {{.kind = STR("two"), .input = STR("1")},
                               {.kind = STR("hopeless"), .input = STR("2")}};
    JobTree tree = tree_of(children, 2, true);
    Str parent = add_tree(bench, &tree);
    JobHold hold;

    assert_int_equal(take(bench, 1, &hold), 1);
    end(bench, &hold, OK);
    assert_int_equal(take(bench, 1, &hold), 1);
    end(bench, &hold, err(UNPROCESSABLE, "never"));
    check_ok(queue_cancel(bench->queue, &bench->arena, parent, NULL));
    assert_int_equal(run_all(bench), 1);
    check_text(left_behind(bench), "{\"input\":1,\"result\":null}");
    check_state(bench, parent, "dead");
}

static void a_tree_that_is_tried_again_waits_for_what_wasnt_done(void **state)
{
    Bench *bench = *state;
    const JobNew children[] = {{.kind = STR("plain"), .input = STR("1")},
                               {.kind = STR("second try"), .input = STR("2")},
                               {.kind = STR("plain"), .input = STR("3")}};
    JobTree tree = tree_of(children, 3, true);
    QueueSqlChild *rows;
    size_t count;

    tree.parent.kind = STR("plain");
    Str parent = add_tree(bench, &tree);
    run_all(bench);
    check_state(bench, parent, "dead");
    check_ok(queue_sql_list_children(bench->sql, NULL, &bench->arena, parent, &rows, &count));
    assert_int_equal(queue_retry(bench->queue, &bench->arena, rows[1].job_id, NULL).code, CONFLICT);
    check_ok(queue_retry(bench->queue, &bench->arena, parent, NULL));
    check_state(bench, parent, "waiting");
    assert_int_equal(run_all(bench), 3);
    check_state(bench, parent, "done");
    check_text(left_behind(bench), "1 2 3 all");
}

static void a_tree_that_was_undone_is_over(void **state)
{
    Bench *bench = *state;
    const JobNew children[] = {{.kind = STR("two"), .input = STR("1")},
                               {.kind = STR("hopeless"), .input = STR("2")}};
    JobTree tree = tree_of(children, 2, true);
    Str parent = add_tree(bench, &tree);

    run_all(bench);
    assert_int_equal(queue_retry(bench->queue, &bench->arena, parent, NULL).code, CONFLICT);
    check_state(bench, parent, "dead");
    assert_int_equal(run_all(bench), 0);
}

/* ---- who cancels meets who ends: the row that one has changed and not committed is as it was to the other, until it waits for it */

typedef struct Meeting {
    Bench *bench;
    JobEnd end;
    sem_t is_ended;
} Meeting;

static Err end_slowly(void *context, Tx *tx)
{
    static const struct timespec WHILE = {.tv_nsec = 400000000};
    AUTO_ARENA Arena arena = {0};
    Meeting *meeting = context;
    Ending ending = {meeting->bench->queue, tx, &arena, START_US};

    arena_init(&arena);
    TRY(end_job(&ending, &meeting->end, NULL));
    (void)sem_post(&meeting->is_ended);
    (void)nanosleep(&WHILE, NULL); /* as far as the other comes */
    return OK;
}

static void *end_beside(void *context)
{
    Meeting *meeting = context;

    check_ok(sql_transact_rows(meeting->bench->sql, end_slowly, meeting));
    return NULL;
}

static void cancel_while_one_ends(Bench *bench, Str job_id, const JobHold *hold, Err result)
{
    Meeting meeting = {.bench = bench, .end = {.hold = *hold, .result = result}};

    assert_int_equal(sem_init(&meeting.is_ended, 0, 0), 0);
    pthread_t ending = thread_start("end", end_beside, &meeting);
    assert_int_equal(sem_wait(&meeting.is_ended), 0);
    Err e = queue_cancel(bench->queue, &bench->arena, job_id, NULL);
    thread_join(ending);
    (void)sem_destroy(&meeting.is_ended);
    check_ok(e);
}

static void a_tree_that_is_cancelled_while_its_last_child_ends_doesnt_begin(void **state)
{
    Bench *bench = *state;
    JobHold hold;
    Str parent = add_tree_that_runs(bench, "plain", &hold);

    cancel_while_one_ends(bench, parent, &hold, OK);
    check_state(bench, parent, "cancelled");
    assert_int_equal(run_all(bench), 0);
}

static void a_child_that_is_to_be_tried_again_while_its_tree_is_cancelled_isnt(void **state)
{
    Bench *bench = *state;
    JobHold hold;
    Str parent = add_tree_that_runs(bench, "hopeless", &hold);

    cancel_while_one_ends(bench, parent, &hold, err(UNAVAILABLE, "not now"));
    check_state(bench, hold.job_id, "cancelled");
    check_state(bench, parent, "dead");
}

static void one_that_is_to_be_tried_again_while_it_is_cancelled_isnt(void **state)
{
    Bench *bench = *state;
    Str job_id = add_job(bench, &(JobNew){.kind = STR("hopeless")});
    JobHold hold;

    assert_int_equal(take(bench, 1, &hold), 1);
    cancel_while_one_ends(bench, job_id, &hold, err(UNAVAILABLE, "not now"));
    check_state(bench, job_id, "cancelled");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_parent_runs_when_all_its_children_are_done),
        bench_test(steps_that_are_in_order_wait_for_each_other),
        bench_test(when_a_step_fails_what_was_done_is_undone_the_last_first),
        bench_test(what_had_much_and_gave_much_is_undone),
        bench_test(a_tree_that_is_cancelled_begins_nothing_more),
        bench_test(a_tree_that_is_cancelled_while_its_last_child_runs_doesnt_begin),
        bench_test(what_undoes_goes_on_when_its_tree_is_cancelled),
        bench_test(a_tree_that_is_tried_again_waits_for_what_wasnt_done),
        bench_test(a_tree_that_was_undone_is_over),
        bench_test(a_tree_that_is_cancelled_while_its_last_child_ends_doesnt_begin),
        bench_test(a_child_that_is_to_be_tried_again_while_its_tree_is_cancelled_isnt),
        bench_test(one_that_is_to_be_tried_again_while_it_is_cancelled_isnt),
    };

    bench_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
