/* Turns of one session go one after the other, in order, and waiting is bounded. */
#include <sched.h>

#include "check.h"

#include "base/thread.h"
#include "services/agents/live.h"

static LiveTurn *enter(LiveTurns *turns, const char *id, const char *session, Err *e)
{
    EventLog *log = event_log_create(1024);
    LiveTurn *turn = NULL;

    *e = live_enter(turns, str_from(id), STR("user"), str_from(session), log, 0, &turn);
    event_log_release(log);
    return turn;
}

typedef struct Waiter {
    LiveTurns *turns;
    bool first_was_there;
} Waiter;

static bool is_live(LiveTurns *turns, const char *id)
{
    bool mine;
    EventLog *log = live_find_of(turns, str_from(id), STR("user"), (Str){NULL, 0}, &mine);

    event_log_release(log);
    return log != NULL;
}

static void *wait_for_turn(void *context)
{
    Waiter *waiter = context;
    Err e;
    LiveTurn *turn = enter(waiter->turns, "second", "session", &e);

    waiter->first_was_there = is_live(waiter->turns, "first");
    live_leave(waiter->turns, turn);
    return NULL;
}

/* Again and again, as a race shows only sometimes. */
static void the_second_message_of_a_session_waits_for_the_first(void **state)
{
    enum { ROUNDS = 200 };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        LiveTurns *turns = live_create(clock_system());
        Waiter waiter = {turns, false};
        Err e;
        LiveTurn *first = enter(turns, "first", "session", &e);
        assert_non_null(first);
        pthread_t thread = thread_start("waiter", wait_for_turn, &waiter);
        sched_yield();
        live_leave(turns, first);
        thread_join(thread);
        assert_false(waiter.first_was_there);
        live_destroy(turns);
    }
}

static void other_sessions_do_not_wait(void **state)
{
    LiveTurns *turns = live_create(clock_system());
    Err e;
    LiveTurn *one = enter(turns, "one", "a", &e);
    LiveTurn *other = enter(turns, "other", "b", &e);

    (void)state;
    assert_non_null(one);
    assert_non_null(other);
    live_leave(turns, one);
    live_leave(turns, other);
    live_destroy(turns);
}

static void a_wait_past_the_deadline_is_refused_with_a_time_to_come_back(void **state)
{
    LiveTurns *turns = live_create(clock_system());
    EventLog *log = event_log_create(1024);
    LiveTurn *late = NULL;
    Err e;
    LiveTurn *first = enter(turns, "first", "session", &e);

    (void)state;
    e = live_enter(turns, STR("late"), STR("user"), STR("session"), log, clock_monotonic_us(clock_system()),
                   &late);
    assert_int_equal(e.code, UNAVAILABLE);
    assert_true(e.retry_after_s > 0);
    assert_null(late);
    assert_false(is_live(turns, "late"));
    live_leave(turns, first);
    event_log_release(log);
    live_destroy(turns);
}

static void a_turn_is_found_while_it_lives_only(void **state)
{
    LiveTurns *turns = live_create(clock_system());
    Err e;
    LiveTurn *turn = enter(turns, "turn", "session", &e);
    bool mine;
    EventLog *log = live_find_of(turns, STR("turn"), STR("user"), STR("session"), &mine);

    (void)state;
    assert_non_null(log);
    assert_null(live_find_of(turns, STR("turn"), STR("user"), STR("other"), &mine));
    assert_false(mine);
    assert_null(live_find_of(turns, STR("turn"), STR("use"), (Str){NULL, 0}, &mine));
    assert_false(mine);
    live_leave(turns, turn);
    assert_false(is_live(turns, "turn"));
    event_log_release(log); /* a reader keeps what it follows */
    live_destroy(turns);
}

/* What a waiter was told, and how often. */
typedef struct Told {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int times;
    Err result;
} Told;

#define TOLD_NOTHING {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER}

static void tell(void *context, Err result)
{
    Told *told = context;
    MUTEX_HOLD(&told->lock);

    told->times++;
    told->result = result;
    pthread_cond_signal(&told->changed);
}

static LiveTurn *await(LiveTurns *turns, const char *id, int64_t deadline_us, Told *told)
{
    EventLog *log = event_log_create(1024);
    LiveTurn *turn = NULL;

    check_ok(live_join(turns, str_from(id), STR("user"), STR("session"), log, &turn));
    event_log_release(log);
    live_await(turns, turn, deadline_us, (LiveWaiter){tell, told});
    return turn;
}

static void who_waits_without_a_thread_is_let_in_once_and_in_order(void **state)
{
    LiveTurns *turns = live_create(clock_system());
    Told tolds[3] = {TOLD_NOTHING, TOLD_NOTHING, TOLD_NOTHING};
    LiveTurn *first = await(turns, "first", 0, &tolds[0]);
    LiveTurn *second = await(turns, "second", 0, &tolds[1]);
    LiveTurn *third = await(turns, "third", 0, &tolds[2]);

    (void)state;
    assert_int_equal(tolds[0].times, 1);
    assert_int_equal(tolds[1].times + tolds[2].times, 0);
    live_leave(turns, first);
    assert_int_equal(tolds[1].times, 1);
    check_ok(tolds[1].result);
    assert_int_equal(tolds[2].times, 0);
    live_leave(turns, second);
    assert_int_equal(tolds[2].times, 1);
    live_leave(turns, third);
    live_destroy(turns);
    assert_int_equal(tolds[0].times + tolds[1].times + tolds[2].times, 3);
}

static void who_waits_without_a_thread_is_told_when_it_took_too_long(void **state)
{
    LiveTurns *turns = live_create(clock_system());
    Told first_told = TOLD_NOTHING, late_told = TOLD_NOTHING;
    LiveTurn *first = await(turns, "first", 0, &first_told);
    LiveTurn *late = await(turns, "late", clock_monotonic_us(clock_system()) + 1000, &late_told);

    (void)state;
    {
        MUTEX_HOLD(&late_told.lock);
        while (late_told.times == 0)
            pthread_cond_wait(&late_told.changed, &late_told.lock);
    }
    assert_int_equal(late_told.result.code, UNAVAILABLE);
    assert_true(late_told.result.retry_after_s > 0);
    live_leave(turns, late);
    live_leave(turns, first);
    live_destroy(turns);
    assert_int_equal(late_told.times, 1);
}

static void who_is_cancelled_waits_no_longer_and_only_its_user_cancels(void **state)
{
    LiveTurns *turns = live_create(clock_system());
    Told first_told = TOLD_NOTHING, told = TOLD_NOTHING;
    LiveTurn *first = await(turns, "first", 0, &first_told);
    LiveTurn *second = await(turns, "second", 0, &told);

    (void)state;
    assert_false(live_cancel(turns, STR("second"), STR("somebody")));
    assert_false(live_cancel(turns, STR("third"), STR("user")));
    assert_int_equal(told.times, 0);
    assert_true(live_cancel(turns, STR("second"), STR("user")));
    assert_int_equal(told.times, 1);
    assert_int_equal(told.result.code, GONE);
    assert_true(live_cancel(turns, STR("first"), STR("user")));
    assert_true(atomic_load(live_cancelled(first)));
    live_leave(turns, first);
    live_leave(turns, second);
    live_destroy(turns);
    assert_int_equal(told.times, 1);
}

static void wait_until_told(Told *told)
{
    MUTEX_HOLD(&told->lock);
    while (told->times == 0)
        pthread_cond_wait(&told->changed, &told->lock);
}

/* As on two nodes: each knows of its own turns alone. */
static void nodes_that_share_a_store_let_one_of_them_speak_in_a_session(void **state)
{
    LiveTurns *here = live_create(clock_system()), *there = live_create(clock_system());
    Told tolds[2] = {TOLD_NOTHING, TOLD_NOTHING};
    Kv *kv;

    (void)state;
    check_ok(kv_open("memory:", NULL, &kv));
    live_share(here, kv);
    live_share(there, kv);
    LiveTurn *first = await(here, "first", 0, &tolds[0]);
    wait_until_told(&tolds[0]);
    check_ok(tolds[0].result);
    LiveTurn *second = await(there, "second", clock_monotonic_us(clock_system()) + 60000, &tolds[1]);
    wait_until_told(&tolds[1]);
    assert_int_equal(tolds[1].result.code, UNAVAILABLE);
    live_leave(there, second);
    tolds[1].times = 0;
    second = await(there, "second", 0, &tolds[1]);
    live_leave(here, first);
    wait_until_told(&tolds[1]);
    check_ok(tolds[1].result);
    live_leave(there, second);
    live_destroy(here);
    live_destroy(there);
    kv_close(kv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_message_of_a_session_waits_for_the_first),
        cmocka_unit_test(other_sessions_do_not_wait),
        cmocka_unit_test(a_wait_past_the_deadline_is_refused_with_a_time_to_come_back),
        cmocka_unit_test(who_waits_without_a_thread_is_let_in_once_and_in_order),
        cmocka_unit_test(who_waits_without_a_thread_is_told_when_it_took_too_long),
        cmocka_unit_test(who_is_cancelled_waits_no_longer_and_only_its_user_cancels),
        cmocka_unit_test(a_turn_is_found_while_it_lives_only),
        cmocka_unit_test(nodes_that_share_a_store_let_one_of_them_speak_in_a_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
