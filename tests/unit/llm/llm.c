/* Calls of a language model against a server of ours that says what a script tells it to. */
#include "check.h"

#include <string.h>

#include "base/thread.h"
#include "http/server.h"
#include "llm/llm.h"

enum { STEPS_MAX = 16 };

/* One answer of the server; the last is given again and again. */
typedef struct Step {
    int status;
    const char *body;
    const char *retry_after;
} Step;

typedef struct Script {
    Server *server;
    char url[64];
    const Step *steps;
    size_t step_count;
    size_t asked;
    char body[4096]; /* of the last request */
    char auth[64];
} Script;

typedef struct Heard {
    Arena arena;
    Call call;
    Buf text;
    LlmAnswer answer;
} Heard;

#define CHUNK(text) "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}}]}\n\n"
#define END "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define USAGE                                                                                                \
    "data: "                                                                                                 \
    "{\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":100,\"prompt_tokens_details\":" \
    "{\"cached_tokens\":400}}}\n\n"
#define DONE "data: [DONE]\n\n"

static const Step GOOD = {200, CHUNK("Hel") CHUNK("lo") END USAGE DONE, NULL};

static Err answer(void *context, Exchange *exchange)
{
    Script *script = context;
    size_t at = script->asked < script->step_count ? script->asked : script->step_count - 1;
    const Step *step = &script->steps[at];

    script->asked++;
    (void)snprintf(script->body, sizeof script->body, "%.*s", STR_ARG(exchange->input.body));
    (void)snprintf(script->auth, sizeof script->auth, "%.*s",
                   STR_ARG(exchange_header(exchange, STR("authorization"))));
    if (step->retry_after != NULL)
        exchange_put_header(exchange, "Retry-After", step->retry_after);
    exchange_reply(exchange, step->status, step->status == 200 ? "text/event-stream" : "application/json",
                   str_from(step->body));
    return OK;
}

static Err list_models(void *context, Exchange *exchange)
{
    (void)context;
    exchange_reply(exchange, 200, "application/json",
                   STR("{\"data\":[{\"id\":\"qwen3:latest\"},{\"id\":\"gemma\"}]}"));
    return OK;
}

static int open_server(void **state)
{
    static Script script;
    ServerConfig config = server_config_default();

    memset(&script, 0, sizeof script);
    config.listen = "127.0.0.1:0";
    check_ok(server_create(&config, &script.server));
    check_ok(server_route(script.server, &(Route){.method = "POST",
                                                  .path = "/v1/chat/completions",
                                                  .body_limit = 1 << 20,
                                                  .handle = answer,
                                                  .context = &script}));
    check_ok(
        server_route(script.server, &(Route){.method = "GET", .path = "/v1/models", .handle = list_models}));
    check_ok(server_start(script.server));
    (void)snprintf(script.url, sizeof script.url, "http://127.0.0.1:%d/v1/", server_port(script.server));
    *state = &script;
    return 0;
}

static int close_server(void **state)
{
    Script *script = *state;

    (void)server_drain(script->server, 1000);
    server_destroy(script->server);
    return 0;
}

static void play(Script *script, const Step *steps, size_t count)
{
    script->steps = steps;
    script->step_count = count;
    script->asked = 0;
}
#define PLAY(script, ...)                                     \
    do {                                                      \
        static const Step steps_[] = {__VA_ARGS__};           \
        play(script, steps_, sizeof steps_ / sizeof *steps_); \
    } while (0)

static LlmConfig config_of(const Script *script)
{
    LlmConfig config = llm_config_default();

    config.base_url = script->url;
    config.model = "qwen3";
    config.key = "secret";
    config.prices = (LlmPrices){2000000, 500000, 8000000};
    return config;
}

static Llm *open_llm(const Script *script)
{
    LlmConfig config = config_of(script);
    Llm *llm;

    check_ok(llm_create(&config, &llm));
    return llm;
}

static Err hear(void *context, Str piece)
{
    buf_put(context, piece);
    return OK;
}

static Err ask(Llm *llm, Heard *heard)
{
    static const LlmMessage MESSAGES[] = {{.role = LLM_SYSTEM, .content = STR("Be brief.")},
                                          {.role = LLM_USER, .content = STR("안녕")}};
    static const LlmTool TOOLS[] = {{STR("find"), STR("Finds."), STR("{\"type\":\"object\"}")}};
    const LlmRequest request = {
        .messages = MESSAGES, .message_count = 2, .tools = TOOLS, .tool_count = 1, .cache_key = STR("k")};
    LlmSink sink = {&heard->text, hear};

    *heard = (Heard){0};
    arena_init(&heard->arena);
    heard->call = (Call){.arena = &heard->arena, .trace = trace_new()};
    buf_init(&heard->text, &heard->arena, 64);
    return llm_stream(llm, &heard->call, &request, &sink, &heard->answer);
}

static void check_heard(Heard *heard, const char *text, int tries)
{
    assert_string_equal(buf_str(&heard->text).data, text);
    assert_int_equal(heard->answer.tries, tries);
    arena_finish(&heard->arena);
}

static void an_answer_comes_with_its_usage_and_cost(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Script *script = *state;
    Llm *llm = open_llm(script);
    Heard heard;
    Buf metrics;

    play(script, &GOOD, 1);
    check_ok(ask(llm, &heard));
    assert_true(heard.answer.usage.input == 1000 && heard.answer.usage.cached == 400 &&
                heard.answer.usage.output == 100);
    check_heard(&heard, "Hello", 1);
    buf_init(&metrics, &arena, 4096);
    metrics_write(llm_metrics(llm), &metrics);
    assert_non_null(strstr(buf_str(&metrics).data, "nerdx_llm_tokens_total{type=\"cached\"} 400"));
    assert_non_null(
        strstr(metrics.data, "nerdx_llm_cost_total 0.0022\n")); /* 600 * 2 + 400 * .5 + 100 * 8 millionths */
    llm_destroy(llm);
}

static void a_request_is_written_as_servers_read_it(void **state)
{
    Script *script = *state;
    Llm *llm = open_llm(script);
    Heard heard;

    play(script, &GOOD, 1);
    check_ok(ask(llm, &heard));
    assert_string_equal(script->auth, "Bearer secret");
    assert_string_equal(
        script->body,
        "{\"model\":\"qwen3\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"find\","
        "\"description\":"
        "\"Finds.\",\"parameters\":{\"type\":\"object\"}}}],\"messages\":[{\"role\":\"system\",\"content\":"
        "\"Be brief.\"},{\"role\":\"user\",\"content\":\"안녕\"}],\"stream\":true,\"stream_options\":"
        "{\"include_usage\":true},\"temperature\":0.7,\"max_tokens\":800,\"prompt_cache_key\":\"k\"}");
    check_heard(&heard, "Hello", 1);
    llm_destroy(llm);
}

static void a_message_in_parts_is_sent_as_one(void **state)
{
    static const Str PARTS[] = {STR("Be \"brief\"."), STR("\n")};
    static const LlmMessage MESSAGE = {
        .role = LLM_SYSTEM, .content = STR("안녕"), .parts = PARTS, .part_count = 2};
    const LlmRequest request = {.messages = &MESSAGE, .message_count = 1};
    Script *script = *state;
    Llm *llm = open_llm(script);
    Heard heard = {.call = {.trace = trace_new()}};
    LlmSink sink = {&heard.text, hear};

    arena_init(&heard.arena);
    heard.call.arena = &heard.arena;
    buf_init(&heard.text, &heard.arena, 64);
    play(script, &GOOD, 1);
    check_ok(llm_stream(llm, &heard.call, &request, &sink, &heard.answer));
    assert_non_null(strstr(script->body, "\"content\":\"Be \\\"brief\\\".\\n안녕\"}"));
    check_heard(&heard, "Hello", 1);
    llm_destroy(llm);
}

static void what_passes_is_tried_again_within_the_budget(void **state)
{
    Script *script = *state;
    Llm *llm = open_llm(script);
    Heard heard;

    PLAY(script, {500, "{}", NULL}, {429, "{}", "1"}, {200, CHUNK("Hi") END, NULL});
    check_ok(ask(llm, &heard));
    check_heard(&heard, "Hi", 3);
    PLAY(script, {503, "{}", NULL});
    check_err(ask(llm, &heard), UNAVAILABLE, "can't answer for now");
    check_heard(&heard, "", 3);
    llm_destroy(llm);
}

static void what_does_not_pass_is_not_tried_again(void **state)
{
    Script *script = *state;
    Llm *llm = open_llm(script);
    Heard heard;

    PLAY(script, {401, "{\"error\":{\"message\":\"Incorrect API key\"}}", NULL});
    check_err(ask(llm, &heard), FORBIDDEN, "key");
    check_heard(&heard, "", 1);
    PLAY(script, {400, "{\"error\":\"bad\"}", NULL});
    check_err(ask(llm, &heard), INTERNAL, "refused the request");
    check_heard(&heard, "", 1);
    PLAY(script, {200, "<html>hello</html>", NULL});
    check_err(ask(llm, &heard), INTERNAL, "can't be read");
    check_heard(&heard, "", 1);
    llm_destroy(llm);
}

static void check_detail(Llm *llm, const char *wanted)
{
    Heard heard;
    Err e = ask(llm, &heard);

    check_err(e, INTERNAL, "refused the request");
    assert_string_equal(e.detail, wanted);
    check_heard(&heard, "", 1);
}

/* Servers repeat in their refusals what they were asked. */
static void a_refusal_is_logged_by_its_name_and_not_its_words(void **state)
{
    Script *script = *state;
    Llm *llm = open_llm(script);

    PLAY(script,
         {400, "{\"error\":{\"message\":\"a secret\",\"type\":\"bad\",\"code\":\"too_long\"}}", NULL});
    check_detail(llm, "status 400: too_long");
    PLAY(script, {400, "{\"error\":{\"message\":\"a secret\",\"type\":\"bad_request\",\"code\":400}}", NULL});
    check_detail(llm, "status 400: bad_request");
    PLAY(script, {400, "{\"error\":{\"code\":\"a secret\"}}", NULL});
    check_detail(llm, "status 400: 29 bytes");
    PLAY(script, {400, "{\"error\":\"secret\"}", NULL});
    check_detail(llm, "status 400: 18 bytes");
    PLAY(script, {400, "secret", NULL});
    check_detail(llm, "status 400: 6 bytes");
    llm_destroy(llm);
}

static void an_answer_that_breaks_off_is_not_tried_again(void **state)
{
    Script *script = *state;
    Llm *llm = open_llm(script);
    Heard heard;

    PLAY(script, {200, CHUNK("Hel"), NULL});
    check_err(ask(llm, &heard), UNAVAILABLE, "broke off; send the message again");
    assert_true(heard.answer.began);
    check_heard(&heard, "Hel", 1);
    PLAY(script, {200, CHUNK("Hel") "data: {\"choi\n\n", NULL});
    check_err(ask(llm, &heard), INTERNAL, "can't be read");
    check_heard(&heard, "Hel", 1);
    llm_destroy(llm);
}

static void a_server_that_wants_rest_gets_it_from_everybody(void **state)
{
    Script *script = *state;
    Llm *llm = open_llm(script);
    Heard heard;

    PLAY(script, {429, "{}", "30"});
    check_err(ask(llm, &heard), LIMITED, "too much");
    check_heard(&heard, "", 1);
    check_err(ask(llm, &heard), LIMITED, "too much");
    check_heard(&heard, "", 0);
    assert_int_equal(script->asked, 1);
    llm_destroy(llm);
}

static void an_extra_that_a_server_refuses_is_left_out_from_then_on(void **state)
{
    Script *script = *state;
    Llm *llm = open_llm(script);
    Heard heard;

    PLAY(script,
         {400, "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens'\",\"param\":\"max_tokens\"}}",
          NULL},
         {400, "{\"error\":{\"message\":\"Unsupported value: 'temperature'\"}}", NULL},
         {400, "{\"error\":{\"message\":\"model does not support tools\"}}", NULL},
         {200, CHUNK("Hi") END, NULL});
    check_ok(ask(llm, &heard));
    assert_int_equal(script->asked, 4);
    assert_non_null(strstr(script->body, "\"max_completion_tokens\":800"));
    assert_null(strstr(script->body, "temperature"));
    assert_null(strstr(script->body, "tools"));
    check_heard(&heard, "Hi", 1);
    check_ok(ask(llm, &heard));
    assert_int_equal(script->asked, 5);
    check_heard(&heard, "Hi", 1);
    llm_destroy(llm);
}

static void a_server_that_is_not_there_is_left_alone_after_a_while(void **state)
{
    Script *script = *state;
    LlmConfig config = config_of(script);
    Heard heard;
    Llm *llm;

    config.base_url = "http://127.0.0.1:1/v1";
    config.retries = 0;
    check_ok(llm_create(&config, &llm));
    for (int tries = 0; tries < 4; tries++) {
        check_err(ask(llm, &heard), UNAVAILABLE, "can't be reached");
        check_heard(&heard, "", 1);
    }
    check_err(ask(llm, &heard), UNAVAILABLE, "can't be reached");
    check_heard(&heard, "", 0);
    llm_destroy(llm);
}

static void checking_says_whether_the_model_is_there(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Script *script = *state;
    LlmConfig config = config_of(script);
    Llm *llm = open_llm(script);
    Str report;

    check_ok(llm_check(llm, &arena, &report));
    assert_true(str_equal(report, STR("answers, and has qwen3")));
    llm_destroy(llm);
    config.model = "gpt";
    check_ok(llm_create(&config, &llm));
    check_err(llm_check(llm, &arena, &report), NOT_FOUND, "has no model gpt; it has qwen3:latest, gemma");
    llm_destroy(llm);
    config.model = NULL;
    check_err(llm_create(&config, &llm), INVALID, "llm_model");
}

#define server_test(f) cmocka_unit_test_setup_teardown(f, open_server, close_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        server_test(an_answer_comes_with_its_usage_and_cost),
        server_test(a_request_is_written_as_servers_read_it),
        server_test(a_message_in_parts_is_sent_as_one),
        server_test(what_passes_is_tried_again_within_the_budget),
        server_test(what_does_not_pass_is_not_tried_again),
        server_test(a_refusal_is_logged_by_its_name_and_not_its_words),
        server_test(an_answer_that_breaks_off_is_not_tried_again),
        server_test(a_server_that_wants_rest_gets_it_from_everybody),
        server_test(an_extra_that_a_server_refuses_is_left_out_from_then_on),
        server_test(a_server_that_is_not_there_is_left_alone_after_a_while),
        server_test(checking_says_whether_the_model_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
