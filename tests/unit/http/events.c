#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

#include "http/events.h"

static void events_are_numbered_and_written_as_sse(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};
    uint64_t cursor = 0;
    EventLog *log = event_log_create(1000);

    (void)state;
    check_ok(event_log_append(log, STR("meta"), STR("{\"a\":1}")));
    check_ok(event_log_append(log, STR("delta"), STR("2")));
    assert_true(event_log_read(log, &cursor, 1000, &out));
    check_text(buf_str(&out), "id: 1\nevent: meta\ndata: {\"a\":1}\n\nid: 2\nevent: delta\ndata: 2\n\n");
    assert_int_equal(cursor, 2);
    assert_true(event_log_read(log, &cursor, 1000, &out)); /* nothing new, but not over */
    event_log_close(log);
    assert_false(event_log_read(log, &cursor, 1000, &out));
    event_log_release(log);
}

static void a_reader_takes_about_as_much_as_it_wants(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};
    uint64_t cursor = 0;
    EventLog *log = event_log_create(100000);

    (void)state;
    for (int i = 0; i < 100; i++)
        check_ok(event_log_append(log, STR("delta"), STR("\"0123456789\"")));
    event_log_close(log);
    assert_true(event_log_read(log, &cursor, 100, &out));
    assert_in_range(cursor, 1, 4);
    while (event_log_read(log, &cursor, 100, &out))
        ;
    assert_int_equal(cursor, 100);
    event_log_release(log);
}

static void count_call(void *context)
{
    int *calls = context;

    *calls += 1;
}

static void readers_are_told_once_of_what_a_log_takes_over(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};
    uint64_t taken = 1, cursor = 0;
    int calls = 0;
    EventLog *from = event_log_create(1000), *log = event_log_create(1000);

    (void)state;
    for (int i = 0; i < 3; i++)
        check_ok(event_log_append(from, STR("delta"), STR("1")));
    event_log_watch(log, count_call, &calls);
    check_ok(event_log_take_over(log, from, &taken, false));
    assert_int_equal(calls, 1);
    assert_int_equal(taken, 3);
    check_ok(event_log_take_over(log, from, &taken, false)); /* nothing new */
    assert_int_equal(calls, 1);
    check_ok(event_log_append(from, STR("done"), STR("2")));
    check_ok(event_log_take_over(log, from, &taken, true));
    assert_int_equal(calls, 2);
    assert_false(event_log_read(log, &cursor, 1000, &out));
    check_text(
        buf_str(&out),
        "id: 1\nevent: delta\ndata: 1\n\nid: 2\nevent: delta\ndata: 1\n\nid: 3\nevent: done\ndata: 2\n\n");
    event_log_unwatch(log, &calls);
    event_log_release(log);
    event_log_release(from);
}

static void a_cursor_beyond_the_end_reads_nothing(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};
    uint64_t cursor = 99;
    EventLog *log = event_log_create(1000);

    (void)state;
    check_ok(event_log_append(log, STR("a"), STR("1")));
    assert_true(event_log_read(log, &cursor, 1000, &out));
    event_log_close(log);
    assert_false(event_log_read(log, &cursor, 1000, &out));
    assert_int_equal(out.len, 0);
    event_log_release(log);
}

static void who_gives_a_log_away_knows_what_it_ends_with_and_whether_anybody_holds_it(void **state)
{
    EventLog *log = event_log_create(1000);

    (void)state;
    assert_false(event_log_ends_with(log, STR("1")));
    check_ok(event_log_append(log, STR("meta"), STR("1")));
    check_ok(event_log_append(log, STR("meta"), STR("2")));
    assert_false(event_log_ends_with(log, STR("1")));
    assert_true(event_log_ends_with(log, STR("2")));
    assert_false(event_log_is_shared(log));
    EventLog *other = event_log_retain(log);
    assert_true(event_log_is_shared(log));
    event_log_release(other);
    assert_false(event_log_is_shared(log));
    event_log_release(log);
}

static void a_log_is_bounded_and_ends_once(void **state)
{
    EventLog *log = event_log_create(10);

    (void)state;
    check_ok(event_log_append(log, STR("12345"), STR("1234")));
    check_err(event_log_append(log, STR("1"), STR("1")), LIMITED, "10 bytes");
    check_ok(event_log_append(log, STR("1"), STR("")));
    event_log_close(log);
    event_log_close(log);
    check_err(event_log_append(log, STR(""), STR("")), CONFLICT, "closed");
    event_log_release(log);
}

static void an_event_cannot_bring_lines_of_its_own(void **state)
{
    EventLog *log = event_log_create(1000);

    (void)state;
    check_err(event_log_append(log, STR("a\nid: 9"), STR("1")), INVALID, "one line");
    check_err(event_log_append(log, STR("a"), STR("1\n\nevent: b")), INVALID, "one line");
    check_err(event_log_append(log, STR("a"), STR("1\revent: b")), INVALID, "one line");
    event_log_release(log);
}

static void a_log_survives_as_json(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf first = {.arena = &arena};
    Buf second = {.arena = &arena};
    EventLog *log = event_log_create(1000);
    EventLog *again = NULL;
    uint64_t cursor = 0;

    (void)state;
    check_ok(event_log_append(log, STR("delta"), STR("{\"text\":\"막걸리 \\\"\\n\"}")));
    check_ok(event_log_append(log, STR("done"), STR("null")));
    Json text = event_log_to_json(log, &arena);
    check_text(text, "[{\"id\":1,\"event\":\"delta\",\"data\":{\"text\":\"막걸리 \\\"\\n\"}},"
                     "{\"id\":2,\"event\":\"done\",\"data\":null}]");
    check_ok(event_log_from_json(text, &again));
    (void)event_log_read(log, &cursor, 1000, &first);
    cursor = 0;
    assert_false(event_log_read(again, &cursor, 1000, &second)); /* a stored log is a finished one */
    check_text(buf_str(&first), buf_str(&second).data);
    event_log_release(again);
    event_log_release(log);
}

static void json_that_is_no_log_is_refused(void **state)
{
    static const char *const BAD[] = {"{}",
                                      "[1]",
                                      "[{\"id\":2,\"event\":\"a\",\"data\":1}]",
                                      "[{\"id\":1,\"data\":1}]",
                                      "[{\"id\":1,\"event\":\"a\"}]",
                                      "[{\"id\":1,\"event\":\"a\\n\",\"data\":1}]",
                                      "["};
    EventLog *log = NULL;

    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++)
        check_err(event_log_from_json(str_from(BAD[i]), &log), INVALID, "");
    assert_null(log);
}

enum { PRODUCED = 20000, READERS = 4, PRODUCERS = 2 };

typedef struct Follower {
    EventLog *log;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool news;
    uint64_t cursor;
    size_t seen;
} Follower;

static void note_news(void *context)
{
    Follower *follower = context;

    pthread_mutex_lock(&follower->lock);
    follower->news = true;
    pthread_cond_signal(&follower->changed);
    pthread_mutex_unlock(&follower->lock);
}

static void wait_for_news(Follower *follower)
{
    pthread_mutex_lock(&follower->lock);
    while (!follower->news)
        pthread_cond_wait(&follower->changed, &follower->lock);
    follower->news = false;
    pthread_mutex_unlock(&follower->lock);
}

static void *follow(void *context)
{
    Follower *follower = context;
    bool more = true;

    event_log_watch(follower->log, note_news, follower);
    while (more) {
        AUTO_ARENA Arena arena = {0};
        Buf out = {.arena = &arena};
        uint64_t before = follower->cursor;
        more = event_log_read(follower->log, &follower->cursor, 4096, &out);
        follower->seen += follower->cursor - before;
        if (more && follower->cursor == before)
            wait_for_news(follower);
    }
    event_log_unwatch(follower->log, follower);
    event_log_release(follower->log);
    return NULL;
}

static void *produce(void *context)
{
    for (int i = 0; i < PRODUCED; i++)
        (void)event_log_append(context, STR("delta"), STR("\"x\""));
    return NULL;
}

static void every_reader_sees_every_event_while_others_append(void **state)
{
    EventLog *log = event_log_create(1 << 24);
    Follower followers[READERS];
    pthread_t readers[READERS];
    pthread_t producers[PRODUCERS];

    (void)state;
    for (size_t i = 0; i < READERS; i++) {
        followers[i] = (Follower){.log = event_log_retain(log),
                                  .lock = PTHREAD_MUTEX_INITIALIZER,
                                  .changed = PTHREAD_COND_INITIALIZER};
        assert_int_equal(pthread_create(&readers[i], NULL, follow, &followers[i]), 0);
    }
    for (size_t i = 0; i < PRODUCERS; i++)
        assert_int_equal(pthread_create(&producers[i], NULL, produce, log), 0);
    for (size_t i = 0; i < PRODUCERS; i++)
        pthread_join(producers[i], NULL);
    event_log_close(log);
    event_log_release(log); /* the readers hold their own */
    for (size_t i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
        assert_int_equal(followers[i].seen, PRODUCED * PRODUCERS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_numbered_and_written_as_sse),
        cmocka_unit_test(a_reader_takes_about_as_much_as_it_wants),
        cmocka_unit_test(readers_are_told_once_of_what_a_log_takes_over),
        cmocka_unit_test(a_cursor_beyond_the_end_reads_nothing),
        cmocka_unit_test(a_log_is_bounded_and_ends_once),
        cmocka_unit_test(who_gives_a_log_away_knows_what_it_ends_with_and_whether_anybody_holds_it),
        cmocka_unit_test(an_event_cannot_bring_lines_of_its_own),
        cmocka_unit_test(a_log_survives_as_json),
        cmocka_unit_test(json_that_is_no_log_is_refused),
        cmocka_unit_test(every_reader_sees_every_event_while_others_append),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
