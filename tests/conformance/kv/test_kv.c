/* What the key-value store promises, on every twin. */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/thread.h"
#include "stores/kv/kv.h"

enum { THREADS = 8, ROUNDS = 500, SHORT_MS = 60, LIMIT_S = 60 };

static const char *url;
static Kv *kv;
static Arena arena;
static int tests_begun;

/* Each test has keys of its own, for a server is not emptied between them. */
static Str key(const char *name)
{
    return str_format(&arena, "%d:%s", tests_begun, name);
}

static int open_kv(void **state)
{
    (void)state;
    tests_begun++;
    check_ok(kv_open(url, NULL, &kv));
    return 0;
}

static int close_kv(void **state)
{
    (void)state;
    kv_close(kv);
    arena_finish(&arena);
    return 0;
}

static Str get(Str of)
{
    Str value;

    check_ok(kv_get(kv, &arena, of, &value));
    return value;
}

static void what_was_put_is_there_until_it_is_deleted(void **state)
{
    bool was_there;

    (void)state;
    assert_null(get(key("a")).data);
    check_ok(kv_put(kv, key("a"), STR("막걸리"), 0));
    check_text(get(key("a")), "막걸리");
    check_ok(kv_put(kv, key("a"), STR(""), 0));
    assert_non_null(get(key("a")).data);
    assert_int_equal(get(key("a")).len, 0);
    check_ok(kv_delete(kv, key("a"), &was_there));
    assert_true(was_there);
    assert_null(get(key("a")).data);
    check_ok(kv_delete(kv, key("a"), &was_there));
    assert_false(was_there);
}

static void any_bytes_come_back_as_they_were(void **state)
{
    static const char BYTES[] = "a\0b\r\n\xff$3\r\n";
    Str bytes = {BYTES, sizeof BYTES - 1};
    Str name = {BYTES, 3};

    (void)state;
    check_ok(kv_put(kv, name, bytes, 0));
    assert_true(str_equal(get(name), bytes));
}

static void wait_until_gone(Str of)
{
    time_t end = time(NULL) + LIMIT_S;

    while (get(of).data)
        assert_true(time(NULL) < end);
}

static void what_has_a_time_to_live_is_gone_after_it(void **state)
{
    int64_t sum;

    (void)state;
    check_ok(kv_put(kv, key("short"), STR("x"), SHORT_MS));
    check_ok(kv_put(kv, key("long"), STR("x"), 1000 * LIMIT_S));
    check_ok(kv_add(kv, key("count"), 5, SHORT_MS, &sum));
    wait_until_gone(key("short"));
    wait_until_gone(key("count"));
    check_text(get(key("long")), "x");
    check_ok(kv_add(kv, key("count"), 5, SHORT_MS, &sum));
    assert_int_equal(sum, 5);
}

static void putting_again_begins_the_time_anew_and_can_take_it_away(void **state)
{
    (void)state;
    check_ok(kv_put(kv, key("a"), STR("x"), SHORT_MS));
    check_ok(kv_put(kv, key("a"), STR("y"), 0));
    check_ok(kv_put(kv, key("b"), STR("x"), SHORT_MS));
    wait_until_gone(key("b"));
    check_text(get(key("a")), "y");
}

static void only_the_first_puts_something_new(void **state)
{
    bool is_new;

    (void)state;
    check_ok(kv_put_new(kv, key("lock"), STR("me"), 0, &is_new));
    assert_true(is_new);
    check_ok(kv_put_new(kv, key("lock"), STR("you"), 0, &is_new));
    assert_false(is_new);
    check_text(get(key("lock")), "me");
}

static void a_counter_is_a_number_also_when_it_was_put(void **state)
{
    int64_t sum;

    (void)state;
    check_ok(kv_add(kv, key("n"), -7, 0, &sum));
    assert_int_equal(sum, -7);
    check_text(get(key("n")), "-7");
    check_ok(kv_put(kv, key("n"), STR("40"), 0));
    check_ok(kv_add(kv, key("n"), 2, 0, &sum));
    assert_int_equal(sum, 42);
}

static void a_sum_of_no_number_or_beyond_2_53_is_refused_and_changes_nothing(void **state)
{
    int64_t sum;

    (void)state;
    check_ok(kv_put(kv, key("word"), STR("soju"), 0));
    check_err(kv_add(kv, key("word"), 1, 0, &sum), INVALID, "no whole number");
    check_text(get(key("word")), "soju");
    check_ok(kv_add(kv, key("big"), KV_NUMBER_MAX, 0, &sum));
    check_err(kv_add(kv, key("big"), 1, 0, &sum), INVALID, "2^53");
    check_ok(kv_add(kv, key("big"), 0, 0, &sum));
    assert_true(sum == KV_NUMBER_MAX);
}

static void a_key_or_value_outside_the_limits_is_refused(void **state)
{
    char *much = calloc(1, KV_VALUE_MAX + 1);
    Str value;

    (void)state;
    check_err(kv_get(kv, &arena, STR(""), &value), INVALID, "1 to 512 bytes");
    check_err(kv_put(kv, (Str){much, KV_KEY_MAX + 1}, STR(""), 0), INVALID, "1 to 512 bytes");
    check_err(kv_put(kv, key("a"), (Str){much, KV_VALUE_MAX + 1}, 0), TOO_LARGE, "up to 1048576 bytes");
    check_ok(kv_put(kv, key("a"), (Str){much, KV_VALUE_MAX}, 0));
    assert_int_equal(get(key("a")).len, KV_VALUE_MAX);
    free(much);
}

static void *add_many(void *context)
{
    const Str *of = context;
    int64_t sum;

    for (int i = 0; i < ROUNDS; i++)
        check_ok(kv_add(kv, *of, 1, 0, &sum));
    return NULL;
}

static void of_many_that_add_at_once_nothing_is_lost(void **state)
{
    pthread_t threads[THREADS];
    Str of = key("sum");
    int64_t sum;

    (void)state;
    for (int i = 0; i < THREADS; i++)
        threads[i] = thread_start("adder", add_many, &of);
    for (int i = 0; i < THREADS; i++)
        thread_join(threads[i]);
    check_ok(kv_add(kv, of, 0, 0, &sum));
    assert_int_equal(sum, THREADS * ROUNDS);
}

/* Moves from the first to the second, as long as there is enough. */
static Err move(KvCells *cells, const int64_t *arguments, int64_t *results)
{
    KvCell *from = &cells->cells[0];
    KvCell *to = &cells->cells[1];

    results[0] = from->value >= arguments[0];
    if (!results[0])
        return OK;
    from->value -= arguments[0];
    to->value += arguments[0];
    from->is_changed = to->is_changed = true;
    results[1] = to->value;
    return OK;
}

static const KvOperation MOVE = {
    .name = "move",
    .lua = "local from = tonumber(redis.call('GET', KEYS[1]) or '0') "
           "if from < tonumber(ARGV[1]) then return {0, 0} end "
           "redis.call('DECRBY', KEYS[1], ARGV[1]) "
           "return {1, redis.call('INCRBY', KEYS[2], ARGV[1])}",
    .embedded = move,
    .key_count = 2,
    .argument_count = 1,
    .result_count = 2,
};

static void *move_all(void *context)
{
    Str *keys = context;
    int64_t results[2] = {1};

    while (results[0])
        check_ok(kv_run(kv, &MOVE, keys, (int64_t[]){3}, results));
    return NULL;
}

static void an_operation_over_two_keys_happens_at_once(void **state)
{
    Str keys[2] = {key("from"), key("to")};
    pthread_t threads[THREADS];
    int64_t sum;

    (void)state;
    check_ok(kv_add(kv, keys[0], 1000, 0, &sum));
    for (int i = 0; i < THREADS; i++)
        threads[i] = thread_start("mover", move_all, keys);
    for (int i = 0; i < THREADS; i++)
        thread_join(threads[i]);
    check_text(get(keys[0]), "1");
    check_text(get(keys[1]), "999");
}

typedef struct Heard {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int count;
    char last[64];
} Heard;

static void hear(void *context, Str message)
{
    Heard *heard = context;

    MUTEX_HOLD(&heard->lock);
    heard->count++;
    (void)snprintf(heard->last, sizeof heard->last, "%.*s", STR_ARG(message));
    pthread_cond_signal(&heard->changed);
}

static void wait_for(Heard *heard, int count)
{
    MUTEX_HOLD(&heard->lock);
    while (heard->count < count)
        pthread_cond_wait(&heard->changed, &heard->lock);
}

static void who_listens_hears_what_is_published_and_afterwards_nothing(void **state)
{
    Heard heard = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, ""};
    Heard other = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, ""};
    KvSubscription *mine;
    KvSubscription *others;

    (void)state;
    check_ok(kv_subscribe(kv, key("news"), hear, &heard, &mine));
    check_ok(kv_subscribe(kv, key("other"), hear, &other, &others));
    check_ok(kv_publish(kv, key("news"), STR("첫 소식")));
    check_ok(kv_publish(kv, key("news"), STR("둘째 소식")));
    wait_for(&heard, 2);
    assert_string_equal(heard.last, "둘째 소식");
    kv_unsubscribe(mine);
    check_ok(kv_publish(kv, key("news"), STR("nobody hears this")));
    check_ok(kv_publish(kv, key("other"), STR("end")));
    wait_for(&other, 1);
    assert_int_equal(heard.count, 2);
    kv_unsubscribe(others);
}

static void it_says_that_it_is_ready(void **state)
{
    (void)state;
    check_ok(kv_ready(kv));
}

static void a_wrong_url_is_refused_without_its_password(void **state)
{
    static const char *const WRONG[] = {
        "memcached:x",          "memory:x",    "redis:", "redis://", "redis://:secret@h:0x1",
        "redis://:secret@h/16", "redis+unix:x"};
    Kv *none;

    (void)state;
    for (size_t i = 0; i < COUNT(WRONG); i++) {
        Err e = kv_open(WRONG[i], NULL, &none);
        assert_int_equal(e.code, INVALID);
        assert_null(none);
        assert_null(strstr(e.message, "secret"));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_put_is_there_until_it_is_deleted, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(any_bytes_come_back_as_they_were, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(what_has_a_time_to_live_is_gone_after_it, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(putting_again_begins_the_time_anew_and_can_take_it_away, open_kv,
                                        close_kv),
        cmocka_unit_test_setup_teardown(only_the_first_puts_something_new, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(a_counter_is_a_number_also_when_it_was_put, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(a_sum_of_no_number_or_beyond_2_53_is_refused_and_changes_nothing,
                                        open_kv, close_kv),
        cmocka_unit_test_setup_teardown(a_key_or_value_outside_the_limits_is_refused, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(of_many_that_add_at_once_nothing_is_lost, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(an_operation_over_two_keys_happens_at_once, open_kv, close_kv),
        cmocka_unit_test_setup_teardown(who_listens_hears_what_is_published_and_afterwards_nothing, open_kv,
                                        close_kv),
        cmocka_unit_test_setup_teardown(it_says_that_it_is_ready, open_kv, close_kv),
        cmocka_unit_test(a_wrong_url_is_refused_without_its_password),
    };

    url = argc == 2 ? argv[1] : "memory:";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
