/* What logs call a consumer. */
#include "check.h"

#include <pthread.h>
#include <string.h>

#include "gateway/pseudonym.h"

enum { THREADS = 8, ROUNDS = 2000 };
static const int64_t MIDNIGHT_US = INT64_C(1764201600000000); /* 2025-11-27T00:00:00Z */
static const int64_t DAY_US = INT64_C(86400000000);

typedef struct Name {
    char text[PSEUDONYM_TEXT];
} Name;

static Name name_at(Pseudonyms *pseudonyms, int64_t now_us, const char *consumer)
{
    Name name;

    pseudonym_print(pseudonyms, now_us, str_from(consumer), name.text);
    return name;
}

static void a_consumer_has_one_name_all_day_and_nobody_else_has_it(void **state)
{
    Pseudonyms *pseudonyms = pseudonyms_create();
    Name ann = name_at(pseudonyms, MIDNIGHT_US, "user:ann");

    (void)state;
    assert_int_equal(strlen(ann.text), PSEUDONYM_TEXT - 1);
    assert_int_equal(strspn(ann.text, "0123456789abcdef"), PSEUDONYM_TEXT - 1);
    assert_string_equal(name_at(pseudonyms, MIDNIGHT_US + DAY_US - 1, "user:ann").text, ann.text);
    assert_string_not_equal(name_at(pseudonyms, MIDNIGHT_US, "key:ann").text, ann.text);
    assert_string_not_equal(name_at(pseudonyms, MIDNIGHT_US, "user:anna").text, ann.text);
    assert_string_not_equal(name_at(pseudonyms, MIDNIGHT_US, "").text, ann.text);
    pseudonyms_destroy(pseudonyms);
}

static void another_day_or_process_gives_another_name_and_no_day_comes_back(void **state)
{
    Pseudonyms *pseudonyms = pseudonyms_create(), *elsewhere = pseudonyms_create();
    Name before = name_at(pseudonyms, MIDNIGHT_US - 1, "203.0.113.7");
    Name after = name_at(pseudonyms, MIDNIGHT_US, "203.0.113.7");
    Name again = name_at(pseudonyms, MIDNIGHT_US - 1, "203.0.113.7");

    (void)state;
    assert_string_not_equal(before.text, after.text);
    assert_string_not_equal(before.text, again.text);
    assert_string_not_equal(name_at(elsewhere, MIDNIGHT_US, "203.0.113.7").text, after.text);
    pseudonyms_destroy(pseudonyms);
    pseudonyms_destroy(elsewhere);
}

typedef struct Naming {
    pthread_t thread;
    Pseudonyms *pseudonyms;
    Name name;
} Naming;

static void *name_often(void *context)
{
    Naming *naming = context;

    for (int i = 0; i < ROUNDS; i++)
        naming->name = name_at(naming->pseudonyms, MIDNIGHT_US, "user:ann");
    return NULL;
}

static void threads_agree_on_a_name_as_a_day_begins(void **state)
{
    Pseudonyms *pseudonyms = pseudonyms_create();
    Naming namings[THREADS];

    (void)state;
    (void)name_at(pseudonyms, MIDNIGHT_US - 1, "user:ann");
    for (size_t i = 0; i < THREADS; i++) {
        namings[i].pseudonyms = pseudonyms;
        assert_int_equal(pthread_create(&namings[i].thread, NULL, name_often, &namings[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(namings[i].thread, NULL), 0);
        assert_string_equal(namings[i].name.text, name_at(pseudonyms, MIDNIGHT_US, "user:ann").text);
    }
    pseudonyms_destroy(pseudonyms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_consumer_has_one_name_all_day_and_nobody_else_has_it),
        cmocka_unit_test(another_day_or_process_gives_another_name_and_no_day_comes_back),
        cmocka_unit_test(threads_agree_on_a_name_as_a_day_begins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
