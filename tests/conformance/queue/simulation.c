/* Small worlds in which everything goes wrong that can, by a clock of their own and from a seed: workers die at any step and leave
 * what they held, their clocks run apart and jump, the database can't be reached or is lost just after it stored something,
 * requests come twice, people cancel and revive; and events are told by nodes whose clocks differ. In the end the trouble stops and the promises of queue.h are looked at.
 *
 *     simulation URL SEED [COUNT]      COUNT worlds from that seed on; the seed of one that breaks a promise is printed */
#include "world.h"

#include <stdlib.h>

#include "base/log.h"
#include "stores/queue/events_sql.h"

enum { STEPS = 120, MOST_CALM_STEPS = 3000, HURRIED_S = 8, CALM_S = 60 };

/* ---- workers */

static void drop(Node *node, int at)
{
    run_destroy(node->held[at]);
    node->held[at] = NULL;
}

/* It is gone with all that it knew. */
static void die(Node *node)
{
    for (int i = 0; i < HOLDS; i++)
        if (node->held[i] != NULL)
            drop(node, i);
}

static void run_one(Node *node)
{
    int at = (int)roll(&world.dice, HOLDS);
    JobRun *run = node->held[at];

    if (run == NULL || node->has_run[at])
        return;
    run->result = run->kind->run(run);
    node->has_run[at] = true;
}

static size_t free_places(const Node *node)
{
    size_t count = 0;

    for (int i = 0; i < HOLDS; i++)
        count += node->held[i] == NULL;
    return count;
}

static void take_in(Node *node, const DeskTurn *turn)
{
    int at = 0;

    for (size_t i = 0; i < turn->taken_count; i++) {
        while (node->held[at] != NULL)
            at++;
        node->held[at] = run_create(node->queue, &turn->taken[i]);
        node->has_run[at] = false;
    }
}

static void drop_told(Node *node)
{
    for (int i = 0; i < HOLDS; i++)
        if (node->held[i] != NULL && node->has_run[i])
            drop(node, i);
}

static void fill_turn(Node *node, Arena *arena, DeskTurn *turn)
{
    JobEnd *ends = arena_array(arena, JobEnd, HOLDS);
    JobKeep *keeps = arena_array(arena, JobKeep, HOLDS);

    *turn = (DeskTurn){.ends = ends,
                       .keeps = keeps,
                       .asks = true,
                       .most = free_places(node),
                       .sweep = one_in(&world.dice, 3)};
    for (int i = 0; i < HOLDS; i++) {
        if (node->held[i] != NULL && node->has_run[i])
            ends[turn->end_count++] = run_end(node->held[i]);
        else if (node->held[i] != NULL)
            (void)run_heard(node->held[i], arena, &keeps[turn->keep_count++]);
    }
}

static void hear_of_asked(Node *node, const DeskTurn *turn)
{
    for (size_t i = 0; i < turn->asked_count; i++)
        for (int at = 0; at < HOLDS; at++)
            if (node->held[at] != NULL && node->held[at]->hold.fence == turn->asked[i].fence &&
                str_equal(node->held[at]->hold.job_id, turn->asked[i].job_id))
                atomic_store(&node->held[at]->stop, JOB_CANCELLED);
}

/* Cut off before, it knows that nothing happened and tells the same again; cut off after, it believes so. */
static void go_to_desk(Node *node)
{
    AUTO_ARENA Arena arena = {0};
    DeskTurn turn;

    if (!world.is_calm && one_in(&world.dice, 8))
        return;
    arena_init(&arena);
    fill_turn(node, &arena, &turn);
    check_ok(desk_turn(node->queue, STR("node"), &arena, &turn));
    check_limit();
    if (!world.is_calm && one_in(&world.dice, 8))
        return;
    hear_of_asked(node, &turn);
    drop_told(node);
    take_in(node, &turn);
}

/* ---- the world */

static void pass_time(uint64_t most_s)
{
    int64_t us = (int64_t)roll(&world.dice, most_s) * US_PER_S;

    manual_clock_advance(&world.bench.clock, us);
    for (int i = 0; i < WORKERS; i++)
        manual_clock_advance(&world.nodes[i].clock, us);
}

static void jump_clock(void)
{
    ManualClock *clock = &world.nodes[roll(&world.dice, WORKERS)].clock;
    int64_t now_us = clock_wall_us(&world.bench.clock.clock);

    manual_clock_set_wall(clock, now_us + ((int64_t)roll(&world.dice, 240) - 120) * US_PER_S);
}

static void step(bool may_meddle)
{
    Node *node = &world.nodes[roll(&world.dice, WORKERS)];

    switch (roll(&world.dice, 14)) {
    case 0:
    case 1:
        add_something();
        break;
    case 2:
        pass_time(HURRIED_S);
        break;
    case 3:
        die(node);
        break;
    case 4:
        jump_clock();
        break;
    case 5:
        if (may_meddle)
            meddle();
        break;
    case 6:
        tell_something(node);
        break;
    case 7:
    case 8:
    case 9:
        run_one(node);
        break;
    default:
        go_to_desk(node);
    }
}

static bool is_living(Str state)
{
    return !str_equal(state, STR("done")) && !str_equal(state, STR("dead")) &&
           !str_equal(state, STR("cancelled"));
}

/* An event that isn't handed out yet, too. */
static bool is_untold(void)
{
    bool found;
    Str event_id;

    check_ok(events_sql_find_waiting(world.bench.sql, NULL, &world.bench.arena, &event_id, &found));
    return found;
}

static int64_t count_living(void)
{
    JobCount *counts;
    size_t count;
    int64_t living = 0;

    check_ok(queue_count(world.bench.queue, &world.bench.arena, &counts, &count));
    for (size_t i = 0; i < count; i++)
        living += is_living(counts[i].state) ? counts[i].jobs : 0;
    return living;
}

/* No more trouble: everything must end. */
static void calm_down(void)
{
    int steps = 0;

    world.is_calm = true;
    for (int i = 0; i < WORKERS; i++)
        manual_clock_set_wall(&world.nodes[i].clock, clock_wall_us(&world.bench.clock.clock));
    while (is_untold() || count_living() > 0) {
        if (steps++ > MOST_CALM_STEPS)
            broken("a job is run until it ends", STR("some"));
        for (int i = 0; i < WORKERS; i++)
            for (int at = 0; at < HOLDS * 2; at++)
                run_one(&world.nodes[i]);
        for (int i = 0; i < WORKERS; i++)
            go_to_desk(&world.nodes[i]);
        pass_time(CALM_S);
    }
}

static void open_world(uint64_t seed)
{
    world = (World){.dice = {seed}, .bench = world.bench};
    if (world.bench.sql == NULL)
        bench_open(&world.bench, WORLD_KIND, WORLD_KINDS);
    else
        bench_begin_anew(&world.bench, WORLD_KIND, WORLD_KINDS);
    for (int i = 0; i < WORKERS; i++) {
        Node *node = &world.nodes[i];
        manual_clock_init(&node->clock, START_US);
        check_ok(queue_open(&(QueueConfig){.jobs = {"test", WORLD_KIND, WORLD_KINDS},
                                           .sql = world.bench.sql,
                                           .clock = &node->clock.clock,
                                           .context = &world.bench},
                            &node->queue));
        const EventConsumer ears = world_ears();
        check_ok(queue_subscribe(node->queue, &ears));
    }
}

static void close_world(void)
{
    for (int i = 0; i < WORKERS; i++) {
        die(&world.nodes[i]);
        queue_close(world.nodes[i].queue);
    }
}

/* In every second world somebody cancels and revives: there the end of each job is less sure, its effects are not. */
static void live_through(uint64_t seed)
{
    bool may_meddle = seed % 2 == 1;

    open_world(seed);
    for (int i = 0; i < STEPS; i++)
        step(may_meddle);
    calm_down();
    check_effects();
    check_events();
    check_trees();
    check_cancelled();
    if (!may_meddle)
        check_nobody_meddled();
    close_world();
}

static uint64_t first_seed = 1, world_count = 1000, current_seed;

static void the_promises_hold_in_every_world(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < world_count; i++) {
        current_seed = first_seed + i;
        live_through(current_seed);
    }
}

static int say_seed(void **state)
{
    (void)state;
    bench_close(&world.bench);
    print_message("last world: seed %llu of %llu from %llu on\n", (unsigned long long)current_seed,
                  (unsigned long long)world_count, (unsigned long long)first_seed);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(the_promises_hold_in_every_world, say_seed)};

    bench_use_url(argc, argv);
    if (argc > 2)
        first_seed = strtoull(argv[2], NULL, 10);
    if (argc > 3)
        world_count = strtoull(argv[3], NULL, 10);
    atomic_store(&log_threshold, LEVEL_OFF);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
