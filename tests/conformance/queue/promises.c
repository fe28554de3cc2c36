#include "world.h"

#include <stdlib.h>
#include <string.h>

void check_limit(void)
{
    int64_t count;

    check_ok(queue_sql_count_running(world.bench.sql, NULL, STR("narrow"), &count));
    if (count > AT_ONCE)
        broken("no more of a kind run at once than it allows", STR("narrow"));
    check_ok(effects_sql_count_crowded(world.bench.sql, NULL, &count));
    if (count > 0)
        broken("those of one order run one after the other, whoever meddles", STR("some"));
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

/* ---- trees */

/* What became of one. */
typedef struct Tree {
    Str parent_id;
    QueueSqlChild *members;
    size_t count;
    bool is_done;
    size_t steps, done; /* steps that are */
    size_t undos;
} Tree;

static Tree look_at(const Added *added)
{
    Tree tree = {.parent_id = added->job_id};

    tree.is_done = str_equal(show(&world.bench, added->job_id).state, STR("done"));
    check_ok(queue_sql_list_children(world.bench.sql, NULL, &world.bench.arena, added->job_id, &tree.members,
                                     &tree.count));
    for (size_t i = 0; i < tree.count; i++) {
        bool undoes = child_undoes(&tree.members[i]);
        tree.undos += undoes;
        tree.steps += !undoes;
        tree.done += !undoes && str_equal(tree.members[i].state, STR("done"));
    }
    return tree;
}

/* All steps done and the parent isn't: it was cancelled itself, and can be tried again. */
static void check_whole(const Tree *tree)
{
    if (tree->is_done && (tree->done != tree->steps || tree->undos > 0))
        broken("a parent is done when all its children are", tree->parent_id);
    if (!tree->is_done && tree->undos == 0 && tree->done > 0 && tree->done < tree->steps)
        broken("what was done is undone when a tree fails", tree->parent_id);
    if (tree->undos > 0 && tree->undos != tree->done)
        broken("what was done is undone once", tree->parent_id);
    for (size_t i = 0; i < tree->count; i++)
        if (child_undoes(&tree->members[i]) && !str_equal(tree->members[i].state, STR("done")) &&
            !was_ever_cancelled(tree->members[i].job_id))
            broken("what undoes is done unless somebody cancels it", tree->members[i].job_id);
}

typedef struct Effects {
    EffectsSqlEffect *rows;
    size_t count;
} Effects;

/* When it had its effect; 0: it had none. */
static int64_t moment_of(const Effects *effects, Str job_id)
{
    for (size_t i = 0; i < effects->count; i++)
        if (str_equal(effects->rows[i].job_id, job_id))
            return effects->rows[i].number;
    return 0;
}

static void check_steps(const Tree *tree, bool is_in_order, const Effects *effects)
{
    int64_t parent = moment_of(effects, tree->parent_id), before = 0;

    for (size_t i = 0; i < tree->count; i++) {
        int64_t moment = moment_of(effects, tree->members[i].job_id);
        if (moment == 0 || child_undoes(&tree->members[i]))
            continue;
        if (parent > 0 && moment > parent)
            broken("a parent runs after its children", tree->parent_id);
        if (is_in_order && moment < before)
            broken("steps in order run one after the other", tree->members[i].job_id);
        before = moment;
    }
}

static long undone_step(const QueueSqlChild *undo)
{
    return strtol(undo->input.data + strlen("{\"input\":"), NULL, 10);
}

static void check_undos(const Tree *tree, const Effects *effects)
{
    long last_step = JOB_MOST_CHILDREN;
    int64_t before = 0;

    for (size_t i = 0; i < tree->count; i++) {
        const QueueSqlChild *undo = &tree->members[i];
        int64_t moment = moment_of(effects, undo->job_id);
        if (!child_undoes(undo) || was_ever_cancelled(undo->job_id))
            continue;
        if (moment < before || undone_step(undo) >= last_step)
            broken("what was done last is undone first", undo->job_id);
        before = moment;
        last_step = undone_step(undo);
    }
}

void check_trees(void)
{
    Effects effects;
    int64_t kept;

    check_ok(effects_sql_list(world.bench.sql, NULL, &world.bench.arena, &effects.rows, &effects.count));
    for (size_t i = 0; i < world.added_count; i++) {
        if (strcmp(world.added[i].kind, "whole") != 0)
            continue;
        Tree tree = look_at(&world.added[i]);
        check_whole(&tree);
        check_steps(&tree, world.added[i].is_in_order, &effects);
        check_undos(&tree, &effects);
    }
    check_ok(effects_sql_count_kept_for_ever(world.bench.sql, NULL, &kept));
    if (kept > 0)
        broken("what has ended is thrown away one day", STR("some"));
}

/* A tree none of whose steps failed is done. */
static void check_undisturbed(const Added *added)
{
    Tree tree = look_at(added);

    if (!tree.is_done && tree.done == tree.steps)
        broken("a parent whose children are done is done", added->job_id);
}

void check_nobody_meddled(void)
{
    for (size_t i = 0; i < world.added_count; i++)
        if (strcmp(world.added[i].kind, "whole") == 0)
            check_undisturbed(&world.added[i]);
        else
            check_state(&world.bench, world.added[i].job_id, "done");
    check_orders();
}
