#include "http/cookies.h"

#include "check.h"

static void a_cookie_is_found_by_its_whole_name(void **state)
{
    Str header = STR("a=1; __Host-nerdx-refresh=r; __Host-nerdx=t=0; b");

    (void)state;
    assert_true(str_equal(cookie_get(header, STR(COOKIE_ACCESS)), STR("t=0")));
    assert_true(str_equal(cookie_get(header, STR(COOKIE_REFRESH)), STR("r")));
    assert_null(cookie_get(header, STR("b")).data);
    assert_null(cookie_get(header, STR("nerdx")).data);
    assert_null(cookie_get((Str){0}, STR("a")).data);
}

static void only_what_is_meant_for_scripts_is_seen_by_them(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    assert_string_equal(cookie_write(&arena, &(Cookie){COOKIE_ACCESS, STR("t"), 60, false}),
                        "__Host-nerdx=t; Path=/; Max-Age=60; Secure; SameSite=Strict; HttpOnly");
    assert_string_equal(cookie_write(&arena, &(Cookie){COOKIE_CSRF, STR("c"), 0, true}),
                        "__Host-nerdx-csrf=c; Path=/; Max-Age=0; Secure; SameSite=Strict");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
        cmocka_unit_test(only_what_is_meant_for_scripts_is_seen_by_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
