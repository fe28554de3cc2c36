#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

#include "http/followers.h"

/* Something that others change: told as its number, over at OVER, not to be read while it is AWAY. */
enum { OVER = 9, AWAY = -1 };
typedef struct Thing {
    atomic_int *number;
} Thing;

static Err look(void *context, Arena *arena, EventLog *log, bool *is_over)
{
    const Thing *thing = context;
    int number = atomic_load(thing->number);
    Str data = str_format(arena, "%d", number);

    if (number == AWAY)
        return err(UNAVAILABLE, "it is away");
    if (event_log_ends_with(log, data))
        return OK;
    *is_over = number == OVER;
    return event_log_append(log, STR("number"), data);
}

static const FollowKind KIND = {
    .thread = "test", .look = look, .look_ms = 1, .longest_s = 600, .log_bytes = 20};

/* A reader that waits until it is told something, or the stream ends. */
typedef struct Reader {
    EventLog *log;
    uint64_t cursor;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned told;
    bool is_over;
} Reader;

static void hear(void *context)
{
    Reader *reader = context;

    pthread_mutex_lock(&reader->lock);
    reader->told++;
    pthread_cond_signal(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
}

static void begin(Reader *reader, EventLog *log)
{
    *reader = (Reader){.log = log, .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    event_log_watch(log, hear, reader);
}

static void end(Reader *reader)
{
    event_log_unwatch(reader->log, reader);
    event_log_release(reader->log);
}

/* False: the stream has ended. */
static bool next(Reader *reader, Arena *arena, Str *text)
{
    Buf out = {.arena = arena};

    for (unsigned seen = 0; !reader->is_over && out.len == 0;) {
        pthread_mutex_lock(&reader->lock);
        while (reader->told == seen && reader->cursor > 0)
            pthread_cond_wait(&reader->changed, &reader->lock);
        seen = reader->told;
        pthread_mutex_unlock(&reader->lock);
        reader->is_over = !event_log_read(reader->log, &reader->cursor, 1000, &out);
    }
    *text = buf_str(&out);
    return out.len > 0;
}

static void check_next(Reader *reader, const char *expected)
{
    AUTO_ARENA Arena arena = {0};
    Str text;

    assert_true(next(reader, &arena, &text));
    check_text(text, expected);
}

static void check_end(Reader *reader)
{
    AUTO_ARENA Arena arena = {0};
    Str text;

    assert_false(next(reader, &arena, &text));
    end(reader);
}

static Err add(Followers *followers, atomic_int *number, EventLog **log)
{
    AUTO_ARENA Arena arena = {0};
    const Thing thing = {number};

    return followers_add(followers, &arena, &thing, sizeof thing, log);
}

static void follow(Followers *followers, atomic_int *number, Reader *reader)
{
    EventLog *log;

    check_ok(add(followers, number, &log));
    begin(reader, log);
}

static void a_reader_is_told_how_it_is_and_what_changes_until_it_is_over(void **state)
{
    Followers *followers = followers_create(&KIND);
    atomic_int number = 1;
    Reader reader;

    (void)state;
    follow(followers, &number, &reader);
    check_next(&reader, "id: 1\nevent: number\ndata: 1\n\n");
    atomic_store(&number, OVER);
    check_next(&reader, "id: 2\nevent: number\ndata: 9\n\n");
    check_end(&reader);
    followers_destroy(followers);
}

static void who_comes_later_is_told_how_it_is_then(void **state)
{
    Followers *followers = followers_create(&KIND);
    atomic_int number = 1;
    Reader early, late;

    (void)state;
    follow(followers, &number, &early);
    check_next(&early, "id: 1\nevent: number\ndata: 1\n\n");
    atomic_store(&number, 2);
    follow(followers, &number, &late);
    check_next(&late, "id: 1\nevent: number\ndata: 2\n\n");
    check_next(&early, "id: 2\nevent: number\ndata: 2\n\n");
    followers_destroy(followers); /* which ends both */
    check_end(&early);
    check_end(&late);
}

static void what_is_over_already_is_told_and_ends(void **state)
{
    Followers *followers = followers_create(&KIND);
    atomic_int number = OVER;
    Reader reader;

    (void)state;
    follow(followers, &number, &reader);
    check_next(&reader, "id: 1\nevent: number\ndata: 9\n\n");
    check_end(&reader);
    followers_destroy(followers);
}

static void while_it_cant_be_read_nothing_is_told_and_nobody_begins(void **state)
{
    Followers *followers = followers_create(&KIND);
    atomic_int number = 1;
    Reader reader;
    EventLog *log;

    (void)state;
    follow(followers, &number, &reader);
    check_next(&reader, "id: 1\nevent: number\ndata: 1\n\n");
    atomic_store(&number, AWAY);
    assert_int_equal(add(followers, &number, &log).code, UNAVAILABLE);
    atomic_store(&number, 3);
    check_next(&reader, "id: 2\nevent: number\ndata: 3\n\n");
    followers_destroy(followers);
    check_end(&reader);
}

static void a_stream_that_is_full_ends(void **state)
{
    Followers *followers = followers_create(&KIND);
    atomic_int number = 1;
    Reader reader;

    (void)state;
    follow(followers, &number, &reader);
    check_next(&reader, "id: 1\nevent: number\ndata: 1\n\n");
    atomic_store(&number, 2);
    check_next(&reader, "id: 2\nevent: number\ndata: 2\n\n");
    atomic_store(&number, 3);
    check_end(&reader);
    followers_destroy(followers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_is_told_how_it_is_and_what_changes_until_it_is_over),
        cmocka_unit_test(who_comes_later_is_told_how_it_is_then),
        cmocka_unit_test(what_is_over_already_is_told_and_ends),
        cmocka_unit_test(while_it_cant_be_read_nothing_is_told_and_nobody_begins),
        cmocka_unit_test(a_stream_that_is_full_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
