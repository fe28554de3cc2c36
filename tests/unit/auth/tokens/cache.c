/* What was verified is remembered for as long as it is true. */
#include "bench.h"

#include "base/thread.h"
#include "services/auth/tokens/cache.h"

static const Str PERMISSIONS[] = {{"chat", 4}, {"world:read", 10}};

static Claims claims_of(const char *subject, const char *session)
{
    return (Claims){.subject = str_from(subject),
                    .session = str_from(session),
                    .id = STR("t"),
                    .permissions = {PERMISSIONS, 2},
                    .expires_at_s = NOW_S};
}

static void what_was_put_in_comes_out_whole_and_of_its_own(void **state)
{
    AUTO_ARENA Arena arena = {0};
    TokenCache *cache = token_cache_create(8);
    TokenPrint print = token_print(STR("a token"));
    TokenPrint other = token_print(STR("another"));
    Claims in = claims_of("kim", NULL);
    Claims out;

    (void)state;
    token_cache_put(cache, &print, 1, &in);
    assert_true(token_cache_get(cache, &print, 1, &arena, &out));
    assert_false(token_cache_get(cache, &other, 1, &arena, &out));
    assert_false(token_cache_get(cache, &print, 2, &arena, &out)); /* the keys are others */
    assert_true(token_cache_get(cache, &print, 1, &arena, &out));
    token_cache_destroy(cache);
    check_text(out.subject, "kim");
    assert_null(out.session.data);
    assert_int_equal(out.permissions.count, 2);
    check_text(out.permissions.items[1], "world:read");
    assert_int_equal(out.expires_at_s, NOW_S);
}

static void a_print_is_the_tokens_blake2b(void **state)
{
    static const uint8_t ABC[] = {0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72}; /* b2sum -l 256 */
    TokenPrint print = token_print(STR("abc"));

    (void)state;
    assert_memory_equal(print.bytes, ABC, sizeof ABC);
}

static void a_full_cache_gives_up_what_was_used_the_longest_ago(void **state)
{
    AUTO_ARENA Arena arena = {0};
    TokenCache *cache = token_cache_create(4); /* one set */
    TokenPrint prints[5];
    Claims out;

    (void)state;
    for (size_t i = 0; i < COUNT(prints); i++) {
        Claims in = claims_of("kim", "s");
        prints[i] = token_print((Str){&"01234"[i], 1});
        token_cache_put(cache, &prints[i], 0, &in);
        assert_true(token_cache_get(cache, &prints[0], 0, &arena, &out));
    }
    assert_false(token_cache_get(cache, &prints[1], 0, &arena, &out));
    for (size_t i = 2; i < COUNT(prints); i++)
        assert_true(token_cache_get(cache, &prints[i], 0, &arena, &out));
    token_cache_destroy(cache);
}

static void a_session_is_forgotten_with_all_its_tokens_and_no_others(void **state)
{
    AUTO_ARENA Arena arena = {0};
    TokenCache *cache = token_cache_create(64);
    TokenPrint prints[16];
    Claims out;

    (void)state;
    for (size_t i = 0; i < COUNT(prints); i++) {
        Claims in = claims_of("kim", i % 2 ? "odd" : "even");
        prints[i] = token_print((Str){&"0123456789abcdef"[i], 1});
        token_cache_put(cache, &prints[i], 0, &in);
    }
    token_cache_forget(cache, STR("odd"));
    for (size_t i = 0; i < COUNT(prints); i++)
        assert_int_equal(token_cache_get(cache, &prints[i], 0, &arena, &out), i % 2 == 0);
    token_cache_destroy(cache);
}

/* ---- by way of tokens_verify */

static void a_token_that_is_remembered_is_over_when_it_is_over(void **state)
{
    AUTO_BENCH Bench bench;
    Claims out;

    (void)state;
    bench_make(&bench, false, (TokensConfig){0});
    Str token = issue(&bench, (Claims){.expires_at_s = NOW_S + 60});
    check_ok(tokens_verify(bench.tokens, &bench.arena, token, &out));
    check_ok(tokens_verify(bench.tokens, &bench.arena, token, &out));
    tokens_forget(bench.tokens, STR("another"));
    manual_clock_advance(&bench.clock, 60 * SECOND_US);
    check_err(tokens_verify(bench.tokens, &bench.arena, token, &out), UNAUTHORIZED, "The token is over");
}

/* ---- many at once: for ThreadSanitizer, and that nobody gets another's claims */

enum { ROUNDS = 2000, TOKENS = 64 };

typedef struct Crowd {
    TokenCache *cache;
    bool was_wrong;
} Crowd;

static void *use(void *context)
{
    Crowd *crowd = context;
    AUTO_ARENA Arena arena = {0};

    for (int i = 0; i < ROUNDS; i++, arena_reset(&arena)) {
        Str name = str_format(&arena, "%d", i * 7 % TOKENS);
        TokenPrint print = token_print(name);
        Claims claims = {.subject = name, .session = name};
        if (token_cache_get(crowd->cache, &print, 0, &arena, &claims))
            crowd->was_wrong |= !str_equal(claims.subject, name);
        else
            token_cache_put(crowd->cache, &print, 0, &claims);
        if (i % 97 == 0)
            token_cache_forget(crowd->cache, name);
    }
    return NULL;
}

static void many_threads_use_it_and_each_gets_the_claims_of_its_token(void **state)
{
    Crowd crowds[4];
    pthread_t threads[COUNT(crowds)];
    TokenCache *cache = token_cache_create(TOKENS / 2);

    (void)state;
    for (size_t i = 0; i < COUNT(crowds); i++) {
        crowds[i] = (Crowd){cache, false};
        threads[i] = thread_start("crowd", use, &crowds[i]);
    }
    for (size_t i = 0; i < COUNT(crowds); i++)
        thread_join(threads[i]);
    for (size_t i = 0; i < COUNT(crowds); i++)
        assert_false(crowds[i].was_wrong);
    token_cache_destroy(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_in_comes_out_whole_and_of_its_own),
        cmocka_unit_test(a_print_is_the_tokens_blake2b),
        cmocka_unit_test(a_full_cache_gives_up_what_was_used_the_longest_ago),
        cmocka_unit_test(a_session_is_forgotten_with_all_its_tokens_and_no_others),
        cmocka_unit_test(a_token_that_is_remembered_is_over_when_it_is_over),
        cmocka_unit_test(many_threads_use_it_and_each_gets_the_claims_of_its_token),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
