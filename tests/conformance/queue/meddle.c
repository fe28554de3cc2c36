/* People who meddle, and what they may count on: what they cancelled is begun no more, until it is tried again. */
#include "world.h"

#include <string.h>

static bool has_ended(Str state)
{
    return str_equal(state, STR("done")) || str_equal(state, STR("dead")) ||
           str_equal(state, STR("cancelled"));
}

/* Often a tree: more can go wrong with one. */
static const Added *pick_added(void)
{
    enum { TRIES = 3 };
    const Added *job = NULL;

    for (int i = 0; i < TRIES && (job == NULL || strcmp(job->kind, "whole") != 0); i++)
        job = &world.added[roll(&world.dice, world.added_count)];
    return job;
}

/* Something that was added, or one of its tree: a step, or what undoes one. */
static Str pick(void)
{
    const Added *job = pick_added();
    QueueSqlChild *members;
    size_t count;

    check_ok(
        queue_sql_list_children(world.bench.sql, NULL, &world.bench.arena, job->job_id, &members, &count));
    size_t at = roll(&world.dice, count + 1);
    return at == count ? job->job_id : members[at].job_id;
}

static void cancel(Str job_id)
{
    JobShown before = show(&world.bench, job_id);
    Err e = queue_cancel(world.bench.queue, &world.bench.arena, job_id, NULL);

    if (failed(&e) && (e.code != CONFLICT || !has_ended(before.state)))
        broken("what hasn't ended can be cancelled", job_id);
    if (!failed(&e))
        world.cancelled[world.cancelled_count++] =
            (Cancelled){job_id, before.attempt, str_equal(before.state, STR("running")), false};
}

static void forget(Str job_id)
{
    for (size_t i = 0; i < world.cancelled_count; i++)
        if (str_equal(world.cancelled[i].job_id, job_id))
            world.cancelled[i].is_over = true;
}

static void try_again(Str job_id)
{
    QueueSqlChild *members;
    size_t count;
    Err e = queue_retry(world.bench.queue, &world.bench.arena, job_id, NULL);

    if (failed(&e)) {
        if (e.code != CONFLICT)
            check_ok(e);
        return;
    }
    forget(job_id);
    check_ok(queue_sql_list_children(world.bench.sql, NULL, &world.bench.arena, job_id, &members, &count));
    for (size_t i = 0; i < count; i++)
        forget(members[i].job_id);
}

void meddle(void)
{
    if (world.added_count == 0 || world.cancelled_count == MEDDLED)
        return;
    if (one_in(&world.dice, 2))
        cancel(pick());
    else
        try_again(pick());
}

bool was_ever_cancelled(Str job_id)
{
    for (size_t i = 0; i < world.cancelled_count; i++)
        if (str_equal(world.cancelled[i].job_id, job_id))
            return true;
    return false;
}

void check_cancelled(void)
{
    for (size_t i = 0; i < world.cancelled_count; i++) {
        const Cancelled *cancelled = &world.cancelled[i];
        if (cancelled->is_over)
            continue;
        JobShown now = show(&world.bench, cancelled->job_id);
        if (now.attempt > cancelled->attempt)
            broken("what was cancelled is begun no more", cancelled->job_id);
        if (!cancelled->had_begun && str_equal(now.state, STR("done")))
            broken("what was cancelled before it began isn't done", cancelled->job_id);
    }
}
