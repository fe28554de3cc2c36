/* One client, two ways: in this process and over HTTP the answers and the errors are equal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/settle.h"
#include "http/client.h"
#include "http/problem.h"
#include "http/server.h"
#include "service.h"

typedef struct Ways {
    Torture torture;
    Server *server;
    TortureClient near;
    TortureClient far;
} Ways;

static Err start(Ways *ways)
{
    ServerConfig config = server_config_default();
    char url[64];

    config.listen = "127.0.0.1:0";
    TRY(server_create(&config, &ways->server));
    TRY(server_mount(ways->server, &TORTURE_OPERATIONS, &ways->torture, false));
    TRY(server_start(ways->server));
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", server_port(ways->server));
    ways->near = (TortureClient){.service = &ways->torture};
    return http_client_create(&(HttpClientConfig){.base_url = url}, &ways->far.remote);
}

static int start_both_ways(void **state)
{
    static Ways ways;
    Err e = start(&ways);

    *state = &ways;
    assert_string_equal(e.message, "");
    return 0;
}

static int stop_both_ways(void **state)
{
    Ways *ways = *state;

    http_client_destroy(ways->far.remote);
    (void)server_drain(ways->server, 1000);
    server_destroy(ways->server);
    return 0;
}

static void assert_same_error(Err a, Err b)
{
    assert_int_equal(a.code, b.code);
    assert_string_equal(a.message, b.message);
    assert_string_equal(a.pointer, b.pointer);
    assert_int_equal(a.retry_after_s, b.retry_after_s);
}

static Call new_call(Arena *arena)
{
    arena_init(arena);
    return (Call){.arena = arena, .trace = trace_new()};
}

static void assert_find_same(Ways *ways, const TortureFindInput *in)
{
    AUTO_ARENA Arena arena = {0};
    Call call = new_call(&arena);
    Found near, far;
    Err a = torture_client_find(&ways->near, &call, in, &near);
    Err b = torture_client_find(&ways->far, &call, in, &far);

    assert_same_error(a, b);
    if (failed(&a))
        return;
    assert_string_equal(near.text.data, far.text.data);
    assert_int_equal(near.limit, far.limit);
    assert_true(near.has_limit && far.has_limit);
}

static void parameters_arrive_alike(void **state)
{
    Str tags[] = {STR("a&b=c"), STR("한 글"), STR("100%+")};
    int64_t numbers[] = {-5, 0, 12};
    TortureFindInput in = TORTURE_FIND_INPUT_DEFAULTS;

    in.id = STR("a/b?c#d é%2F");
    in.needed = STR("");
    assert_find_same(*state, &in);
    in.colour = COLOUR_DARK_GREEN;
    in.has_least = in.has_deep = in.deep = true;
    in.least = 1e-7;
    in.tag = (StrList){tags, 3};
    in.number = (IntegerList){numbers, 3};
    in.limit = 0;
    assert_find_same(*state, &in);
}

static void errors_are_the_same_errors(void **state)
{
    Str tags[] = {STR("a"), STR("a")};
    TortureFindInput in = TORTURE_FIND_INPUT_DEFAULTS;

    in.id = STR("missing");
    in.needed = STR("x");
    assert_find_same(*state, &in);
    in.id = STR("busy");
    assert_find_same(*state, &in);
    in.limit = 101;
    assert_find_same(*state, &in);
    in.limit = 1;
    in.tag = (StrList){tags, 2};
    assert_find_same(*state, &in);
    in.needed = (Str){0};
    assert_find_same(*state, &in);
}

/* Past the client's own checks: what the server says of a wrong request is what the check says of the struct. */
static void the_server_refuses_as_the_check_does(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Ways *ways = *state;
    Call call = new_call(&arena);
    Point point = {.x = 11, .y = 0, .label = STR("")};
    HttpRequest request = {.method = "PUT",
                           .target = STR("/torture/things/A0"),
                           .body = STR("{\"x\":11,\"y\":0,\"label\":\"\"}")};
    HttpReply reply;

    assert_int_equal(http_client_send(ways->far.remote, &arena, &call, &request, &reply).code, NO_ERROR);
    assert_int_equal(reply.status, 400);
    assert_same_error(problem_read(reply.status, reply.body), point_check(&point));
    request.target = STR("/torture/things/A0?node=1");
    assert_int_equal(http_client_send(ways->far.remote, &arena, &call, &request, &reply).code, NO_ERROR);
    Err e = problem_read(reply.status, reply.body);
    assert_string_equal(e.message, "node: unknown query parameter; did you mean note?");
    assert_string_equal(e.pointer, "/node");
}

static void bodies_and_parameters_arrive_alike(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Ways *ways = *state;
    Call call = new_call(&arena);
    TorturePutInput in = TORTURE_PUT_INPUT_DEFAULTS;
    Found near, far;

    in.id = STR("A0");
    in.note = STR("n & m");
    in.body.x = 0.1;
    assert_int_equal(torture_client_put(&ways->near, &call, &in, &near).code, NO_ERROR);
    assert_int_equal(torture_client_put(&ways->far, &call, &in, &far).code, NO_ERROR);
    assert_string_equal(near.text.data, "A0 (n & m) at 0.1, 0: here");
    assert_string_equal(far.text.data, near.text.data);
    in.body.x = 99;
    assert_same_error(torture_client_put(&ways->near, &call, &in, &near),
                      torture_client_put(&ways->far, &call, &in, &far));
}

static void a_body_may_be_left_out(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Ways *ways = *state;
    Call call = new_call(&arena);
    Point point = POINT_DEFAULTS;
    TortureTouchInput in = {.id = STR("A0")};
    Found near, far;

    assert_int_equal(torture_client_touch(&ways->near, &call, &in, &near).code, NO_ERROR);
    assert_int_equal(torture_client_touch(&ways->far, &call, &in, &far).code, NO_ERROR);
    assert_string_equal(near.text.data, "without");
    assert_string_equal(far.text.data, "without");
    in.body = &point;
    assert_int_equal(torture_client_touch(&ways->near, &call, &in, &near).code, NO_ERROR);
    assert_int_equal(torture_client_touch(&ways->far, &call, &in, &far).code, NO_ERROR);
    assert_string_equal(near.text.data, "with");
    assert_string_equal(far.text.data, "with");
}

static void no_body_and_no_answer_work_alike(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Ways *ways = *state;
    Call call = new_call(&arena);
    TortureRemoveInput in = {.id = STR("A0")};

    assert_int_equal(torture_client_remove(&ways->near, &call, &in).code, NO_ERROR);
    assert_int_equal(torture_client_remove(&ways->far, &call, &in).code, NO_ERROR);
    in.id = STR("A1");
    Err e = torture_client_remove(&ways->far, &call, &in);
    assert_int_equal(e.code, CONFLICT);
    assert_same_error(torture_client_remove(&ways->near, &call, &in), e);
}

static void everything_echoes_alike(void **state)
{
    static const char TEXT[] =
        "{\"texts\":{\"plain\":\"\\\"한\\\\\",\"needed_nullable\":null},\"lists\":{\"needed\":[1],\"rows\":[["
        "1,2]]},"
        "\"open\":{\"needed\":{\"a\":[1,{}]}},\"animal\":{\"kind\":\"cat\",\"lives\":1,\"friend\":{\"kind\":"
        "\"good-dog\",\"name\":\"a\"}},\"maps\":{\"counts\":{\"\":1}}}";
    AUTO_ARENA Arena arena = {0};
    AUTO_JSON json_t *json = NULL;
    Ways *ways = *state;
    Call call = new_call(&arena);
    Everything in, near, far;
    Buf a = {.arena = &arena}, b = {.arena = &arena};

    assert_int_equal(json_read(str_from(TEXT), &json).code, NO_ERROR);
    assert_int_equal(everything_decode(&arena, json, &in).code, NO_ERROR);
    assert_int_equal(torture_client_echo(&ways->near, &call, &in, &near).code, NO_ERROR);
    assert_int_equal(torture_client_echo(&ways->far, &call, &in, &far).code, NO_ERROR);
    everything_encode(&near, &a);
    everything_encode(&far, &b);
    assert_string_equal(buf_str(&a).data, buf_str(&b).data);
}

static void an_answer_that_breaks_the_contract_is_a_fault_not_an_answer(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Ways *ways = *state;
    Call call = new_call(&arena);
    Found out;
    Err near = torture_client_break(&ways->near, &call, &out);
    Err far = torture_client_break(&ways->far, &call, &out);

    assert_int_equal(near.code, INTERNAL);
    assert_string_equal(near.detail,
                        "breaks the contract at \"/text\": text: has 0 characters, at least 1 are needed");
    assert_int_equal(far.code, INTERNAL);
    assert_string_equal(far.message, near.message);
    assert_string_equal(far.detail, "");
}

static void the_trace_goes_on_and_the_span_is_new(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Ways *ways = *state;
    const TortureClient *clients[] = {&ways->near, &ways->far};
    TortureTouchInput in = {.id = STR("A0")};
    Found out;

    for (int i = 0; i < 2; i++) {
        Call call = new_call(&arena);
        assert_int_equal(torture_client_touch(clients[i], &call, &in, &out).code, NO_ERROR);
        assert_memory_equal(ways->torture.trace_id, call.trace.trace_id, sizeof call.trace.trace_id);
        assert_memory_not_equal(ways->torture.span_id, call.trace.span_id, sizeof call.trace.span_id);
        arena_finish(&arena);
    }
}

static void give_nothing(void *context, Err result)
{
    (void)context;
    (void)result;
}

/* Whoever calls another service may count on what it was told, near as far: nothing of it is put off. */
static void what_a_service_acknowledges_is_durable(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Ways *ways = *state;
    const TortureClient *clients[] = {&ways->near, &ways->far};
    TortureTouchInput in = {.id = STR("A0")};
    Call call = new_call(&arena);
    Settlement settlement;
    Found out;

    settlement_open(&settlement, give_nothing, NULL);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(torture_client_touch(clients[i], &call, &in, &out).code, NO_ERROR);
        assert_false(ways->torture.in_settlement);
    }
    assert_ptr_equal(settlement_of_thread(), &settlement);
    settlement_close(&settlement, OK);
}

static void a_service_that_is_gone_is_unavailable(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Call call = new_call(&arena);
    TortureClient client = {0};
    TortureRemoveInput in = {.id = STR("A0")};

    (void)state;
    /* Port 1 of the loopback address: reserved, nobody listens. */
    assert_int_equal(
        http_client_create(&(HttpClientConfig){.base_url = "http://127.0.0.1:1"}, &client.remote).code,
        NO_ERROR);
    Err e = torture_client_remove(&client, &call, &in);
    assert_int_equal(e.code, UNAVAILABLE);
    assert_int_equal(e.retry_after_s, 1);
    http_client_destroy(client.remote);
}

static void an_answer_beyond_the_limit_is_cut_off(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Ways *ways = *state;
    Call call = new_call(&arena);
    TortureClient client = {0};
    TortureTouchInput in = {.id = STR("A0")};
    Found out;
    char url[64];

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", server_port(ways->server));
    HttpClientConfig config = {.base_url = url, .max_body = 4};
    assert_int_equal(http_client_create(&config, &client.remote).code, NO_ERROR);
    Err e = torture_client_touch(&client, &call, &in, &out);
    assert_int_equal(e.code, INTERNAL);
    assert_string_equal(e.message, "a service answered with too much");
    http_client_destroy(client.remote);
}

static void an_address_that_is_no_url_is_refused(void **state)
{
    HttpClient *client = NULL;

    (void)state;
    assert_int_equal(http_client_create(&(HttpClientConfig){.base_url = "localhost:80"}, &client).code,
                     INVALID);
    assert_null(client);
}

static void events_are_checked_and_numbered(void **state)
{
    AUTO_ARENA Arena arena = {0};
    EventLog *log = event_log_create(4096);
    Point point = {.x = 1, .y = 2, .label = STR("a\nb")};
    uint64_t cursor = 0;
    Buf out;

    (void)state;
    arena_init(&arena);
    buf_init(&out, &arena, 256);
    assert_int_equal(torture_emit_point(log, &point).code, NO_ERROR);
    point.x = 11;
    assert_int_equal(torture_emit_point(log, &point).code, INTERNAL);
    event_log_close(log);
    (void)event_log_read(log, &cursor, 4096, &out);
    assert_non_null(
        strstr(buf_str(&out).data, "event: point\ndata: {\"x\":1,\"y\":2,\"label\":\"a\\nb\"}\n\n"));
    event_log_release(log);
}

/* --- tools: the same operations, as agents call them --- */

static const ToolSchema *tool_named(const char *name)
{
    for (size_t i = 0; i < TORTURE_TOOL_COUNT; i++)
        if (strcmp(TORTURE_TOOLS[i].name, name) == 0)
            return &TORTURE_TOOLS[i];
    fail_msg("%s is no tool", name);
    return NULL;
}

static Err use_tool(Arena *arena, const Ways *ways, bool near, const char *name, const char *arguments,
                    const char *given, Str *out)
{
    Call call = {.arena = arena, .trace = trace_new()};
    AUTO_JSON json_t *with = NULL, *from = NULL;
    Buf result;

    buf_init(&result, arena, 64);
    TRY(json_read(str_from(arguments), &with));
    TRY(json_read(str_from(given), &from));
    TRY(tool_named(name)->run(near ? &ways->near : &ways->far, &call, with, from, &result));
    *out = buf_str(&result);
    return OK;
}

static void an_agent_fills_in_the_body_and_is_given_the_rest(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const Ways *ways = *state;

    for (int near = 0; near < 2; near++) {
        Str told;
        Err e = use_tool(&arena, ways, near, "torture_put", "{\"x\": 1, \"y\": 2}",
                         "{\"id\": \"A1\", \"note\": \"hm\"}", &told);
        assert_string_equal(e.message, "");
        assert_non_null(memmem(told.data, told.len, "A1 (hm) at 1, 2:", 16));
    }
    assert_null(strstr(tool_named("torture_put")->parameters.data, "note"));
    assert_true(str_equal(tool_named("torture_put")->given[0], STR("id")));
}

static void an_agent_cant_choose_what_is_given(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const Ways *ways = *state;
    Str told;
    Err e = use_tool(&arena, ways, true, "torture_remove", "{\"id\": \"A1\"}", "{\"id\": \"A0\"}", &told);

    assert_int_equal(e.code, INVALID);
    assert_string_equal(e.pointer, "/id");
    e = use_tool(&arena, ways, true, "torture_remove", "{}", "{\"id\": \"A0\"}", &told);
    assert_string_equal(e.message, "");
}

static void arguments_of_an_agent_are_checked_like_a_request(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const Ways *ways = *state;
    Str told;
    Err e =
        use_tool(&arena, ways, true, "torture_put", "{\"x\": \"far\", \"y\": 2}", "{\"id\": \"A1\"}", &told);

    assert_int_equal(e.code, INVALID);
    assert_string_equal(e.pointer, "/x");
    e = use_tool(&arena, ways, false, "torture_remove", "{}", "{\"id\": \"B1\"}", &told);
    assert_int_equal(e.code, CONFLICT); /* the operation's own */
}

static void what_needs_approval_says_so(void **state)
{
    (void)state;
    assert_true(tool_named("torture_remove")->needs_approval);
    assert_false(tool_named("torture_put")->needs_approval);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_agent_fills_in_the_body_and_is_given_the_rest),
        cmocka_unit_test(an_agent_cant_choose_what_is_given),
        cmocka_unit_test(arguments_of_an_agent_are_checked_like_a_request),
        cmocka_unit_test(what_needs_approval_says_so),
        cmocka_unit_test(parameters_arrive_alike),
        cmocka_unit_test(errors_are_the_same_errors),
        cmocka_unit_test(the_server_refuses_as_the_check_does),
        cmocka_unit_test(bodies_and_parameters_arrive_alike),
        cmocka_unit_test(a_body_may_be_left_out),
        cmocka_unit_test(no_body_and_no_answer_work_alike),
        cmocka_unit_test(everything_echoes_alike),
        cmocka_unit_test(an_answer_that_breaks_the_contract_is_a_fault_not_an_answer),
        cmocka_unit_test(the_trace_goes_on_and_the_span_is_new),
        cmocka_unit_test(what_a_service_acknowledges_is_durable),
        cmocka_unit_test(a_service_that_is_gone_is_unavailable),
        cmocka_unit_test(an_answer_beyond_the_limit_is_cut_off),
        cmocka_unit_test(an_address_that_is_no_url_is_refused),
        cmocka_unit_test(events_are_checked_and_numbered),
    };

    return cmocka_run_group_tests(tests, start_both_ways, stop_both_ways);
}
