#include "check.h"

#include "base/near.h"

static const char *const NAMES[] = {"serve", "chat", "query", "doctor", "version", "worker_threads"};

static void a_slip_of_the_finger_is_understood(void **state)
{
    static const char *const SLIPS[][2] = {{"sevre", "serve"},
                                           {"serv", "serve"},
                                           {"caht", "chat"},
                                           {"hcta", "chat"},
                                           {"querry", "query"},
                                           {"docter", "doctor"},
                                           {"versoin", "version"},
                                           {"worker_thread", "worker_threads"},
                                           {"workers_threads", "worker_threads"}};

    (void)state;
    for (size_t i = 0; i < COUNT(SLIPS); i++)
        assert_string_equal(near_miss(str_from(SLIPS[i][0]), NAMES, COUNT(NAMES)), SLIPS[i][1]);
}

static void a_different_word_is_not_twisted_into_one(void **state)
{
    static const char *const OTHERS[] = {"", "x", "recommend", "token",
                                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

    (void)state;
    for (size_t i = 0; i < COUNT(OTHERS); i++)
        assert_null(near_miss(str_from(OTHERS[i]), NAMES, COUNT(NAMES)));
    assert_null(near_miss(STR("serve"), NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_of_the_finger_is_understood),
        cmocka_unit_test(a_different_word_is_not_twisted_into_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
