/* Challenges count once, for what they were made for, and not for long. */
#include "check.h"

#include "services/auth/passkeys/challenge.h"

static const int64_t NOW_US = INT64_C(1764000000) * 1000000;

typedef struct World {
    ManualClock clock;
    Challenges challenges;
} World;

static int begin(void **state)
{
    static World world;
    Kv *kv;

    manual_clock_init(&world.clock, NOW_US);
    check_ok(kv_open("memory:", NULL, &kv));
    world.challenges = (Challenges){kv, &world.clock.clock};
    *state = &world;
    return 0;
}

static int end(void **state)
{
    World *world = *state;

    kv_close(world->challenges.kv);
    return 0;
}

static bool take(World *world, Arena *arena, Str challenge, Str purpose)
{
    bool was_good;

    check_ok(challenge_take(&world->challenges, arena, challenge, purpose, &was_good));
    return was_good;
}

static Str make(World *world, Arena *arena, Str purpose)
{
    Str challenge;

    check_ok(challenge_make(&world->challenges, arena, purpose, &challenge));
    return challenge;
}

static void a_challenge_counts_once(void **state)
{
    AUTO_ARENA Arena arena = {0};
    World *world = *state;
    Str one = make(world, &arena, STR("show")), other = make(world, &arena, STR("show"));

    assert_false(str_equal(one, other));
    assert_int_equal(one.len, 43);
    assert_true(take(world, &arena, one, STR("show")));
    assert_false(take(world, &arena, one, STR("show")));
    assert_true(take(world, &arena, other, STR("show")));
}

static void it_is_good_for_what_it_was_made_for_and_used_up_by_another_try(void **state)
{
    AUTO_ARENA Arena arena = {0};
    World *world = *state;
    Str one = make(world, &arena, STR("add somebody"));

    assert_false(take(world, &arena, one, STR("add somebody else")));
    assert_false(take(world, &arena, one, STR("add somebody")));
    assert_false(take(world, &arena, STR("AAAA"), STR("show")));
    assert_false(take(world, &arena, STR(""), STR("show")));
}

static void it_is_over_after_five_minutes(void **state)
{
    AUTO_ARENA Arena arena = {0};
    World *world = *state;
    Str young = make(world, &arena, STR("show")), old = make(world, &arena, STR("show"));

    manual_clock_advance(&world->clock, (int64_t)CHALLENGE_S * 1000000 - 1000);
    assert_true(take(world, &arena, young, STR("show")));
    manual_clock_advance(&world->clock, 1000);
    assert_false(take(world, &arena, old, STR("show")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_challenge_counts_once, begin, end),
        cmocka_unit_test_setup_teardown(it_is_good_for_what_it_was_made_for_and_used_up_by_another_try, begin,
                                        end),
        cmocka_unit_test_setup_teardown(it_is_over_after_five_minutes, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
