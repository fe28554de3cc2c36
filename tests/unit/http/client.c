/* The client against a server of ours: what http_client_send itself promises. */
#include "check.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gate.h"

static void no_more_requests_are_under_way_than_allowed(void **state)
{
    Gate *gate = *state;
    Call impatient = {.trace = trace_new(), .deadline_us = clock_monotonic_us(clock_system()) + 50000};
    HttpClient *client;

    check_ok(http_client_create(&(HttpClientConfig){.base_url = gate->url, .max_open = 1}, &client));
    pthread_t first = thread_start("first", get_held, client);
    wait_until_inside(gate, 1);
    check_err(get(client, &impatient, "/hold"), UNAVAILABLE, "too much to do");
    pthread_t second = thread_start("second", get_held, client); /* comes in when the first has gone */
    let_go(gate);
    thread_join(first);
    thread_join(second);
    assert_int_equal(gate->inside, 2);
    http_client_destroy(client);
}

/* --- answers that are streamed --- */

enum { STREAMS = 20 };

static size_t count_threads(void)
{
    size_t count = 0;
    DIR *tasks = opendir("/proc/self/task");

    if (tasks == NULL)
        return 0;
    while (readdir(tasks) != NULL)
        count++;
    (void)closedir(tasks);
    return count;
}

static void one_thread_waits_for_all_answers_that_are_streamed(void **state)
{
    enum { A_MINUTE_US = 60000000 };
    AUTO_ARENA Arena arena = {0};
    Gate *gate = *state;
    Follower followers[STREAMS];
    size_t before = count_threads();
    HttpClient *client;
    HttpReply reply;

    check_ok(http_client_create(&(HttpClientConfig){.base_url = gate->url}, &client));
    for (size_t i = 0; i < STREAMS; i++)
        check_ok(follow(client, gate, &arena, A_MINUTE_US, &followers[i]));
    wait_until_inside(gate, STREAMS);
    assert_int_equal(count_threads(), before + 1);
    let_go(gate);
    for (size_t i = 0; i < STREAMS; i++) {
        check_ok(read_to_end(&followers[i], &reply));
        assert_int_equal(reply.status, 200);
        assert_int_equal(followers[i].bytes, 2);
    }
    http_client_destroy(client);
}

static void a_stream_waits_for_its_turn_as_long_as_its_reader_says(void **state)
{
    enum { A_MINUTE_US = 60000000, SOON_US = 50000 };
    AUTO_ARENA Arena arena = {0};
    Gate *gate = *state;
    Follower first, second, third;
    HttpClient *client;
    HttpReply reply;

    check_ok(http_client_create(&(HttpClientConfig){.base_url = gate->url, .max_open = 1, .max_waiting = 1},
                                &client));
    check_ok(follow(client, gate, &arena, A_MINUTE_US, &first));
    wait_until_inside(gate, 1);
    check_ok(follow(client, gate, &arena, SOON_US, &second));
    check_err(read_to_end(&second, &reply), UNAVAILABLE, "too much to do");
    check_ok(follow(client, gate, &arena, A_MINUTE_US, &second));
    check_err(follow(client, gate, &arena, A_MINUTE_US, &third), UNAVAILABLE, "too many wait");
    let_go(gate);
    check_ok(read_to_end(&first, &reply));
    check_ok(read_to_end(&second, &reply));
    http_client_destroy(client);
}

/* --- bodies that are written when they are sent --- */

static const char LETTER[] = "{\"said\": \"a body that is written when it is sent\"}";

typedef struct Writing {
    int count;
} Writing;

static Str write_letter(void *context, Arena *arena)
{
    Writing *writing = context;

    writing->count++;
    return str_copy(arena, str_from(LETTER));
}

/* A server that hears a second request on a connection and hangs up instead of answering, as one does whose time for idle
 * connections is just over. */
typedef struct Forgetful {
    int socket;
    char heard[512]; /* what came last */
} Forgetful;

static void hear(Forgetful *server, int connection)
{
    size_t len = 0;

    memset(server->heard, 0, sizeof server->heard);
    while (strstr(server->heard, LETTER) == NULL && len < sizeof server->heard - 1) {
        ssize_t got = recv(connection, server->heard + len, sizeof server->heard - 1 - len, 0);
        assert_true(got > 0);
        len += (size_t)got;
    }
}

static void answer(int connection)
{
    static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    assert_int_equal(send(connection, ANSWER, sizeof ANSWER - 1, 0), sizeof ANSWER - 1);
}

static void *be_forgetful(void *context)
{
    Forgetful *server = context;
    int first = accept(server->socket, NULL, NULL);
    int second = -1;

    if (first >= 0) {
        hear(server, first);
        answer(first);
        hear(server, first);
        (void)close(first);
        second = accept(server->socket, NULL, NULL);
    }
    if (second >= 0) {
        hear(server, second);
        answer(second);
        (void)close(second);
    }
    return NULL;
}

static void listen_anywhere(Forgetful *server, char url[64])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;

    server->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (server->socket < 0) {
        fail_msg("there is no socket");
        return;
    }
    assert_int_equal(bind(server->socket, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server->socket, 1), 0);
    assert_int_equal(getsockname(server->socket, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(url, 64, "http://127.0.0.1:%d", ntohs(address.sin_port));
}

static void post_letter(HttpClient *client, Gate *gate, Writing *writing)
{
    enum { A_MINUTE_US = 60000000 };
    AUTO_ARENA Arena arena = {0};
    HttpRequest request = {.method = "POST", .target = STR("/"), .writer = {write_letter, writing}};
    Follower follower = {.gate = gate, .until_us = clock_monotonic_us(clock_system()) + A_MINUTE_US};
    HttpReply reply;

    follower.reader = (HttpReader){&follower, take_bytes, follows_until, NULL};
    check_ok(http_client_open(client, &arena, NULL, &request, &follower.reader, 0,
                              (HttpTold){tell, &follower}, &follower.stream));
    check_ok(read_to_end(&follower, &reply));
    assert_int_equal(reply.status, 200);
}

static void a_body_is_written_again_when_its_connection_is_found_dead(void **state)
{
    Forgetful server = {0};
    Writing writing = {0};
    HttpClient *client;
    char url[64];

    listen_anywhere(&server, url);
    pthread_t thread = thread_start("forgetful", be_forgetful, &server);
    check_ok(http_client_create(&(HttpClientConfig){.base_url = url}, &client));
    post_letter(client, *state, &writing);
    post_letter(client, *state, &writing);
    thread_join(thread);
    assert_int_equal(writing.count, 3);
    assert_non_null(strstr(server.heard, LETTER));
    http_client_destroy(client);
    (void)close(server.socket);
}

static void bodies_that_cannot_be_sent_yet_do_not_pile_up(void **state)
{
    enum { MANY = 200, SOON_US = 100000 };
    AUTO_ARENA Arena arena = {0};
    static Follower followers[MANY];
    Forgetful server = {0}; /* which takes nobody in */
    Writing writing = {0};
    HttpRequest request = {.method = "POST", .target = STR("/"), .writer = {write_letter, &writing}};
    int64_t until_us =
        clock_monotonic_us(clock_system()) + SOON_US; /* all at once: none makes room for another */
    HttpClient *client;
    char url[64];

    listen_anywhere(&server, url);
    check_ok(http_client_create(&(HttpClientConfig){.base_url = url}, &client));
    for (size_t i = 0; i < MANY; i++) {
        followers[i] = (Follower){.gate = *state, .until_us = until_us};
        followers[i].reader = (HttpReader){&followers[i], take_bytes, follows_until, NULL};
        check_ok(http_client_open(client, &arena, NULL, &request, &followers[i].reader, 0,
                                  (HttpTold){tell, &followers[i]}, &followers[i].stream));
    }
    for (size_t i = 0; i < MANY; i++) {
        HttpReply reply;
        Err e = read_to_end(&followers[i], &reply);
        assert_true(failed(&e));
    }
    http_client_destroy(client);
    assert_true(writing.count < MANY);
    (void)close(server.socket);
}

/* --- answers that are whole before their server ends them --- */

static const char WHOLE[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n";

/* Says all it has to, and leaves the connection to the other side. */
static void *never_end(void *context)
{
    const Forgetful *server = context;
    int connection = accept(server->socket, NULL, NULL);
    char rest[512];

    if (connection < 0)
        return NULL;
    assert_true(recv(connection, rest, sizeof rest, 0) > 0);
    assert_int_equal(send(connection, WHOLE, sizeof WHOLE - 1, 0), sizeof WHOLE - 1);
    while (recv(connection, rest, sizeof rest, 0) > 0)
        continue;
    (void)close(connection);
    return NULL;
}

static bool has_whole(void *context)
{
    const Follower *follower = context;

    return follower->bytes == strlen("whole");
}

/* However late the machine lets its words come. */
static int64_t soon_once_it_is_whole(void *context)
{
    enum { A_MINUTE_US = 60000000 };
    const Follower *follower = context;

    return follower->until_us + (has_whole(context) ? 0 : A_MINUTE_US);
}

/* Reads what never ends for a while longer than all its server says. */
static Err read_endless(Gate *gate, bool (*is_whole)(void *context), HttpReply *reply)
{
    enum { SOON_US = 50000 };
    AUTO_ARENA Arena arena = {0};
    Forgetful server = {0};
    HttpRequest request = {.method = "GET", .target = STR("/")};
    Follower follower = {.gate = gate, .until_us = clock_monotonic_us(clock_system()) + SOON_US};
    HttpClient *client;
    char url[64];

    listen_anywhere(&server, url);
    pthread_t thread = thread_start("endless", never_end, &server);
    check_ok(http_client_create(&(HttpClientConfig){.base_url = url}, &client));
    follower.reader = (HttpReader){&follower, take_bytes, soon_once_it_is_whole, is_whole};
    check_ok(http_client_open(client, &arena, NULL, &request, &follower.reader, 0,
                              (HttpTold){tell, &follower}, &follower.stream));
    Err e = read_to_end(&follower, reply);
    thread_join(thread); /* while the client lives: the connection is gone */
    http_client_destroy(client);
    (void)close(server.socket);
    return e;
}

static void what_is_whole_is_a_success_and_lets_its_connection_go(void **state)
{
    HttpReply reply;

    check_ok(read_endless(*state, has_whole, &reply));
    assert_int_equal(reply.status, 200);
}

static void a_stream_whose_reader_gives_up_is_over(void **state)
{
    HttpReply reply;

    check_err(read_endless(*state, NULL, &reply), TIMED_OUT, "took too long");
}

static void further_headers_are_sent_along(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Gate *gate = *state;
    const char *const headers[] = {"X-Other: 1", "X-Mode: READ", NULL};
    HttpRequest request = {.method = "GET", .target = STR("/header"), .headers = headers};
    HttpClient *client;
    HttpReply reply;

    check_ok(http_client_create(&(HttpClientConfig){.base_url = gate->url}, &client));
    check_ok(http_client_send(client, &arena, NULL, &request, &reply));
    assert_int_equal(reply.status, 200);
    assert_string_equal(gate->seen, "READ");
    http_client_destroy(client);
}

static void a_server_that_is_not_there_is_unavailable(void **state)
{
    HttpClient *client;

    (void)state;
    check_ok(http_client_create(&(HttpClientConfig){.base_url = "http://127.0.0.1:1"}, &client));
    check_err(get(client, NULL, "/"), UNAVAILABLE, "reached");
    http_client_destroy(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        gate_test(no_more_requests_are_under_way_than_allowed),
        gate_test(one_thread_waits_for_all_answers_that_are_streamed),
        gate_test(a_stream_waits_for_its_turn_as_long_as_its_reader_says),
        gate_test(a_body_is_written_again_when_its_connection_is_found_dead),
        gate_test(bodies_that_cannot_be_sent_yet_do_not_pile_up),
        gate_test(what_is_whole_is_a_success_and_lets_its_connection_go),
        gate_test(a_stream_whose_reader_gives_up_is_over),
        gate_test(further_headers_are_sent_along),
        gate_test(a_server_that_is_not_there_is_unavailable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
