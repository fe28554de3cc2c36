#include "check.h"

#include <sched.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/pool.h"
#include "base/thread.h"

enum { WORKERS = 4, QUEUE = 8, MANY = 20000 };

/* A door that workers wait at until the test opens it. */
typedef struct Door {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int waiting;
    bool open;
    atomic_int passed;
} Door;

static void pass_door(void *context)
{
    Door *door = context;

    MUTEX_HOLD(&door->lock);
    door->waiting++;
    pthread_cond_broadcast(&door->changed);
    while (!door->open)
        pthread_cond_wait(&door->changed, &door->lock);
    atomic_fetch_add(&door->passed, 1);
}

static void wait_for(Door *door, int waiting)
{
    MUTEX_HOLD(&door->lock);
    while (door->waiting < waiting)
        pthread_cond_wait(&door->changed, &door->lock);
}

static void open_door(Door *door)
{
    MUTEX_HOLD(&door->lock);
    door->open = true;
    pthread_cond_broadcast(&door->changed);
}

static void count(void *context)
{
    atomic_fetch_add((atomic_int *)context, 1);
}

static void a_full_queue_says_so_at_once(void **state)
{
    Door door = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    Pool *pool = pool_create("test", WORKERS, QUEUE);

    (void)state;
    for (int i = 0; i < WORKERS; i++)
        assert_true(pool_submit(pool, pass_door, &door));
    wait_for(&door, WORKERS);
    for (int i = 0; i < QUEUE; i++)
        assert_true(pool_submit(pool, pass_door, &door));
    assert_false(pool_submit(pool, pass_door, &door));

    PoolStats stats = pool_stats(pool);
    assert_int_equal(stats.workers, WORKERS);
    assert_int_equal(stats.running, WORKERS);
    assert_int_equal(stats.queued, QUEUE);
    open_door(&door);
    pool_destroy(pool);
    assert_int_equal(atomic_load(&door.passed), WORKERS + QUEUE);
}

static void draining_finishes_what_was_taken_and_takes_no_more(void **state)
{
    atomic_int done = 0;
    Pool *pool = pool_create("test", WORKERS, MANY);

    (void)state;
    for (int i = 0; i < MANY; i++)
        assert_true(pool_submit(pool, count, &done));
    pool_drain(pool);
    assert_int_equal(atomic_load(&done), MANY);
    assert_false(pool_submit(pool, count, &done));
    pool_drain(pool);
    pool_destroy(pool);
}

typedef struct Feeder {
    Pool *pool;
    atomic_int *done;
    int taken;
} Feeder;

static void *feed(void *context)
{
    Feeder *feeder = context;

    for (int i = 0; i < MANY; i++)
        feeder->taken += pool_submit(feeder->pool, count, feeder->done);
    return NULL;
}

static void work_of_many_threads_runs_once_each(void **state)
{
    atomic_int done = 0;
    Pool *pool = pool_create("test", WORKERS, QUEUE);
    Feeder feeders[3];
    pthread_t threads[COUNT(feeders)];
    int taken = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(feeders); i++) {
        feeders[i] = (Feeder){pool, &done, 0};
        threads[i] = thread_start("feeder", feed, &feeders[i]);
    }
    for (size_t i = 0; i < COUNT(feeders); i++) {
        thread_join(threads[i]);
        taken += feeders[i].taken;
    }
    pool_destroy(pool);
    assert_true(taken > 0);
    assert_int_equal(atomic_load(&done), taken);
}

static atomic_int rests;

static void note_rest(void)
{
    atomic_fetch_add(&rests, 1);
}

static void a_worker_rests_when_it_finds_no_more_work(void **state)
{
    Door door = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    Pool *pool = pool_create("test", 1, QUEUE);

    (void)state;
    pool_at_rest(pool, note_rest);
    assert_true(pool_submit(pool, pass_door, &door));
    wait_for(&door, 1);
    for (int i = 0; i < QUEUE; i++)
        assert_true(pool_submit(pool, pass_door, &door));
    assert_int_equal(atomic_load(&rests), 0);
    open_door(&door);
    pool_drain(pool);
    assert_int_equal(atomic_load(&door.passed), 1 + QUEUE);
    assert_int_equal(atomic_load(&rests), 1);
    pool_destroy(pool);
}

/* What was done, in its order; by one worker, read when the pool has drained. */
typedef struct Diary {
    char text[64];
    size_t len;
} Diary;

static Diary diary;

static void note_urgent(void *context)
{
    (void)context;
    diary.text[diary.len++] = '!';
}

static void note_later(void *context)
{
    (void)context;
    diary.text[diary.len++] = '.';
}

/* A pool of one worker, who waits at the door while the test gives it `later` and `urgent` pieces of work. */
static Pool *busy_pool(Door *door, int later, int urgent)
{
    Pool *pool = pool_create("test", 1, QUEUE);

    diary = (Diary){.len = 0};
    assert_true(pool_submit(pool, pass_door, door));
    wait_for(door, 1);
    for (int i = 0; i < later; i++)
        assert_true(pool_submit_later(pool, note_later, NULL));
    for (int i = 0; i < urgent; i++)
        assert_true(pool_submit(pool, note_urgent, NULL));
    return pool;
}

/* False: the machine let it take so long that what can wait had waited long. */
static bool does_all_before_any_has_aged(void)
{
    Door door = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    int64_t aged_us = clock_monotonic_us(clock_system()) + (int64_t)POOL_AGED_MS * 1000;
    Pool *pool = busy_pool(&door, 3, 4);

    assert_int_equal(pool_stats(pool).queued, 7);
    open_door(&door);
    pool_drain(pool);
    pool_destroy(pool);
    return clock_monotonic_us(clock_system()) < aged_us;
}

static void what_can_wait_is_done_behind_what_cannot(void **state)
{
    (void)state;
    while (!does_all_before_any_has_aged())
        continue;
    assert_string_equal(diary.text, "!!!!...");
}

static void what_has_waited_long_is_done_between_what_cannot_wait(void **state)
{
    Door door = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    Pool *pool = busy_pool(&door, 3, 4);
    int64_t aged_us = clock_monotonic_us(clock_system()) + (int64_t)POOL_AGED_MS * 1000;

    (void)state;
    while (clock_monotonic_us(clock_system()) < aged_us)
        (void)sched_yield();
    open_door(&door);
    pool_drain(pool);
    assert_string_equal(diary.text, ".!.!.!!");
    pool_destroy(pool);
}

static void what_can_wait_has_a_bounded_queue_of_its_own(void **state)
{
    Door door = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    Pool *pool = busy_pool(&door, QUEUE, 1);

    (void)state;
    assert_false(pool_submit_later(pool, note_later, NULL));
    open_door(&door);
    pool_destroy(pool);
    assert_string_equal(diary.text, "!........");
}

static void what_can_wait_leaves_workers_free(void **state)
{
    Door slow = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    Door urgent = slow;
    Pool *pool = pool_create("test", WORKERS, QUEUE);

    (void)state;
    for (int i = 0; i < WORKERS; i++)
        assert_true(pool_submit_later(pool, pass_door, &slow));
    wait_for(&slow, WORKERS - 1);
    assert_true(pool_submit(pool, pass_door, &urgent));
    wait_for(&urgent, 1);
    assert_int_equal(pool_stats(pool).queued, 1);
    open_door(&urgent);
    open_door(&slow);
    pool_destroy(pool);
    assert_int_equal(atomic_load(&slow.passed), WORKERS);
}

static void destroying_nothing_or_an_idle_pool_is_fine(void **state)
{
    (void)state;
    pool_destroy(NULL);
    pool_destroy(pool_create("test", 1, 1));
}

static void a_wait_ends_when_its_moment_has_come(void **state)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never;

    (void)state;
    cond_init(&never);
    MUTEX_HOLD(&lock);
    assert_false(cond_wait_until(&never, &lock, 0));
    pthread_cond_destroy(&never);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_queue_says_so_at_once),
        cmocka_unit_test(draining_finishes_what_was_taken_and_takes_no_more),
        cmocka_unit_test(work_of_many_threads_runs_once_each),
        cmocka_unit_test(a_worker_rests_when_it_finds_no_more_work),
        cmocka_unit_test(what_can_wait_is_done_behind_what_cannot),
        cmocka_unit_test(what_has_waited_long_is_done_between_what_cannot_wait),
        cmocka_unit_test(what_can_wait_has_a_bounded_queue_of_its_own),
        cmocka_unit_test(what_can_wait_leaves_workers_free),
        cmocka_unit_test(destroying_nothing_or_an_idle_pool_is_fine),
        cmocka_unit_test(a_wait_ends_when_its_moment_has_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
