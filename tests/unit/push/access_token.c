/* An access token lives, and its server is waited for, as long as that server says and no longer than is declared. */
#include "check.h"

#include "push/access_token.h"

static Err read(Arena *arena, int status, const char *body, int retry_after_s, AccessToken *out)
{
    HttpReply reply = {.status = status, .retry_after_s = retry_after_s, .body = str_from(body)};

    return access_token_read(arena, &reply, out);
}

static void a_token_lives_as_long_as_its_server_says_and_an_hour_at_the_most(void **state)
{
    static const struct {
        const char *said;
        int life_s;
    } ROWS[] = {
        {"3599", 3599},
        {"1", 1},
        {"3601", TOKEN_LONGEST_LIFE_S},
        {"1000000000000", TOKEN_LONGEST_LIFE_S},
        {"9223372036854775807", TOKEN_LONGEST_LIFE_S},
        {"0", TOKEN_USUAL_LIFE_S},
        {"-9223372036854775808", TOKEN_USUAL_LIFE_S},
        {"\"3599\"", TOKEN_USUAL_LIFE_S},
        {"null", TOKEN_USUAL_LIFE_S},
    };
    Arena arena = {0};
    AccessToken token;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Str body = str_format(&arena, "{\"access_token\":\"ya29.1\",\"expires_in\":%s}", ROWS[i].said);
        check_ok(read(&arena, 200, body.data, 0, &token));
        check_text(token.text, "ya29.1");
        assert_int_equal(token.life_s, ROWS[i].life_s);
    }
    arena_finish(&arena);
}

static void its_server_is_waited_for_a_day_at_the_most(void **state)
{
    static const struct {
        int status, said_s, wait_s;
    } ROWS[] = {{429, 30, 30},
                {503, 0, 0},
                {503, INT32_MAX, TOKEN_LONGEST_WAIT_S},
                {500, 86401, TOKEN_LONGEST_WAIT_S}};
    Arena arena = {0};
    AccessToken token;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        Err e = read(&arena, ROWS[i].status, "", ROWS[i].said_s, &token);
        assert_int_equal(e.code, UNAVAILABLE);
        assert_int_equal(e.retry_after_s, ROWS[i].wait_s);
    }
    arena_finish(&arena);
}

static void what_is_no_token_is_none(void **state)
{
    Arena arena = {0};
    AccessToken token;

    (void)state;
    arena_init(&arena);
    check_err(read(&arena, 400, "{\"error\":\"invalid_grant\"}", 0, &token), UNAVAILABLE,
              "refused the service account (400)");
    check_err(read(&arena, 200, "{\"expires_in\":3599}", 0, &token), UNAVAILABLE, "gave none");
    assert_true(read(&arena, 200, "<html>", 0, &token).code != 0);
    arena_finish(&arena);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(a_token_lives_as_long_as_its_server_says_and_an_hour_at_the_most),
        cmocka_unit_test(its_server_is_waited_for_a_day_at_the_most),
        cmocka_unit_test(what_is_no_token_is_none),
    };

    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
