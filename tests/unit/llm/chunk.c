/* Answers put together from their chunks, as the servers that there are send them. */
#include "check.h"

#include <string.h>

#include "llm/chunk.h"

typedef struct Heard {
    Arena arena;
    Buf text;
    LlmAnswer answer;
    size_t pieces;
} Heard;

static Err hear(void *context, Str piece)
{
    Heard *heard = context;

    buf_put(&heard->text, piece);
    heard->pieces++;
    return OK;
}

/* Chunks up to a NULL, then the end. */
static Err put_together(Heard *heard, const char *const *chunks)
{
    LlmSink sink = {heard, hear};
    Assembly assembly;

    *heard = (Heard){0};
    arena_init(&heard->arena);
    buf_init(&heard->text, &heard->arena, 64);
    assembly_init(&assembly, &heard->arena, &sink);
    for (; *chunks != NULL; chunks++)
        TRY(assembly_take(&assembly, str_from(*chunks)));
    return assembly_end(&assembly, &heard->answer);
}

#define HEAR(heard, ...) put_together(heard, (const char *const[]){__VA_ARGS__, NULL})

#define STOP "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"
#define SAID(text) "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"},\"finish_reason\":null}]}"
#define CALLED(calls) \
    "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" calls "]},\"finish_reason\":null}]}"

static void check_said(Heard *heard, const char *wanted)
{
    assert_string_equal(buf_str(&heard->text).data, wanted);
    arena_finish(&heard->arena);
}

static void check_call(const Heard *heard, size_t i, const char *id, const char *name, const char *arguments)
{
    const LlmToolCall *call = &heard->answer.calls[i];

    assert_true(i < heard->answer.call_count);
    assert_true(str_equal(call->id, str_from(id)));
    assert_true(str_equal(call->name, str_from(name)));
    assert_true(str_equal(call->arguments, str_from(arguments)));
}

static void text_is_passed_on_as_it_comes(void **state)
{
    Heard heard;

    (void)state;
    check_ok(HEAR(&heard, "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
                  SAID("막걸"), SAID("리"), STOP));
    assert_int_equal(heard.pieces, 2);
    assert_true(heard.answer.finish == LLM_STOPPED && heard.answer.call_count == 0);
    check_said(&heard, "막걸리");
}

static void usage_may_come_last_without_choices(void **state)
{
    Heard heard;

    (void)state;
    check_ok(
        HEAR(&heard, SAID("a"), STOP,
             "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11,"
             "\"prompt_tokens_details\":{\"cached_tokens\":4}}}"));
    assert_true(heard.answer.usage.input == 9 && heard.answer.usage.cached == 4 &&
                heard.answer.usage.output == 2);
    check_said(&heard, "a");
}

static void calls_are_joined_from_their_fragments(void **state)
{
    Heard heard;

    (void)state;
    check_ok(HEAR(&heard,
                  CALLED("{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                         "\"arguments\":\"\"}}"),
                  CALLED("{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\"\"}}"),
                  CALLED("{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}"),
                  CALLED("{\"index\":0,\"function\":{\"arguments\":\":1}\"}}"),
                  "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}"));
    assert_int_equal(heard.answer.call_count, 2);
    check_call(&heard, 0, "a", "f", "{\"x\":1}");
    check_call(&heard, 1, "b", "g", "{}");
    check_said(&heard, "");
}

static void calls_that_share_an_index_are_told_apart_by_their_ids(void **state)
{
    Heard heard;

    (void)state;
    check_ok(HEAR(
        &heard,
        CALLED("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}"),
        CALLED("{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":2}\"}}"),
        STOP));
    assert_int_equal(heard.answer.call_count, 2);
    check_call(&heard, 0, "a", "f", "{\"x\":1}");
    check_call(&heard, 1, "b", "f", "{\"x\":2}");
    check_said(&heard, "");
}

static void calls_without_index_and_id_are_told_apart_by_their_names(void **state)
{
    Heard heard;

    (void)state;
    check_ok(HEAR(&heard, CALLED("{\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}"),
                  CALLED("{\"function\":{\"name\":\"f\",\"arguments\":{\"x\":2}}}"), STOP));
    assert_int_equal(heard.answer.call_count, 2);
    check_call(&heard, 0, "call_0", "f", "{\"x\":1}");
    check_call(&heard, 1, "call_1", "f", "{\"x\":2}");
    check_said(&heard, "");
}

static void a_name_that_comes_again_is_one_name(void **state)
{
    Heard heard;

    (void)state;
    check_ok(
        HEAR(&heard,
             CALLED("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":\"}}"),
             CALLED("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"1}\"}}"), STOP));
    assert_int_equal(heard.answer.call_count, 1);
    check_call(&heard, 0, "a", "f", "{\"x\":1}");
    check_said(&heard, "");
}

static void a_function_call_of_old_is_a_call(void **state)
{
    Heard heard;

    (void)state;
    check_ok(HEAR(&heard,
                  "{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"{\"}}}]}",
                  "{\"choices\":[{\"delta\":{\"function_call\":{\"arguments\":\"}\"}}}]}",
                  "{\"choices\":[{\"delta\":{},\"finish_reason\":\"function_call\"}]}"));
    assert_int_equal(heard.answer.call_count, 1);
    check_call(&heard, 0, "call_0", "f", "{}");
    check_said(&heard, "");
}

static void a_whole_completion_will_do(void **state)
{
    Heard heard;

    (void)state;
    check_ok(
        HEAR(&heard,
             "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
             "\"content\":\"a\"},\"finish_reason\":\"length\"}]}"));
    assert_true(heard.answer.finish == LLM_TOO_LONG);
    check_said(&heard, "a");
}

static void reasoning_is_left_out(void **state)
{
    Heard heard;

    (void)state;
    check_ok(HEAR(
        &heard,
        "{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\",\"reasoning\":\"hm\",\"content\":null}}]}",
        SAID("a"), STOP));
    check_said(&heard, "a");
    check_ok(HEAR(&heard, SAID("\\n<th"), SAID("ink>so <b> what</thi"), SAID("nk>\\n\\nThe ans"), SAID("wer"),
                  STOP));
    check_said(&heard, "The answer");
    check_ok(HEAR(&heard, SAID("<think>never ends"), SAID(" at all"),
                  CALLED("{\"function\":{\"name\":\"f\"}}"), STOP));
    check_said(&heard, "");
    check_ok(HEAR(&heard, SAID("<"), SAID("3 you <think>"), STOP));
    check_said(&heard, "<3 you <think>");
    check_ok(HEAR(&heard, SAID("<th"), STOP));
    check_said(&heard, "<th");
}

static void an_answer_that_does_not_end_was_broken_off(void **state)
{
    Heard heard;

    (void)state;
    check_err(HEAR(&heard, SAID("a")), UNAVAILABLE, "broke off");
    check_said(&heard, "a");
    check_err(HEAR(&heard, STOP), UNAVAILABLE, "said nothing");
    check_said(&heard, "");
}

/* What can't be read is what was being said to somebody. */
static void words_that_can_not_be_read_are_in_no_log(void **state)
{
    Heard heard;
    Err e = HEAR(&heard, "{\"choices\":[{\"delta\":{\"content\":\"secret");

    (void)state;
    check_err(e, INTERNAL, "can't be read");
    assert_string_equal(e.detail, "a chunk of 39 bytes");
    check_said(&heard, "");
}

static void what_is_no_chunk_is_refused(void **state)
{
    static const char *const WRONG[] = {
        "nonsense", "", "[]", "12", "{\"choices\":[{\"delta\":{\"content\":\"a", "{\"a\":1,\"a\":2}"};
    Heard heard;

    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        check_err(HEAR(&heard, WRONG[i]), INTERNAL, "can't be read");
        check_said(&heard, "");
    }
    check_err(HEAR(&heard, "{\"error\":{\"message\":\"out of memory\"}}"), UNAVAILABLE, "broke off");
    check_said(&heard, "");
    check_err(HEAR(&heard, "{\"choices\":{\"a\":1},\"usage\":[]}"), UNAVAILABLE,
              "broke off"); /* odd, but harmless */
    check_said(&heard, "");
}

static void too_much_is_refused(void **state)
{
    static char chunk[LLM_TEXT_MAX + 128];
    char calls[LLM_CALLS_MAX + 2][128];
    const char *all[LLM_CALLS_MAX + 3] = {0};
    Heard heard;

    (void)state;
    (void)snprintf(chunk, sizeof chunk, "{\"choices\":[{\"delta\":{\"content\":\"%0*d\"}}]}",
                   LLM_TEXT_MAX + 1, 0);
    check_err(HEAR(&heard, chunk), INTERNAL, "longer than 65536 bytes");
    check_said(&heard, "");
    (void)snprintf(chunk, sizeof chunk, CALLED("{\"function\":{\"name\":\"f\",\"arguments\":\"%0*d\"}}"),
                   LLM_ARGUMENTS_MAX + 1, 0);
    check_err(HEAR(&heard, chunk), INTERNAL, "longer than 16384 bytes");
    check_said(&heard, "");
    for (int i = 0; i <= LLM_CALLS_MAX; i++) {
        (void)snprintf(calls[i], sizeof calls[i], CALLED("{\"index\":%d,\"function\":{\"name\":\"f\"}}"), i);
        all[i] = calls[i];
    }
    check_err(put_together(&heard, all), INTERNAL, "more than 16 tools");
    check_said(&heard, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_passed_on_as_it_comes),
        cmocka_unit_test(usage_may_come_last_without_choices),
        cmocka_unit_test(calls_are_joined_from_their_fragments),
        cmocka_unit_test(calls_that_share_an_index_are_told_apart_by_their_ids),
        cmocka_unit_test(calls_without_index_and_id_are_told_apart_by_their_names),
        cmocka_unit_test(a_name_that_comes_again_is_one_name),
        cmocka_unit_test(a_function_call_of_old_is_a_call),
        cmocka_unit_test(a_whole_completion_will_do),
        cmocka_unit_test(reasoning_is_left_out),
        cmocka_unit_test(an_answer_that_does_not_end_was_broken_off),
        cmocka_unit_test(what_is_no_chunk_is_refused),
        cmocka_unit_test(words_that_can_not_be_read_are_in_no_log),
        cmocka_unit_test(too_much_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
