/* Who is calling: what a request shows, and what that makes of its caller. */
#include "check.h"

#include "gateway/identity.h"

enum { MOST_HEADERS = 4 };

typedef struct Asked {
    Exchange exchange;
    Header headers[MOST_HEADERS];
    Err e;
} Asked;

/* Knows "good"; "away" can't be asked about. */
static Err know(void *context, Arena *arena, Str credential, Identity *out)
{
    (void)context;
    (void)arena;
    if (str_equal(credential, STR("away")))
        return err(UNAVAILABLE, "later");
    if (!str_equal(credential, STR("good")))
        return err(UNAUTHORIZED, "This token is \"over\".");
    *out = (Identity){.subject = STR("ann"), .permissions = 5, .session = STR("s"), .kind = IDENTITY_GUEST};
    return OK;
}

static const IdentityPolicy REQUIRED = {.identify = know};
static const IdentityPolicy OPEN = {.is_open = true, .identify = know};
static const IdentityPolicy NOBODY_KNOWS = {0};

static void ask(const IdentityPolicy *policy, const char *method, const char *headers[], Asked *out)
{
    Filter filter = identity_filter(policy);

    *out =
        (Asked){.exchange = {.method = str_from(method), .limit_class = "default", .headers = out->headers}};
    for (size_t i = 0; headers[2 * i]; i++)
        out->headers[out->exchange.header_count++] =
            (Header){str_from(headers[2 * i]), str_from(headers[2 * i + 1])};
    out->e = filter.before(filter.context, &out->exchange);
}

static void finish(Asked *asked)
{
    arena_finish(&asked->exchange.arena);
}

#define AUTO_ASKED __attribute__((cleanup(finish)))

static bool is_ann(const Asked *asked)
{
    return str_equal(asked->exchange.identity.subject, STR("ann"));
}

static bool is_nobody(const Asked *asked)
{
    return !asked->exchange.identity.subject.data && asked->exchange.identity.permissions == 0;
}

static void a_bearer_token_says_who_calls(void **state)
{
    static const char *const GOOD[] = {"Bearer good", "bearer good", "BEARER   good "};

    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        AUTO_ASKED Asked asked = {0};
        ask(&REQUIRED, "POST", (const char *[]){"Authorization", GOOD[i], NULL}, &asked);
        check_ok(asked.e);
        assert_true(is_ann(&asked));
        assert_int_equal(asked.exchange.identity.permissions, 5);
        assert_int_equal(asked.exchange.identity.kind, IDENTITY_GUEST);
    }
}

static void what_is_no_bearer_token_shows_nothing(void **state)
{
    static const char *const OTHER[] = {"Basic good", "good", "Bearer", "", "Bearergood"};

    (void)state;
    for (size_t i = 0; i < sizeof OTHER / sizeof *OTHER; i++) {
        AUTO_ASKED Asked asked = {0};
        ask(&REQUIRED, "GET", (const char *[]){"Authorization", OTHER[i], NULL}, &asked);
        check_ok(asked.e);
        assert_true(is_nobody(&asked));
        assert_null(asked.exchange.challenge);
    }
}

static void a_token_that_is_no_good_makes_nobody_and_says_why_in_a_quoted_string(void **state)
{
    AUTO_ASKED Asked asked = {0};

    (void)state;
    ask(&REQUIRED, "GET", (const char *[]){"Authorization", "Bearer bad", NULL}, &asked);
    check_ok(asked.e);
    assert_true(is_nobody(&asked));
    assert_string_equal(asked.exchange.challenge, "Bearer realm=\"nerdx\", error=\"invalid_token\", "
                                                  "error_description=\"This token is over.\"");
}

static void who_cant_be_asked_about_is_refused_for_now(void **state)
{
    AUTO_ASKED Asked asked = {0};

    (void)state;
    ask(&REQUIRED, "GET", (const char *[]){"Authorization", "Bearer away", NULL}, &asked);
    assert_int_equal(asked.e.code, UNAVAILABLE);
    assert_true(is_nobody(&asked));
}

static void a_cookie_says_who_calls_where_nothing_is_changed(void **state)
{
    static const char *const SAFE[] = {"GET", "HEAD"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        AUTO_ASKED Asked asked = {0};
        ask(&REQUIRED, SAFE[i], (const char *[]){"Cookie", "a=b; __Host-nerdx=good", NULL}, &asked);
        check_ok(asked.e);
        assert_true(is_ann(&asked));
    }
}

static void what_a_cookie_changes_needs_what_only_our_page_can_read(void **state)
{
    static const char COOKIES[] = "__Host-nerdx=good; __Host-nerdx-csrf=1234";
    static const char *const WRONG[][5] = {
        {"Cookie", COOKIES, NULL},
        {"Cookie", COOKIES, "X-CSRF-Token", "123", NULL},
        {"Cookie", COOKIES, "X-CSRF-Token", "12345", NULL},
        {"Cookie", COOKIES, "X-CSRF-Token", "", NULL},
        {"Cookie", "__Host-nerdx=good; __Host-nerdx-csrf=", "X-CSRF-Token", "", NULL},
        {"Cookie", "__Host-nerdx=good", "X-CSRF-Token", "1234", NULL},
    };
    static const char *const UNSAFE[] = {"POST", "PUT", "DELETE", "PATCH", "get"};

    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        for (size_t m = 0; m < sizeof UNSAFE / sizeof *UNSAFE; m++) {
            AUTO_ASKED Asked asked = {0};
            ask(&REQUIRED, UNSAFE[m], (const char **)WRONG[i], &asked);
            assert_int_equal(asked.e.code, FORBIDDEN);
            assert_true(is_nobody(&asked));
        }
    AUTO_ASKED Asked asked = {0};
    ask(&REQUIRED, "POST", (const char *[]){"Cookie", COOKIES, "X-CSRF-Token", "1234", NULL}, &asked);
    check_ok(asked.e);
    assert_true(is_ann(&asked));
}

static void a_token_wins_over_a_cookie_and_needs_no_page(void **state)
{
    AUTO_ASKED Asked asked = {0};

    (void)state;
    ask(&REQUIRED, "POST",
        (const char *[]){"Cookie", "__Host-nerdx=bad", "Authorization", "Bearer good", NULL}, &asked);
    check_ok(asked.e);
    assert_true(is_ann(&asked));
}

static void open_lets_everybody_do_everything_and_still_knows_who_shows_it(void **state)
{
    AUTO_ASKED Asked nobody = {0}, bad = {0}, good = {0};

    (void)state;
    ask(&OPEN, "POST", (const char *[]){NULL}, &nobody);
    assert_int_equal(nobody.exchange.identity.permissions, UINT64_MAX);
    assert_null(nobody.exchange.identity.subject.data);
    ask(&OPEN, "POST", (const char *[]){"Authorization", "Bearer bad", NULL}, &bad);
    assert_int_equal(bad.exchange.identity.permissions, UINT64_MAX);
    ask(&OPEN, "POST", (const char *[]){"Authorization", "Bearer good", NULL}, &good);
    assert_int_equal(good.exchange.identity.permissions, UINT64_MAX);
    assert_true(is_ann(&good));
}

static void where_nobody_can_be_asked_nobody_is_known(void **state)
{
    AUTO_ASKED Asked asked = {0};

    (void)state;
    ask(&NOBODY_KNOWS, "GET", (const char *[]){"Authorization", "Bearer good", NULL}, &asked);
    check_ok(asked.e);
    assert_true(is_nobody(&asked));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bearer_token_says_who_calls),
        cmocka_unit_test(what_is_no_bearer_token_shows_nothing),
        cmocka_unit_test(a_token_that_is_no_good_makes_nobody_and_says_why_in_a_quoted_string),
        cmocka_unit_test(who_cant_be_asked_about_is_refused_for_now),
        cmocka_unit_test(a_cookie_says_who_calls_where_nothing_is_changed),
        cmocka_unit_test(what_a_cookie_changes_needs_what_only_our_page_can_read),
        cmocka_unit_test(a_token_wins_over_a_cookie_and_needs_no_page),
        cmocka_unit_test(open_lets_everybody_do_everything_and_still_knows_who_shows_it),
        cmocka_unit_test(where_nobody_can_be_asked_nobody_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
