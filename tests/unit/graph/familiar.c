/* What a process remembers of the graph on Neo4j from what it wrote itself. */
#include "check.h"
#include "stores/graph/neo4j/familiar.h"

enum { PAIRS = 100000 };

static int make(void **state)
{
    static Familiar familiar;

    familiar_init(&familiar);
    *state = &familiar;
    return 0;
}

static int unmake(void **state)
{
    familiar_finish(*state);
    return 0;
}

static void what_was_noted_is_known_until_it_is_forgotten(void **state)
{
    Familiar *familiar = *state;
    FamiliarNode node;

    familiar_set_origin(familiar, STR("book"));
    familiar_note(familiar, STR("soju"), (FamiliarNode){.shown = 2, .whole = true, .said = true});
    familiar_note(familiar, STR("rice"), (FamiliarNode){.shown = 1});
    assert_true(familiar_find(familiar, STR("soju"), &node));
    assert_true(node.shown == 2 && node.whole && node.said);
    assert_true(familiar_find(familiar, STR("rice"), &node));
    assert_true(node.shown == 1 && !node.whole && !node.said);
    assert_false(familiar_find(familiar, STR("plum"), &node));
    familiar_forget(familiar);
    assert_false(familiar_find(familiar, STR("soju"), &node));
    assert_true(familiar_is_empty(familiar));
}

static void that_an_origin_speaks_of_a_node_says_nothing_of_another_origin(void **state)
{
    Familiar *familiar = *state;
    FamiliarNode node;

    familiar_set_origin(familiar, STR("book"));
    familiar_note(familiar, STR("soju"), (FamiliarNode){.shown = 1, .said = true});
    familiar_set_origin(familiar, STR("book"));
    assert_true(familiar_find(familiar, STR("soju"), &node) && node.said);
    familiar_set_origin(familiar, STR("novel"));
    assert_true(familiar_find(familiar, STR("soju"), &node) && !node.said);
}

static Str pair(Arena *arena, int i)
{
    return str_format(arena, "HAS\nuser-%d\nproduct-%d", i / 10, i % 500);
}

static void a_pair_that_was_noted_is_never_denied_and_hardly_any_other_is_suspected(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Familiar *familiar = *state;
    int suspected = 0;

    assert_false(familiar_may_join(familiar, pair(&arena, 0)));
    for (int i = 0; i < PAIRS; i++)
        familiar_note_ends(familiar, pair(&arena, i));
    for (int i = 0; i < PAIRS; i++)
        assert_true(familiar_may_join(familiar, pair(&arena, i)));
    for (int i = PAIRS; i < 2 * PAIRS; i++)
        suspected += familiar_may_join(familiar, pair(&arena, i));
    assert_true(suspected < PAIRS / 1000);
}

static void what_becomes_too_much_has_no_room(void **state)
{
    const Familiar *familiar = *state;

    assert_true(familiar_has_room(familiar, FAMILIAR_MAX_NODES, FAMILIAR_MAX_PAIRS));
    assert_false(familiar_has_room(familiar, FAMILIAR_MAX_NODES + 1, 0));
    assert_false(familiar_has_room(familiar, 0, FAMILIAR_MAX_PAIRS + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_noted_is_known_until_it_is_forgotten, make, unmake),
        cmocka_unit_test_setup_teardown(that_an_origin_speaks_of_a_node_says_nothing_of_another_origin, make,
                                        unmake),
        cmocka_unit_test_setup_teardown(
            a_pair_that_was_noted_is_never_denied_and_hardly_any_other_is_suspected, make, unmake),
        cmocka_unit_test_setup_teardown(what_becomes_too_much_has_no_room, make, unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
