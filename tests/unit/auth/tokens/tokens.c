/* What tokens say, and when they are over. */
#include "bench.h"

#include <string.h>

#include "services/auth/tokens/limits.h"

enum { DAY_S = 24 * 60 * 60 };

#define OTHER_SECRET STR("fedcba9876543210fedcba9876543210")

static const Str PERMISSIONS[] = {{"chat", 4}, {"world:read", 10}};

static void what_a_token_says_comes_out_as_it_went_in(void **state)
{
    AUTO_BENCH Bench bench;
    Claims out;

    (void)state;
    bench_make(&bench, false, (TokensConfig){0});
    Str token = issue(&bench, (Claims){.subject = STR("김철수"),
                                       .session = STR("s-1"),
                                       .id = STR("t-1"),
                                       .permissions = {PERMISSIONS, 2},
                                       .proved_at_s = NOW_S - 60});
    check_ok(tokens_verify(bench.tokens, &bench.arena, token, &out));
    check_text(out.subject, "김철수");
    check_text(out.session, "s-1");
    check_text(out.id, "t-1");
    assert_int_equal(out.permissions.count, 2);
    check_text(out.permissions.items[0], "chat");
    check_text(out.permissions.items[1], "world:read");
    assert_int_equal(out.issued_at_s, NOW_S);
    assert_int_equal(out.expires_at_s, NOW_S + DAY_S);
    assert_int_equal(out.proved_at_s, NOW_S - 60);
}

static void what_was_left_out_is_absent_and_every_token_has_an_id_of_its_own(void **state)
{
    AUTO_BENCH Bench bench;
    Claims one;
    Claims two;

    (void)state;
    bench_make(&bench, false, (TokensConfig){0});
    check_ok(tokens_verify(bench.tokens, &bench.arena, issue(&bench, (Claims){0}), &one));
    check_ok(tokens_verify(bench.tokens, &bench.arena, issue(&bench, (Claims){0}), &two));
    assert_null(one.session.data);
    assert_int_equal(one.permissions.count, 0);
    assert_int_equal(one.proved_at_s, 0);
    assert_int_equal(one.id.len, 36);
    assert_false(str_equal(one.id, two.id));
}

static void a_token_is_over_at_the_second_it_names_and_its_owner_is_told(void **state)
{
    AUTO_BENCH Bench bench;
    Claims out;

    (void)state;
    bench_make(&bench, false, (TokensConfig){0});
    Str token = issue(&bench, (Claims){.expires_at_s = NOW_S + 60});
    manual_clock_advance(&bench.clock, 60 * SECOND_US - 1);
    check_ok(tokens_verify(bench.tokens, &bench.arena, token, &out));
    manual_clock_advance(&bench.clock, 1);
    check_err(tokens_verify(bench.tokens, &bench.arena, token, &out), UNAUTHORIZED, "over: refresh it");
    assert_null(out.subject.data);
}

static void a_secret_that_was_replaced_is_accepted_and_signs_nothing(void **state)
{
    AUTO_BENCH Bench before;
    AUTO_BENCH Bench after;
    AUTO_BENCH Bench later;
    Claims out;

    (void)state;
    bench_make(&before, false, (TokensConfig){0});
    bench_make(&after, false, (TokensConfig){.secret = OTHER_SECRET, .previous_secret = SECRET});
    bench_make(&later, false, (TokensConfig){.secret = OTHER_SECRET});
    Str old = issue(&before, (Claims){0});
    check_ok(tokens_verify(after.tokens, &after.arena, old, &out));
    check_ok(tokens_verify(later.tokens, &later.arena, issue(&after, (Claims){0}), &out));
    check_err(tokens_verify(later.tokens, &later.arena, old, &out), UNAUTHORIZED, "isn't valid here");
}

static void a_token_of_another_house_or_for_another_is_refused(void **state)
{
    AUTO_BENCH Bench ours;
    AUTO_BENCH Bench others;
    AUTO_BENCH Bench elsewhere;
    Claims out;

    (void)state;
    bench_make(&ours, false, (TokensConfig){0});
    bench_make(&others, false, (TokensConfig){.issuer = STR("others")});
    bench_make(&elsewhere, false, (TokensConfig){.audience = STR("elsewhere")});
    check_err(tokens_verify(ours.tokens, &ours.arena, issue(&others, (Claims){0}), &out), UNAUTHORIZED,
              "isn't valid");
    check_err(tokens_verify(ours.tokens, &ours.arena, issue(&elsewhere, (Claims){0}), &out), UNAUTHORIZED,
              "isn't valid");
}

static void no_token_is_made_that_would_be_refused(void **state)
{
    Str names[TOKEN_PERMISSIONS_MAX + 1];
    char long_name[TOKEN_PERMISSION_BYTES_MAX];
    AUTO_BENCH Bench bench;
    Str token;

    (void)state;
    bench_make(&bench, false, (TokensConfig){0});
    memset(long_name, 'x', sizeof long_name);
    for (size_t i = 0; i < COUNT(names); i++)
        names[i] = (Str){long_name, sizeof long_name};
    const Claims refused[] = {
        {.subject = STR("")},
        {.subject = STR("kim"), .expires_at_s = NOW_S + DAY_S + 1},
        {.subject = STR("kim"), .expires_at_s = NOW_S},
        {.subject = STR("kim"), .issued_at_s = NOW_S * 1000},
        {.subject = STR("kim"), .permissions = {names, TOKEN_PERMISSIONS_MAX + 1}},
        {.subject = STR("kim"), .permissions = {names, TOKEN_PERMISSIONS_MAX}}, /* too long a token */
    };
    for (size_t i = 0; i < COUNT(refused); i++)
        check_err(tokens_issue(bench.tokens, &bench.arena, &refused[i], &token), INTERNAL,
                  "no token could be made");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_token_says_comes_out_as_it_went_in),
        cmocka_unit_test(what_was_left_out_is_absent_and_every_token_has_an_id_of_its_own),
        cmocka_unit_test(a_token_is_over_at_the_second_it_names_and_its_owner_is_told),
        cmocka_unit_test(a_secret_that_was_replaced_is_accepted_and_signs_nothing),
        cmocka_unit_test(a_token_of_another_house_or_for_another_is_refused),
        cmocka_unit_test(no_token_is_made_that_would_be_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
