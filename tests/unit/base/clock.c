#include "check.h"

#include "base/clock.h"

static void the_system_clock_is_in_this_century_and_its_monotonic_time_never_falls(void **state)
{
    const Clock *clock = clock_system();
    int64_t last = clock_monotonic_us(clock);

    (void)state;
    assert_true(clock_wall_us(clock) > 1700000000000000);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_us(clock);
        assert_true(now >= last);
        last = now;
    }
}

static void a_manual_clock_moves_only_when_it_is_moved(void **state)
{
    ManualClock manual;

    (void)state;
    manual_clock_init(&manual, 1000);
    assert_int_equal(clock_wall_us(&manual.clock), 1000);
    manual_clock_advance(&manual, 5);
    assert_int_equal(clock_wall_us(&manual.clock), 1005);
    assert_int_equal(clock_monotonic_us(&manual.clock), 5);
}

static void a_jump_of_the_wall_clock_leaves_durations_alone(void **state)
{
    ManualClock manual;

    (void)state;
    manual_clock_init(&manual, 1000);
    manual_clock_set_wall(&manual, -7);
    assert_int_equal(clock_wall_us(&manual.clock), -7);
    assert_int_equal(clock_monotonic_us(&manual.clock), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_clock_is_in_this_century_and_its_monotonic_time_never_falls),
        cmocka_unit_test(a_manual_clock_moves_only_when_it_is_moved),
        cmocka_unit_test(a_jump_of_the_wall_clock_leaves_durations_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
