/* Answers that are kept: for the version they were given at, and within their room. */
#include "check.h"

#include <string.h>

#include "services/world/answers.h"

static Str found(Answers *answers, Arena *arena, const char *question, int64_t version)
{
    return answers_find(answers, arena, str_from(question), version);
}

static void an_answer_is_found_at_its_version_only(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Answers *answers = answers_create();

    (void)state;
    arena_init(&arena);
    assert_null(found(answers, &arena, "a 20", 7).data);
    answers_keep(answers, STR("a 20"), 7, STR("{\"id\":\"a\"}"));
    check_text(found(answers, &arena, "a 20", 7), "{\"id\":\"a\"}");
    assert_null(found(answers, &arena, "a 20", 8).data);
    assert_null(found(answers, &arena, "a 21", 7).data);
    answers_keep(answers, STR("a 20"), 8, STR("{}"));
    check_text(found(answers, &arena, "a 20", 8), "{}");
    assert_null(found(answers, &arena, "a 20", 7).data);
    answers_destroy(answers);
}

static void what_is_too_large_is_not_kept(void **state)
{
    static char large[ANSWER_MAX_BYTES + 1];
    AUTO_ARENA Arena arena = {0};
    Answers *answers = answers_create();

    (void)state;
    arena_init(&arena);
    memset(large, 'x', sizeof large);
    answers_keep(answers, STR("a"), 1, (Str){large, sizeof large});
    assert_null(found(answers, &arena, "a", 1).data);
    answers_keep(answers, STR("a"), 1, (Str){large, sizeof large - 1});
    assert_int_equal(found(answers, &arena, "a", 1).len, ANSWER_MAX_BYTES);
    answers_destroy(answers);
}

/* Far more questions than places: whatever is found is the right one. */
static void answers_of_other_questions_are_never_given(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Answers *answers = answers_create();
    size_t kept = 0;

    (void)state;
    arena_init(&arena);
    for (int i = 0; i < 3 * ANSWERS_PLACES; i++) {
        Str text = str_format(&arena, "question %d", i);
        answers_keep(answers, text, 1, text);
    }
    for (int i = 0; i < 3 * ANSWERS_PLACES; i++) {
        Str text = str_format(&arena, "question %d", i);
        Str answer = answers_find(answers, &arena, text, 1);
        kept += answer.data != NULL;
        assert_true(answer.data == NULL || str_equal(answer, text));
    }
    assert_in_range(kept, ANSWERS_PLACES / 2, ANSWERS_PLACES);
    answers_destroy(answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_found_at_its_version_only),
        cmocka_unit_test(what_is_too_large_is_not_kept),
        cmocka_unit_test(answers_of_other_questions_are_never_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
