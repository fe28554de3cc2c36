/* Quads decide only what isn't there: whatever a text has is never ruled out by them. */
#include "services/agents/quads.h"

#include "check.h"

static const char *const SAID[] = {
    "Rice, water and nuruk are all it takes, and patience is what makes them sing.",
    "산골에서는 항아리를 열기 전에 먼저 귀를 기울인다고 해요. 누룩은 밀로 빚어요.",
    "abc",
    "",
};

static Quads quads_of_all(void)
{
    Quads quads = {0};

    for (size_t i = 0; i < COUNT(SAID); i++)
        quads_add(&quads, str_from(SAID[i]));
    return quads;
}

static void every_part_of_what_was_said_may_be_there(void **state)
{
    const Quads quads = quads_of_all();

    (void)state;
    for (size_t i = 0; i < COUNT(SAID); i++) {
        Str said = str_from(SAID[i]);
        for (size_t from = 0; from <= said.len; from++)
            for (size_t to = from; to <= said.len; to++)
                if (!quads_may_have(&quads, str_slice(said, from, to)))
                    fail_msg("\"%.*s\" is in \"%s\"", (int)(to - from), said.data + from, SAID[i]);
    }
}

static void most_of_what_was_not_said_is_ruled_out(void **state)
{
    const Quads quads = quads_of_all();

    (void)state;
    assert_false(quads_may_have(&quads, STR("In the mountain villages a jar must be listened to.")));
    assert_false(quads_may_have(&quads, STR("누룩은 쌀로 빚어요. 물도 맑아야 해요.")));
    assert_false(quads_may_have(
        &quads, STR("Rice, water and nuruk are all it takes, and luck is what makes them stay.")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_of_what_was_said_may_be_there),
        cmocka_unit_test(most_of_what_was_not_said_is_ruled_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
