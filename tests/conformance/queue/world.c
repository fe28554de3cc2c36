#include "world.h"

World world;

uint64_t roll(Dice *dice, uint64_t sides)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % sides;
}

bool one_in(Dice *dice, uint64_t sides)
{
    return roll(dice, sides) == 0;
}

/* ---- what jobs do */

/* Does its work and ends in one transaction; sometimes it fails first, or after. */
static Err do_work(JobRun *run)
{
    if (!world.is_calm && one_in(&world.dice, 6))
        return err(UNAVAILABLE, "an accident before");
    if (job_should_stop(run) && one_in(&world.dice, 2)) /* others don't ask */
        return err(UNAVAILABLE, "stopped");
    TRY(leave_and_finish(run));
    return one_in(&world.dice, 6) ? err(INTERNAL, "an accident after") : OK;
}

static Err never_works(JobRun *run)
{
    (void)run;
    return err(UNPROCESSABLE, "it can't be done");
}

static const JobRetry OFTEN = {.most_attempts = 1000, .first_s = 5, .most_s = 60, .is_doubling = true};

#define KIND(text, function) \
    .name = (text), .run = (function), .retry = &OFTEN, .time_limit_s = 60, .keep_s = 100000000
const JobKind WORLD_KIND[WORLD_KINDS] = {
    {KIND("work", do_work)},
    {KIND("narrow", do_work), .most_at_once = AT_ONCE},
    {KIND("step", do_work), .undo = "unstep"},
    {KIND("unstep", do_work)},
    {KIND("whole", do_work)},
    {KIND("bad step", never_works)},
};

/* ---- what is heard */

static const EventType THING = {STR("nerdx.test.thing.v1"), STR("urn:nerdx:test"), STR("urn:s"), NULL};

static Err note_once(void *context, Tx *tx)
{
    const EventGot *event = context;
    bool is_first;

    TRY(event_take_once(tx, "ears", event, &is_first));
    return is_first ? effects_sql_add(tx, event->subject, STR("heard"), event->data, NULL) : OK;
}

/* As do_work. */
static Err hear(void *context, Arena *arena, const EventGot *event)
{
    EventGot heard = *event;

    (void)context;
    (void)arena;
    if (!world.is_calm && one_in(&world.dice, 6))
        return err(UNAVAILABLE, "an accident before");
    TRY(sql_transact(world.bench.sql, note_once, &heard));
    return !world.is_calm && one_in(&world.dice, 6) ? err(INTERNAL, "an accident after") : OK;
}

EventConsumer world_ears(void)
{
    static const char *const TYPES[] = {"nerdx.test.*", NULL};

    return (EventConsumer){.name = "ears", .types = TYPES, .hear = hear, .retry = &OFTEN};
}

/* By the clock of the node. Sometimes it is taken back, and sometimes the database stored it and nobody was told so. */
void tell_something(const Node *node)
{
    int subject = (int)roll(&world.dice, SUBJECTS);
    bool is_taken_back = one_in(&world.dice, 6);
    Arena *arena = &world.bench.arena;
    Tx *tx = NULL;

    if (world.told_count == EVENTS)
        return;
    EventNew event = {&THING, str_format(arena, "subject %d", subject),
                      str_format(arena, "%zu", world.told_count)};
    check_ok(sql_begin(world.bench.sql, &tx));
    check_ok(event_emit(node->queue, tx, arena, &event));
    if (is_taken_back) {
        sql_rollback(&tx);
        return;
    }
    check_ok(sql_commit(&tx));
    world.told[world.told_count++] = subject;
}

/* ---- what happens */

void broken(const char *promise, Str job_id)
{
    print_error("broken: %s (job %.*s)\n", promise, STR_ARG(job_id));
    fail();
}

static void add_plain(const char *kind, int order)
{
    JobNew job = {
        .kind = str_from(kind),
        .input = str_format(&world.bench.arena, "%zu", world.added_count),
        .priority = (int)roll(&world.dice, 3),
        .order_key = order > 0 ? str_format(&world.bench.arena, "order %d", order) : (Str){0},
    };

    if (order == 0 && one_in(&world.dice, 4))
        job.due_us = clock_wall_us(&world.bench.clock.clock) + (int64_t)roll(&world.dice, 100) * US_PER_S;
    world.added[world.added_count++] = (Added){add_job(&world.bench, &job), kind, order, false};
}

static void add_steps(void)
{
    JobNew children[4] = {0};
    size_t count = 1 + roll(&world.dice, 4);

    for (size_t i = 0; i < count; i++)
        children[i] = (JobNew){.kind = one_in(&world.dice, 6) ? STR("bad step") : STR("step"),
                               .input = str_format(&world.bench.arena, "%zu", i)};
    JobTree tree = {.parent = {.kind = STR("whole")},
                    .children = children,
                    .count = count,
                    .in_order = one_in(&world.dice, 2)};
    world.added[world.added_count++] =
        (Added){add_tree(&world.bench, &tree), "whole", .is_in_order = tree.in_order};
}

/* A request that was sent twice, or taken back. */
static void add_twice(void)
{
    JobNew job = {.kind = STR("work"),
                  .input = STR("0"),
                  .unique_key = str_format(&world.bench.arena, "key %zu", world.added_count)};
    Tx *tx = NULL;
    JobAdded added;

    Str first = add_job(&world.bench, &job);
    if (!str_equal(add_job(&world.bench, &job), first))
        broken("of one key at most one lives", first);
    world.added[world.added_count++] = (Added){first, "work", 0, false};
    check_ok(sql_begin(world.bench.sql, &tx));
    check_ok(queue_add(world.bench.queue, tx, &world.bench.arena, &(JobNew){.kind = STR("work")}, &added));
    sql_rollback(&tx);
}

void add_something(void)
{
    if (world.added_count == JOBS)
        return;
    switch (roll(&world.dice, 5)) {
    case 0:
        add_plain("narrow", 0);
        break;
    case 1:
        add_plain("work", 1 + (int)roll(&world.dice, ORDERS));
        break;
    case 2:
        add_steps();
        break;
    case 3:
        add_twice();
        break;
    default:
        add_plain("work", 0);
    }
}
