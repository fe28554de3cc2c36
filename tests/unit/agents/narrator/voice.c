#include "services/agents/narrator/voice.h"

#include "check.h"
#include "content.h"

static void a_list_joins_with_the_fitting_particle(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str items[] = {STR("쌀"), STR("소주"), STR("누룩")};

    arena_init(&arena);
    assert_string_equal(str_c(&arena, voice_list(*state, KOREAN, &arena, (Texts){items, 3})),
                        "쌀, 소주와 누룩");
    assert_string_equal(str_c(&arena, voice_list(*state, KOREAN, &arena, (Texts){items, 1})), "쌀");
    assert_string_equal(str_c(&arena, voice_list(*state, ENGLISH, &arena, (Texts){items + 1, 2})),
                        "소주 and 누룩");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_joins_with_the_fitting_particle),
    };

    return cmocka_run_group_tests(tests, open_words, close_words);
}
