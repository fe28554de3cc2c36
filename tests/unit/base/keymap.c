#include "check.h"

#include "base/keymap.h"

enum { KEYS = 5000 };

static void every_key_keeps_its_value_while_the_map_grows(void **state)
{
    AUTO_ARENA Arena arena = {0};
    StrIdMap map = {0};

    (void)state;
    for (uint32_t i = 0; i < KEYS; i++)
        *keymap_place(&map, str_format(&arena, "key-%u", i)) = i;
    *keymap_place(&map, STR("")) = KEYS;
    assert_int_equal(map.count, KEYS + 1);
    for (uint32_t i = 0; i < KEYS; i++)
        assert_int_equal(keymap_get(&map, str_format(&arena, "key-%u", i)), i);
    assert_int_equal(keymap_get(&map, STR("")), KEYS);
    assert_int_equal(keymap_get(&map, STR("key-")), KEYMAP_NONE);
    keymap_finish(&map);
    assert_int_equal(keymap_get(&map, STR("key-1")), KEYMAP_NONE);
}

static void a_place_is_found_again(void **state)
{
    StrIdMap map = {0};

    (void)state;
    assert_int_equal(*keymap_place(&map, STR("rice")), KEYMAP_NONE);
    *keymap_place(&map, STR("rice")) = 1;
    *keymap_place(&map, STR("rice")) += 1;
    assert_int_equal(keymap_get(&map, STR("rice")), 2);
    assert_int_equal(map.count, 1);
    keymap_finish(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_keeps_its_value_while_the_map_grows),
        cmocka_unit_test(a_place_is_found_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
