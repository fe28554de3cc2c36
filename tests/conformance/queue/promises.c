#include "world.h"

#include <stdlib.h>
#include <string.h>

void check_limit(void)
{
    int64_t count;

    check_ok(queue_sql_count_running(world.bench.sql, NULL, STR("narrow"), &count));
    if (count > AT_ONCE)
        broken("no more of a kind run at once than it allows", STR("narrow"));
}

static int64_t effects_of(Str job_id)
{
    int64_t effects;

    check_ok(effects_sql_count_of(world.bench.sql, NULL, job_id, &effects));
    return effects;
}

void check_effects(void)
{
    JobShown *jobs;
    size_t count;

    check_ok(queue_list(world.bench.queue, &world.bench.arena, &(JobFilter){.most = 1000}, &jobs, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t effects = effects_of(jobs[i].job_id);
        if (str_equal(jobs[i].state, STR("done")) && effects != 1)
            broken("a job that is done had its effect once", jobs[i].job_id);
        if (!str_equal(jobs[i].state, STR("done")) && effects != 0)
            broken("a job that isn't done had no effect", jobs[i].job_id);
    }
}

/* Those of an order, where nobody meddled, left their numbers rising. */
static void check_orders(void)
{
    EffectsSqlEffect *rows;
    size_t count;
    long last[ORDERS + 1] = {0};

    check_ok(effects_sql_list(world.bench.sql, NULL, &world.bench.arena, &rows, &count));
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at < world.added_count; at++) {
            const Added *added = &world.added[at];
            if (added->order == 0 || !str_equal(added->job_id, rows[i].job_id))
                continue;
            if ((long)at < last[added->order])
                broken("those of one order run in the order they were added", added->job_id);
            last[added->order] = (long)at;
        }
}

/* Each that was committed once, those of a subject in the order they were told in. */
void check_events(void)
{
    EffectsSqlEffect *rows;
    size_t count, heard = 0;
    long last[SUBJECTS];

    for (int i = 0; i < SUBJECTS; i++)
        last[i] = -1;
    check_ok(effects_sql_list(world.bench.sql, NULL, &world.bench.arena, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(rows[i].kind, STR("heard")))
            continue;
        long number = strtol(rows[i].input.data, NULL, 10);
        int subject = world.told[number];
        heard++;
        if ((size_t)number >= world.told_count)
            broken("an event that was taken back is never heard", rows[i].job_id);
        if (number <= last[subject])
            broken("events of a subject are heard once, in the order they were told in", rows[i].job_id);
        last[subject] = number;
    }
    if (heard != world.told_count)
        broken("an event that was committed is heard", STR("some"));
}

/* Done: every step is. Dead: every step that was done is undone. */
static void check_tree(const Added *added)
{
    QueueSqlChild *children;
    size_t count, done = 0, undone = 0, steps = 0;
    bool is_done = str_equal(show(&world.bench, added->job_id).state, STR("done"));

    check_ok(
        queue_sql_list_children(world.bench.sql, NULL, &world.bench.arena, added->job_id, &children, &count));
    for (size_t i = 0; i < count; i++) {
        bool undoes = child_undoes(&children[i]);
        steps += !undoes;
        done += !undoes && str_equal(children[i].state, STR("done"));
        undone += undoes && str_equal(children[i].state, STR("done"));
    }
    if (is_done && (done != steps || undone > 0))
        broken("a parent is done when all its children are", added->job_id);
    if (!is_done && undone != done)
        broken("what was done is undone when a tree fails", added->job_id);
}

void check_nobody_meddled(void)
{
    for (size_t i = 0; i < world.added_count; i++)
        if (strcmp(world.added[i].kind, "whole") != 0)
            check_state(&world.bench, world.added[i].job_id, "done");
    check_orders();
    for (size_t i = 0; i < world.added_count; i++)
        if (strcmp(world.added[i].kind, "whole") == 0)
            check_tree(&world.added[i]);
}
