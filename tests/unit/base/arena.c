#include "check.h"

#include <stdalign.h>
#include <string.h>

#include "base/arena.h"

static void memory_is_aligned_for_any_type_and_does_not_overlap(void **state)
{
    AUTO_ARENA Arena arena = {0};
    unsigned char *before = NULL;

    (void)state;
    for (size_t size = 1; size < 20000; size += size / 2 + 1) {
        unsigned char *memory = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        memset(memory, 0xAA, size);
        if (before)
            assert_int_equal(before[0], 0xAA);
        before = memory;
    }
}

static void a_piece_larger_than_any_block_is_given(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    (void)arena_alloc(&arena, 8);
    char *large = arena_zalloc(&arena, 5 << 20);
    assert_int_equal(large[(5 << 20) - 1], 0);
    assert_true(arena.used >= 5 << 20);
}

static void nothing_asked_for_is_still_a_place_of_its_own(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    assert_ptr_not_equal(arena_alloc(&arena, 0), arena_alloc(&arena, 0));
}

static void reset_forgets_all_and_keeps_the_first_block(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    const void *first = arena_alloc(&arena, 16);
    (void)arena_alloc(&arena, 100000);
    arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    assert_ptr_equal(arena_alloc(&arena, 16), first);
}

static void rewinding_gives_back_what_came_after_the_mark(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    ArenaMark empty = arena_mark(&arena);
    char *kept = arena_alloc(&arena, 16);
    memset(kept, 'k', 16);
    ArenaMark mark = arena_mark(&arena);
    const void *next = arena_alloc(&arena, 16);
    (void)arena_alloc(&arena, 100000); /* in a block of its own */
    arena_rewind(&arena, mark);
    assert_int_equal(arena.used, 16);
    assert_int_equal(kept[15], 'k');
    assert_ptr_equal(arena_alloc(&arena, 16), next);
    arena_rewind(&arena, empty);
    assert_int_equal(arena.used, 0);
}

static void what_is_left_of_a_block_is_used_behind_a_large_piece(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    const char *before = arena_alloc(&arena, 16);
    (void)arena_alloc(&arena, 100000);
    assert_ptr_equal(arena_alloc(&arena, 16), before + 16);
}

static void rewinding_keeps_a_large_piece_from_before_the_mark(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    (void)arena_alloc(&arena, 16);
    char *kept = arena_alloc(&arena, 100000);
    memset(kept, 'k', 100000);
    ArenaMark mark = arena_mark(&arena);
    memset(arena_alloc(&arena, 100000), 'x', 100000);
    arena_rewind(&arena, mark);
    assert_int_equal(kept[99999], 'k');
    memset(arena_alloc(&arena, 100000), 'x', 100000);
    assert_int_equal(kept[99999], 'k');
}

static void only_the_last_piece_can_be_extended_and_only_within_its_block(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    char *first = arena_alloc(&arena, 10);
    assert_true(arena_extend(&arena, first, 10, 100));
    assert_int_equal(arena.used, 112);
    const char *second = arena_alloc(&arena, 10);
    assert_true(second >= first + 100);
    assert_false(arena_extend(&arena, first, 100, 200));
    assert_false(arena_extend(&arena, second, 10, 100000));
    assert_int_equal(arena.used, 128);
}

static void finish_accepts_a_zeroed_arena_and_may_be_repeated(void **state)
{
    Arena arena = {0};

    (void)state;
    arena_finish(&arena);
    (void)arena_alloc(&arena, 10);
    arena_finish(&arena);
    arena_finish(&arena);
}

static void arrays_are_zeroed(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    memset(arena_alloc(&arena, 1024), 0xFF, 1024);
    arena_reset(&arena);
    int *numbers = arena_array(&arena, int, 256);
    for (size_t i = 0; i < 256; i++)
        assert_int_equal(numbers[i], 0);
}

static void an_array_that_is_full_doubles_keeps_its_items_and_is_zero_behind_them(void **state)
{
    AUTO_ARENA Arena arena = {0};
    size_t count = 0, capacity = 0;
    int *items = NULL;

    (void)state;
    for (int i = 1; i <= 100; i++) {
        ARENA_MORE(&arena, items, count, capacity, 3);
        assert_true(count < capacity);
        assert_int_equal(items[count], 0);
        items[count++] = i;
    }
    assert_int_equal(capacity, 192);
    for (int i = 0; i < 100; i++)
        assert_int_equal(items[i], i + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_for_any_type_and_does_not_overlap),
        cmocka_unit_test(a_piece_larger_than_any_block_is_given),
        cmocka_unit_test(nothing_asked_for_is_still_a_place_of_its_own),
        cmocka_unit_test(reset_forgets_all_and_keeps_the_first_block),
        cmocka_unit_test(rewinding_gives_back_what_came_after_the_mark),
        cmocka_unit_test(what_is_left_of_a_block_is_used_behind_a_large_piece),
        cmocka_unit_test(rewinding_keeps_a_large_piece_from_before_the_mark),
        cmocka_unit_test(only_the_last_piece_can_be_extended_and_only_within_its_block),
        cmocka_unit_test(finish_accepts_a_zeroed_arena_and_may_be_repeated),
        cmocka_unit_test(arrays_are_zeroed),
        cmocka_unit_test(an_array_that_is_full_doubles_keeps_its_items_and_is_zero_behind_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
