/* Limits: what is read, and that never one too many passes, however many ask at once; on every twin of the store. */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/thread.h"
#include "gateway/rate_limit.h"

enum { THREADS = 8, ASKED_EACH = 300, ROUNDS = 12, CONSUMERS = 3 };

static const char *url;
static Kv *kv;

static int open_kv(void **state)
{
    (void)state;
    check_ok(kv_open(url, NULL, &kv));
    return 0;
}

static int close_kv(void **state)
{
    (void)state;
    kv_close(kv);
    return 0;
}

typedef struct Crowd {
    LimitClass class;
    char consumers[CONSUMERS][ID_TEXT];
    atomic_int allowed[CONSUMERS];
    atomic_int
        minutes_begun[CONSUMERS]; /* windows that were seen to begin: each may let as many through again */
} Crowd;

static void *ask_often(void *context)
{
    Crowd *crowd = context;

    for (int i = 0; i < ASKED_EACH; i++) {
        int who = (int)(random_u64() % CONSUMERS);
        RateVerdict verdict;
        check_ok(rate_limit_ask(kv, &crowd->class, str_from(crowd->consumers[who]), &verdict));
        if (!verdict.is_allowed)
            continue;
        atomic_fetch_add(&crowd->allowed[who], 1);
        if (verdict.minute_left == crowd->class.per_minute - 1)
            atomic_fetch_add(&crowd->minutes_begun[who], 1);
        assert_true(verdict.minute_left >= 0 && verdict.hour_left >= 0);
        assert_true(verdict.minute_ends_ms > 0 && verdict.minute_ends_ms <= 60000);
        assert_true(verdict.hour_ends_ms > 0 && verdict.hour_ends_ms <= 3600000);
    }
    return NULL;
}

static void run_crowd(Crowd *crowd)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < CONSUMERS; i++)
        id_print(clock_system(), crowd->consumers[i]);
    for (int i = 0; i < THREADS; i++)
        threads[i] = thread_start("crowd", ask_often, crowd);
    for (int i = 0; i < THREADS; i++)
        thread_join(threads[i]);
}

static void of_a_crowd_exactly_as_many_pass_as_may(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        Crowd crowd = {.class = {"default", 1 + (int64_t)(random_u64() % 40), 0}};
        crowd.class.per_hour = crowd.class.per_minute + (int64_t)(random_u64() % 5) - 2;
        if (crowd.class.per_hour < 1)
            crowd.class.per_hour = 1;
        run_crowd(&crowd);
        for (int i = 0; i < CONSUMERS; i++) {
            int64_t fewest =
                crowd.class.per_minute < crowd.class.per_hour ? crowd.class.per_minute : crowd.class.per_hour;
            int64_t most = crowd.class.per_minute * atomic_load(&crowd.minutes_begun[i]);
            assert_true(atomic_load(&crowd.allowed[i]) >= fewest);
            assert_true(atomic_load(&crowd.allowed[i]) <= (most > 0 ? most : fewest));
        }
    }
}

static void what_is_refused_is_not_counted(void **state)
{
    LimitClass class = {"default", 2, 100};
    char who[ID_TEXT];
    RateVerdict verdict;

    (void)state;
    id_print(clock_system(), who);
    for (int i = 0; i < 20; i++)
        check_ok(rate_limit_ask(kv, &class, str_from(who), &verdict));
    if (verdict.is_allowed)
        return; /* a minute began in between: the crowd's test counts such */
    assert_true(verdict.hour_left >= 100 - 4);
}

static void classes_are_counted_apart(void **state)
{
    LimitClass talk = {"talk", 1, 1};
    LimitClass other = {"default", 1, 1};
    char who[ID_TEXT];
    RateVerdict verdict;

    (void)state;
    id_print(clock_system(), who);
    check_ok(rate_limit_ask(kv, &talk, str_from(who), &verdict));
    assert_true(verdict.is_allowed);
    check_ok(rate_limit_ask(kv, &other, str_from(who), &verdict));
    assert_true(verdict.is_allowed);
}

static void limits_are_read_as_they_are_written(void **state)
{
    Limits limits;

    (void)state;
    check_ok(limits_read(STR("default 60/minute 1000/hour; sign-in 10/minute  50/hour ;"), &limits));
    assert_int_equal(limits.count, 2);
    assert_int_equal(limits_find(&limits, STR("sign-in"))->per_hour, 50);
    assert_int_equal(limits_find(&limits, STR("nobody"))->per_minute, 60);
    check_ok(limits_read(STR(" off "), &limits));
    assert_null(limits_find(&limits, STR("default")));
}

static void limits_that_are_none_are_refused(void **state)
{
    static const char *const WRONG[] = {"",
                                        "default",
                                        "default 60/minute",
                                        "default 1000/hour 60/minute",
                                        "default 0/minute 5/hour",
                                        "default 60/minute 1000/hour more",
                                        "default 60/minute 1000/day",
                                        "a-name-that-is-much-too-long 60/minute 1000/hour"};
    Limits limits;

    (void)state;
    for (size_t i = 0; i < COUNT(WRONG); i++)
        check_err(limits_read(str_from(WRONG[i]), &limits), INVALID, "would be one");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_a_crowd_exactly_as_many_pass_as_may, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(what_is_refused_is_not_counted, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(classes_are_counted_apart, open_kv, close_kv),
        cmocka_unit_test(limits_are_read_as_they_are_written),
        cmocka_unit_test(limits_that_are_none_are_refused),
    };

    url = argc == 2 ? argv[1] : "memory:";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
