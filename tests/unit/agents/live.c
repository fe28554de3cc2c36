/* Turns of one session go one after the other, in order, and waiting is bounded. */
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
    _Atomic bool *first_left;
    bool was_left;
} Waiter;

static void *wait_for_turn(void *context)
{
    Waiter *waiter = context;
    Err e;
    LiveTurn *turn = enter(waiter->turns, "second", "session", &e);

    waiter->was_left = *waiter->first_left;
    live_leave(waiter->turns, turn);
    return NULL;
}

static void the_second_message_of_a_session_waits_for_the_first(void **state)
{
    LiveTurns *turns = live_create(clock_system());
    _Atomic bool first_left = false;
    Waiter waiter = {turns, &first_left, false};
    Err e;
    LiveTurn *first = enter(turns, "first", "session", &e);

    (void)state;
    assert_non_null(first);
    pthread_t thread = thread_start("waiter", wait_for_turn, &waiter);
    EventLog *found;
    while ((found = live_find(turns, STR("second"))) == NULL) /* until it waits */
        continue;
    event_log_release(found);
    first_left = true;
    live_leave(turns, first);
    thread_join(thread);
    assert_true(waiter.was_left);
    live_destroy(turns);
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
    assert_null(live_find(turns, STR("late")));
    live_leave(turns, first);
    event_log_release(log);
    live_destroy(turns);
}

static void a_turn_is_found_while_it_lives_only(void **state)
{
    LiveTurns *turns = live_create(clock_system());
    Err e;
    LiveTurn *turn = enter(turns, "turn", "session", &e);
    EventLog *log = live_find(turns, STR("turn"));

    (void)state;
    assert_non_null(log);
    live_leave(turns, turn);
    assert_null(live_find(turns, STR("turn")));
    event_log_release(log); /* a reader keeps what it follows */
    live_destroy(turns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_message_of_a_session_waits_for_the_first),
        cmocka_unit_test(other_sessions_do_not_wait),
        cmocka_unit_test(a_wait_past_the_deadline_is_refused_with_a_time_to_come_back),
        cmocka_unit_test(a_turn_is_found_while_it_lives_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
