#include "services/agents/core/errands.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/thread.h"
#include "check.h"

enum { WORKERS = 4, LIMIT_US = 60 * 1000 * 1000 }; /* a bound for what never comes */

/* What several errands do together. */
typedef struct Meeting {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t here;
    size_t expected;
    bool may_go;
    atomic_size_t freed;
} Meeting;

static void meeting_init(Meeting *meeting, size_t expected)
{
    *meeting = (Meeting){.expected = expected};
    (void)pthread_mutex_init(&meeting->lock, NULL);
    cond_init(&meeting->changed);
}

static int64_t limit(void)
{
    return clock_monotonic_us(clock_system()) + LIMIT_US;
}

/* Ends only when all are here: one after the other they never would. */
static void meet(void *context)
{
    Meeting *meeting = context;

    MUTEX_HOLD(&meeting->lock);
    meeting->here++;
    (void)pthread_cond_broadcast(&meeting->changed);
    while (meeting->here < meeting->expected)
        assert_true(cond_wait_until(&meeting->changed, &meeting->lock, limit()));
}

static void wait_to_go(void *context)
{
    Meeting *meeting = context;

    MUTEX_HOLD(&meeting->lock);
    while (!meeting->may_go)
        assert_true(cond_wait_until(&meeting->changed, &meeting->lock, limit()));
}

static void let_go(Meeting *meeting)
{
    MUTEX_HOLD(&meeting->lock);
    meeting->may_go = true;
    (void)pthread_cond_broadcast(&meeting->changed);
}

static void nothing(void *context)
{
    (void)context;
}

static void count_freed(void *context)
{
    Meeting *meeting = context;

    atomic_fetch_add(&meeting->freed, 1);
}

static void they_go_at_the_same_time(void **state)
{
    Pool *pool = pool_create("errand", WORKERS, WORKERS);
    Errands *errands = errands_create(pool);
    Meeting meeting;
    size_t which, ended = 0;

    (void)state;
    meeting_init(&meeting, 3);
    for (int i = 0; i < 3; i++)
        errands_send(errands, &(Errand){meet, count_freed, &meeting});
    while (errands_next(errands, limit(), &which))
        ended++;
    assert_int_equal(ended, 3);
    errands_release(errands);
    pool_destroy(pool);
    assert_int_equal(meeting.freed, 3);
}

static void each_is_told_of_as_it_ends_and_a_slow_one_holds_up_no_other(void **state)
{
    Pool *pool = pool_create("errand", WORKERS, WORKERS);
    Errands *errands = errands_create(pool);
    Meeting meeting;
    size_t which;

    (void)state;
    meeting_init(&meeting, 0);
    errands_send(errands, &(Errand){wait_to_go, count_freed, &meeting});
    errands_send(errands, &(Errand){nothing, count_freed, &meeting});
    assert_true(errands_next(errands, limit(), &which));
    assert_int_equal(which, 1);
    let_go(&meeting);
    assert_true(errands_next(errands, limit(), &which));
    assert_int_equal(which, 0);
    assert_false(errands_next(errands, limit(), &which));
    errands_release(errands);
    pool_destroy(pool);
}

static void one_that_takes_too_long_is_let_go_and_keeps_what_it_needs(void **state)
{
    Pool *pool = pool_create("errand", WORKERS, WORKERS);
    Errands *errands = errands_create(pool);
    Meeting meeting;
    size_t which;

    (void)state;
    meeting_init(&meeting, 0);
    errands_send(errands, &(Errand){wait_to_go, count_freed, &meeting});
    assert_false(errands_next(errands, clock_monotonic_us(clock_system()), &which));
    errands_release(errands);
    assert_int_equal(meeting.freed, 0);
    let_go(&meeting);
    pool_destroy(pool);
    assert_int_equal(meeting.freed, 1);
}

static void without_a_pool_the_sender_does_them(void **state)
{
    Errands *errands = errands_create(NULL);
    Meeting meeting;
    size_t which;

    (void)state;
    meeting_init(&meeting, 1);
    errands_send(errands, &(Errand){meet, count_freed, &meeting});
    assert_int_equal(meeting.here, 1);
    assert_true(errands_next(errands, 0, &which));
    errands_release(errands);
    assert_int_equal(meeting.freed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_go_at_the_same_time),
        cmocka_unit_test(each_is_told_of_as_it_ends_and_a_slow_one_holds_up_no_other),
        cmocka_unit_test(one_that_takes_too_long_is_let_go_and_keeps_what_it_needs),
        cmocka_unit_test(without_a_pool_the_sender_does_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
