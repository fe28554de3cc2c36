/* Chunks that are read without building a tree, and those that are left to it. */
#include "check.h"

#include <string.h>

#include "llm/plain_chunk.h"

#define DELTA(delta) "{\"choices\":[{\"index\":0,\"delta\":" delta ",\"finish_reason\":null}]}"

static void check_content(const char *chunk, const char *wanted)
{
    Str content;

    assert_true(plain_chunk_read(str_from(chunk), &content));
    assert_true(str_equal(content, str_from(wanted)));
}

static void check_left(const char *chunk)
{
    Str content;

    if (plain_chunk_read(str_from(chunk), &content))
        fail_msg("taken for a plain one: %s", chunk);
}

static void what_servers_send_for_each_word_is_plain(void **state)
{
    (void)state;
    check_content(/* OpenAI */
                  "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1694268190,"
                  "\"model\":"
                  "\"gpt-4o-mini\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_44709d6fcb\","
                  "\"choices\":"
                  "[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"logprobs\":null,\"finish_reason\":null}]"
                  ","
                  "\"usage\":null,\"obfuscation\":\"n7\"}",
                  "Hello");
    check_content(/* Ollama */
                  "{\"id\":\"chatcmpl-2\",\"object\":\"chat.completion.chunk\",\"created\":1728622382,"
                  "\"model\":\"l\","
                  "\"system_fingerprint\":\"fp_ollama\",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
                  "\"assistant\","
                  "\"content\":\"막걸리\"},\"finish_reason\":null}]}",
                  "막걸리");
    check_content(/* vLLM */
                  "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                  "\"choices\":"
                  "[{\"index\":0,\"delta\":{\"content\":\" "
                  "is\",\"reasoning_content\":null},\"logprobs\":null,"
                  "\"finish_reason\":null,\"token_ids\":null}]}",
                  " is");
    check_content(/* llama.cpp */
                  "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"content\":\" a\"}}],"
                  "\"created\":1720000000,\"id\":\"c\",\"model\":\"m\",\"object\":\"chat.completion.chunk\"}",
                  " a");
    check_content(" { \"choices\" : [ { \"delta\" : { \"content\" : \"spaced\" } , \"index\" : 0 } ] }\r\n",
                  "spaced");
}

static void a_plain_chunk_may_say_nothing(void **state)
{
    (void)state;
    check_content(DELTA("{}"), "");
    check_content(DELTA("{\"content\":null}"), "");
    check_content(DELTA("{\"role\":\"assistant\",\"content\":\"\"}"), "");
    check_content("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}", "a");
}

static void what_says_more_is_left_to_the_tree(void **state)
{
    static const char *const MORE[] = {
        DELTA("{\"tool_calls\":[]}"),
        DELTA("{\"content\":\"a\",\"refusal\":\"no\"}"),
        DELTA("{\"content\":\"a\",\"reasoning_content\":\"b\"}"),
        DELTA("{\"content\":[\"a\"]}"),
        DELTA("{\"content\":\"a\\n\"}"),
        DELTA("{\"content\":\"\\u0041\"}"),
        DELTA("{\"audio\":null}"),
        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
        "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"a\"}}]}",
        "{\"choices\":[{\"index\":0.5,\"delta\":{\"content\":\"a\"}}]}",
        "{\"choices\":[{\"index\":00,\"delta\":{\"content\":\"a\"}}]}",
        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"a\"}}]}",
        "{\"choices\":[{\"index\":0,\"message\":null,\"delta\":{\"content\":\"a\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}},{\"delta\":{\"content\":\"b\"}}]}",
        "{\"choices\":[]}",
        "{\"choices\":[{}]}",
        "{\"usage\":null}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":1}}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"error\":null}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof MORE / sizeof *MORE; i++)
        check_left(MORE[i]);
}

static void what_is_no_json_is_left_to_be_refused(void **state)
{
    static const char *const WRONG[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]} {}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\",}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"a}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\tb\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\xff\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"\xed\xa0\x80\"}}]}", /* a surrogate */
        "{\"choices\":[{\"delta\":{\"content\":nul}}]}",
        "{\"choices\":[{\"delta\":{\"content\":nullx}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\",\"content\":\"b\"}}]}",
        "{\"created\":01,\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
        "{\"created\":,\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
        "{\"created\":12345678901234567890,\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
        "{\"created\":1a,\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
    };
    Str content;

    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        check_left(WRONG[i]);
    assert_false(plain_chunk_read((Str){"{\"choices\":[{\"delta\":{}}]}\0", 27}, &content));
    assert_false(plain_chunk_read((Str){0}, &content));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_servers_send_for_each_word_is_plain),
        cmocka_unit_test(a_plain_chunk_may_say_nothing),
        cmocka_unit_test(what_says_more_is_left_to_the_tree),
        cmocka_unit_test(what_is_no_json_is_left_to_be_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
