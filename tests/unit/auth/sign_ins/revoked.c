#include "services/auth/sign_ins/revoked.h"

#include "check.h"

enum { LIFE_S = 60, US = 1000000 };

typedef struct World {
    ManualClock clock;
    Revoked *revoked;
} World;

static int set_up(void **state)
{
    static World world;

    manual_clock_init(&world.clock, 0);
    world.revoked = revoked_create(&world.clock.clock, LIFE_S);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    World *world = *state;

    revoked_destroy(world->revoked);
    return 0;
}

static void what_has_ended_is_known_while_a_token_of_it_may_be_good(void **state)
{
    World *world = *state;

    revoked_add(world->revoked, STR("first"));
    assert_true(revoked_has(world->revoked, STR("first")));
    assert_false(revoked_has(world->revoked, STR("second")));
    for (int i = 0; i < LIFE_S; i++) {
        manual_clock_advance(&world->clock, US);
        revoked_add(world->revoked, STR("second"));
        assert_true(revoked_has(world->revoked, STR("first")));
    }
}

static void what_has_ended_long_ago_takes_no_memory(void **state)
{
    World *world = *state;

    revoked_add(world->revoked, STR("first"));
    for (int i = 0; i < 2; i++) {
        manual_clock_advance(&world->clock, (int64_t)LIFE_S * US);
        revoked_add(world->revoked, STR("second"));
    }
    assert_false(revoked_has(world->revoked, STR("first")));
    assert_true(revoked_has(world->revoked, STR("second")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_has_ended_is_known_while_a_token_of_it_may_be_good, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_has_ended_long_ago_takes_no_memory, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
