#include "check.h"

#include "services/world/review/answer.h"

/* What came, a line each: the object, or ! and what can't be read. */
typedef struct Heard {
    Arena arena;
    Buf text;
    size_t count;
} Heard;

static Err take(void *context, Str text, json_t *object, const Err *why)
{
    Heard *heard = context;

    heard->count++;
    if (object == NULL)
        buf_format(&heard->text, "!%.*s|", STR_ARG(text));
    else
        json_put_value(&heard->text, object);
    assert_true((object == NULL) == (why != NULL));
    buf_put_char(&heard->text, '\n');
    return OK;
}

static void check_answer(const char *answer, const char *expected)
{
    Heard heard = {0};
    const AnswerReader reader = {&heard, take};

    heard.text.arena = &heard.arena;
    buf_put(&heard.text, STR(""));
    check_ok(answer_read(str_from(answer), &reader));
    check_text(buf_str(&heard.text), expected);
    arena_finish(&heard.arena);
}

static void objects_are_found_one_a_line_in_a_list_in_a_fence_and_between_words(void **state)
{
    (void)state;
    check_answer("{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}\n{\"b\":2}\n");
    check_answer("[{\"a\":1}, {\"b\":{\"c\":[]}}]", "{\"a\":1}\n{\"b\":{\"c\":[]}}\n");
    check_answer("Here you are:\n```json\n{\n  \"a\": \"}\\\"{\"\n}\n```\nAnything else?",
                 "{\"a\":\"}\\\"{\"}\n");
    check_answer("{\"facts\": [{\"a\":1}, {\"b\":2}]}", "{\"a\":1}\n{\"b\":2}\n");
}

static void that_there_is_nothing_may_be_said_in_many_ways(void **state)
{
    static const char *const nothing[] = {"", "NONE", "{}", "[]", "[{}]", "{\"facts\":[]}", "없습니다."};

    (void)state;
    for (size_t i = 0; i < COUNT(nothing); i++)
        check_answer(nothing[i], "");
}

static void what_is_whole_of_an_answer_that_was_cut_off_is_taken(void **state)
{
    (void)state;
    check_answer("{\"a\":1}\n{\"b\":\"tw", "{\"a\":1}\n!{\"b\":\"tw|\n");
    check_answer("{\"facts\":[{\"a\":1},{\"b\":2},{\"c\"", "{\"a\":1}\n{\"b\":2}\n!{\"c\"|\n");
    check_answer("{\"a\":1\n{\"b\":2}\n", "!{\"a\":1|\n{\"b\":2}\n");
}

static void what_is_no_json_is_handed_on_with_the_reason(void **state)
{
    (void)state;
    check_answer("{'a': 1}\n{\"b\":2}", "!{'a': 1}|\n{\"b\":2}\n");
    check_answer("{\"a\":1,\"a\":2}", "!{\"a\":1,\"a\":2}|\n");
    check_answer("{\"facts\":[7,\"x\"]}", "7\n\"x\"\n");
}

static void no_more_is_read_than_anybody_would_check(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf many = {.arena = &arena};
    Heard heard = {0};
    const AnswerReader reader = {&heard, take};

    (void)state;
    heard.text.arena = &heard.arena;
    for (size_t i = 0; i < 10000; i++)
        buf_put(&many, i % 2 == 0 ? STR("{\"a\":1}\n") : STR("{\n"));
    check_ok(answer_read(buf_str(&many), &reader));
    assert_int_equal(heard.count, ANSWER_MAX_FACTS);
    arena_finish(&heard.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_found_one_a_line_in_a_list_in_a_fence_and_between_words),
        cmocka_unit_test(that_there_is_nothing_may_be_said_in_many_ways),
        cmocka_unit_test(what_is_whole_of_an_answer_that_was_cut_off_is_taken),
        cmocka_unit_test(what_is_no_json_is_handed_on_with_the_reason),
        cmocka_unit_test(no_more_is_read_than_anybody_would_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
