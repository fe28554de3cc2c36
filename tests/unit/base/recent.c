#include "check.h"

#include "base/recent.h"

enum { PLACES = 512, MANY = 3 * PLACES };

static Fingerprint print_of(const Recent *recent, const int *text)
{
    return recent_print(recent, (Str){(const char *)text, sizeof *text});
}

static void what_is_kept_is_bounded_and_none_is_another_ones(void **state)
{
    Recent *recent = recent_create(PLACES, sizeof(int));
    size_t known = 0;
    int value;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        assert_false(recent_find(recent, print_of(recent, &i), &value));
        recent_keep(recent, print_of(recent, &i), &i);
        assert_true(recent_find(recent, print_of(recent, &i), &value) && value == i);
    }
    for (int i = 0; i < MANY; i++)
        if (recent_find(recent, print_of(recent, &i), &value)) {
            assert_int_equal(value, i);
            known++;
        }
    assert_in_range(known, 1, PLACES);
    recent_destroy(recent);
}

static void what_is_not_known_changes_nothing(void **state)
{
    Recent *recent = recent_create(PLACES, sizeof(int));
    int value = 7, text = 1;

    (void)state;
    assert_false(recent_find(recent, print_of(recent, &text), &value));
    assert_int_equal(value, 7);
    recent_destroy(recent);
    recent_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_bounded_and_none_is_another_ones),
        cmocka_unit_test(what_is_not_known_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
