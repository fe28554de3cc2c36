#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/thread.h"

static void bytes_of_any_number_are_filled_and_differ(void **state)
{
    unsigned char a[1000] = {0};
    unsigned char b[1000] = {0};

    (void)state;
    for (size_t size = 16; size <= sizeof a; size += 41) {
        random_bytes(a, size);
        random_bytes(b, size);
        assert_memory_not_equal(a, b, size);
        assert_memory_not_equal(a + size - 8, "\0\0\0\0\0\0\0", 8);
    }
}

static void an_id_has_the_form_of_rfc_9562(void **state)
{
    AUTO_ARENA Arena arena = {0};
    ManualClock manual;

    (void)state;
    manual_clock_init(&manual, 0x017F22E279B0 * INT64_C(1000)); /* the example of RFC 9562, appendix A.6 */
    Str id = id_new(&arena, &manual.clock);
    assert_int_equal(id.len, 36);
    assert_true(str_starts(id, STR("017f22e2-79b0-7")));
    for (size_t i = 0; i < id.len; i++)
        assert_non_null(
            strchr(i == 8 || i == 13 || i == 18 || i == 23 ? "-" : "0123456789abcdef", id.data[i]));
    assert_non_null(strchr("89ab", id.data[19]));
}

static void ids_rise_even_when_the_clock_stands_still_or_falls(void **state)
{
    char before[ID_TEXT] = "";
    char now[ID_TEXT];
    ManualClock manual;

    (void)state;
    manual_clock_init(&manual, 1900000000000000);
    for (int i = 0; i < 10000; i++) {
        if (i % 1000 == 999)
            manual_clock_set_wall(&manual, 1900000000000000 - i);
        id_print(&manual.clock, now);
        assert_true(strcmp(before, now) < 0);
        memcpy(before, now, sizeof now);
    }
}

enum { THREADS = 4, IDS = 5000 };

static void *make_ids(void *ids)
{
    for (size_t i = 0; i < IDS; i++)
        id_print(clock_system(), ((char(*)[ID_TEXT])ids)[i]);
    return NULL;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void threads_never_make_the_same_id(void **state)
{
    static char ids[THREADS * IDS][ID_TEXT];
    pthread_t threads[THREADS];

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        threads[i] = thread_start("ids", make_ids, ids[i * IDS]);
    for (size_t i = 0; i < THREADS; i++)
        thread_join(threads[i]);
    qsort(ids, COUNT(ids), sizeof ids[0], compare_ids);
    /* The part that rises alone: different without its random end. */
    for (size_t i = 1; i < COUNT(ids); i++)
        assert_memory_not_equal(ids[i - 1], ids[i], 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_of_any_number_are_filled_and_differ),
        cmocka_unit_test(an_id_has_the_form_of_rfc_9562),
        cmocka_unit_test(ids_rise_even_when_the_clock_stands_still_or_falls),
        cmocka_unit_test(threads_never_make_the_same_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
