/* What is counted of those who are called. */
#include "gate.h"

#include "base/metrics.h"
#include "http/client_watch.h"

static bool is_counted(const char *line)
{
    AUTO_ARENA Arena arena = {0};
    Buf text = {.arena = &arena};

    metrics_write_all(NULL, 0, METRIC_TEXT, &text);
    buf_put_char(&text, '\0');
    return strstr(text.data, line) != NULL;
}

static void assert_counted(const char *line)
{
    if (!is_counted(line))
        fail_msg("%s isn't counted", line);
}

static void each_request_of_a_client_with_a_name_is_counted_by_what_came_of_it(void **state)
{
    Gate *gate = *state;
    Call impatient = {.trace = trace_new(), .deadline_us = clock_monotonic_us(clock_system()) + 50000};
    HttpClientConfig config = {.name = "gate", .base_url = gate->url, .max_open = 1};
    HttpClient *client;

    check_ok(http_client_create(&config, &client));
    check_ok(get(client, NULL, "/header"));
    check_ok(get(client, NULL, "/nowhere"));
    pthread_t first = thread_start("first", get_held, client);
    wait_until_inside(gate, 1);
    check_err(get(client, &impatient, "/hold"), UNAVAILABLE, "too much to do");
    bool is_active = is_counted("nerdx_client_requests_active{client=\"gate\"} 1\n");
    bool is_limited = is_counted("nerdx_client_request_limit{client=\"gate\"} 1\n");
    let_go(gate); /* before anything may fail: nothing ends while one is held */
    thread_join(first);
    assert_true(is_active && is_limited);
    http_client_leave_alone(client);
    http_client_destroy(client);
    assert_counted("nerdx_client_requests_total{outcome=\"ok\",client=\"gate\"} 2\n");
    assert_counted("nerdx_client_requests_total{outcome=\"4xx\",client=\"gate\"} 1\n");
    assert_counted("nerdx_client_requests_total{outcome=\"no_room\",client=\"gate\"} 1\n");
    assert_counted("nerdx_client_requests_total{outcome=\"left_alone\",client=\"gate\"} 1\n");
    assert_counted("nerdx_client_request_seconds_count{client=\"gate\"} 3\n"); /* those that were sent */
    assert_counted("nerdx_client_requests_active{client=\"gate\"} 0\n");
    assert_counted("nerdx_client_requests_waiting{client=\"gate\"} 0\n");
    assert_counted("nerdx_client_request_limit{client=\"gate\"} 0\n");
}

static void what_a_client_counted_outlives_it(void **state)
{
    HttpClientConfig config = {.name = "once_4", .base_url = "http://127.0.0.1:1"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        HttpClient *client;
        check_ok(http_client_create(&config, &client));
        check_err(get(client, NULL, "/"), UNAVAILABLE, "reached");
        http_client_destroy(client);
    }
    assert_counted("nerdx_client_requests_total{outcome=\"unreached\",client=\"once_4\"} 2\n");
}

static void streams_are_counted_when_they_are_over(void **state)
{
    enum { A_MINUTE_US = 60000000, SOON_US = 50000 };
    AUTO_ARENA Arena arena = {0};
    Gate *gate = *state;
    HttpClientConfig config = {.name = "streams", .base_url = gate->url, .max_open = 1, .max_waiting = 1};
    Follower first, second, third;
    HttpClient *client;
    HttpReply reply;

    check_ok(http_client_create(&config, &client));
    check_ok(follow(client, gate, &arena, A_MINUTE_US, &first));
    wait_until_inside(gate, 1);
    check_ok(follow(client, gate, &arena, SOON_US, &second));
    check_err(read_to_end(&second, &reply), UNAVAILABLE, "too much to do");
    check_ok(follow(client, gate, &arena, A_MINUTE_US, &second));
    bool is_active = is_counted("nerdx_client_requests_active{client=\"streams\"} 1\n");
    bool is_waiting = is_counted("nerdx_client_requests_waiting{client=\"streams\"} 1\n");
    check_err(follow(client, gate, &arena, A_MINUTE_US, &third), UNAVAILABLE, "too many wait");
    let_go(gate);
    check_ok(read_to_end(&first, &reply));
    check_ok(read_to_end(&second, &reply));
    assert_true(is_active && is_waiting);
    assert_counted("nerdx_client_requests_total{outcome=\"no_room\",client=\"streams\"} 2\n");
    assert_counted("nerdx_client_requests_total{outcome=\"ok\",client=\"streams\"} 2\n");
    assert_counted("nerdx_client_requests_active{client=\"streams\"} 0\n");
    assert_counted("nerdx_client_requests_waiting{client=\"streams\"} 0\n");
    http_client_destroy(client);
}

static void what_curl_says_is_told_apart(void **state)
{
    (void)state;
    assert_int_equal(client_outcome_of(CURLE_OK, 204), CLIENT_OK);
    assert_int_equal(client_outcome_of(CURLE_OK, 302), CLIENT_3XX);
    assert_int_equal(client_outcome_of(CURLE_OK, 429), CLIENT_4XX);
    assert_int_equal(client_outcome_of(CURLE_OK, 599), CLIENT_5XX);
    assert_int_equal(client_outcome_of(CURLE_OK, 999), CLIENT_CUT);
    assert_int_equal(client_outcome_of(CURLE_COULDNT_RESOLVE_HOST, 0), CLIENT_UNREACHED);
    assert_int_equal(client_outcome_of(CURLE_PEER_FAILED_VERIFICATION, 0), CLIENT_UNREACHED);
    assert_int_equal(client_outcome_of(CURLE_PARTIAL_FILE, 200), CLIENT_CUT);
    assert_int_equal(client_outcome_of(CURLE_GOT_NOTHING, 0), CLIENT_CUT);
    assert_int_equal(client_outcome_of(CURLE_WRITE_ERROR, 200), CLIENT_TOO_LARGE);
    assert_int_equal(client_outcome_of(CURLE_OPERATION_TIMEDOUT, 200), CLIENT_TIMED_OUT);
    assert_int_equal(client_outcome_of(CURLE_ABORTED_BY_CALLBACK, 200), CLIENT_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        gate_test(each_request_of_a_client_with_a_name_is_counted_by_what_came_of_it),
        gate_test(what_a_client_counted_outlives_it),
        gate_test(streams_are_counted_when_they_are_over),
        cmocka_unit_test(what_curl_says_is_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
