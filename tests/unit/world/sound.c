/* Ways to write Korean in Latin letters sound the same, and other words don't. */
#include "check.h"
#include "services/world/sound.h"

static void check_same(const char *a, const char *b, bool same)
{
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    if (str_equal(sound_of(&arena, str_from(a)), sound_of(&arena, str_from(b))) != same)
        fail_msg("%s and %s: expected %s", a, b, same ? "one sound" : "two sounds");
}

static void spellings_of_one_name_sound_the_same(void **state)
{
    (void)state;
    check_same("chongmyongju", "cheongmyeongju", true);
    check_same("kamhongno", "gamhongno", true);
    check_same("moonbaejoo", "munbaeju", true);
    check_same("pindaettok", "bindaetteok", true);
    check_same("makkolli", "makgeolli", true);
    check_same("takju", "makgeolli", false);
}

static void what_is_short_or_not_latin_has_no_sound(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    assert_null(sound_of(&arena, STR("joo")).data);
    assert_null(sound_of(&arena, STR("막걸리")).data);
    assert_null(sound_of(&arena, STR("nerd12")).data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_of_one_name_sound_the_same),
        cmocka_unit_test(what_is_short_or_not_latin_has_no_sound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
