#include "check.h"

#include "http/routes.h"

static Err nothing(void *context, Exchange *exchange)
{
    (void)context;
    (void)exchange;
    return OK;
}

static void add(Routes *routes, const char *method, const char *path)
{
    Err e = routes_add(routes, &(Route){.method = method, .path = path, .handle = nothing});
    assert_int_equal(e.code, NO_ERROR);
}

static const char *found(const Routes *routes, Arena *arena, const char *method, const char *path)
{
    RouteMatch match;
    Err e = routes_find(routes, arena, str_from(method), str_from(path), &match);

    assert_int_equal(e.code, NO_ERROR);
    return match.route ? match.route->path : match.allow;
}

static void exact_wins_over_a_name_and_a_name_over_a_star(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Routes routes;

    (void)state;
    routes_init(&routes);
    add(&routes, "GET", "/*");
    add(&routes, "GET", "/a/{x}");
    add(&routes, "GET", "/a/b");
    add(&routes, "GET", "/a/{x}/c");
    add(&routes, "GET", "/{y}/b/d");
    add(&routes, "GET", "/a/b/e");
    assert_string_equal(found(&routes, &arena, "GET", "/a/b"), "/a/b");
    assert_string_equal(found(&routes, &arena, "GET", "/a/z"), "/a/{x}");
    assert_string_equal(found(&routes, &arena, "GET", "/a/b/c"), "/a/{x}/c"); /* back from the exact one */
    assert_string_equal(found(&routes, &arena, "GET", "/a/b/d"), "/{y}/b/d");
    assert_string_equal(found(&routes, &arena, "GET", "/a/b/f"), "/*");
    assert_string_equal(found(&routes, &arena, "GET", "/a/"), "/*"); /* a name isn't empty */
    assert_string_equal(found(&routes, &arena, "GET", "/"), "/*");
    routes_finish(&routes);
}

static void names_are_bound_to_decoded_segments(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Routes routes;
    RouteMatch match;

    (void)state;
    routes_init(&routes);
    add(&routes, "GET", "/a/{first}/b/{second}");
    add(&routes, "GET", "/files/*");
    Err e = routes_find(&routes, &arena, STR("GET"), STR("/a/x%2Fy/b/%ED%95%9C"), &match);
    assert_int_equal(e.code, NO_ERROR);
    assert_int_equal(match.params.count, 2);
    check_text(match.params.items[0].name, "first");
    check_text(match.params.items[0].value, "x/y");
    check_text(match.params.items[1].value, "한");
    e = routes_find(&routes, &arena, STR("GET"), STR("/files/a%20b/c"), &match);
    assert_int_equal(e.code, NO_ERROR);
    check_text(match.tail, "a b/c");
    e = routes_find(&routes, &arena, STR("GET"), STR("/a/%ff/b/c"), &match);
    assert_int_equal(e.code, INVALID);
    routes_finish(&routes);
}

static void a_path_says_which_methods_it_takes(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Routes routes;

    (void)state;
    routes_init(&routes);
    add(&routes, "GET", "/a");
    add(&routes, "POST", "/a");
    assert_string_equal(found(&routes, &arena, "HEAD", "/a"), "/a");
    assert_string_equal(found(&routes, &arena, "PUT", "/a"), "GET, HEAD, POST, OPTIONS");
    assert_null(found(&routes, &arena, "GET", "/b"));
    Err e = routes_add(&routes, &(Route){.method = "GET", .path = "/a", .handle = nothing});
    assert_int_equal(e.code, CONFLICT);
    routes_finish(&routes);
}

static void a_thousand_routes_are_told_apart(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Routes routes;

    (void)state;
    routes_init(&routes);
    for (int i = 0; i < 1000; i++)
        add(&routes, "GET", str_format(&arena, "/api/%d/{id}", i * 7919 % 1000).data);
    for (int i = 0; i < 1000; i++) {
        const char *path = str_format(&arena, "/api/%d/x", i).data;
        assert_string_equal(found(&routes, &arena, "GET", path), str_format(&arena, "/api/%d/{id}", i).data);
    }
    routes_finish(&routes);
}

/* Its last name would stand for all that follows, slashes too. */
static void a_route_as_deep_as_paths_are_split_is_refused(void **state)
{
    const Route deepest = {
        .method = "GET", .path = "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/{x}", .handle = nothing};
    const Route deeper = {
        .method = "GET", .path = "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/{x}", .handle = nothing};
    AUTO_ARENA Arena arena = {0};
    Routes routes;

    (void)state;
    routes_init(&routes);
    check_ok(routes_add(&routes, &deepest));
    check_err(routes_add(&routes, &deeper), INVALID, "more than 15 segments");
    assert_string_equal(found(&routes, &arena, "GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/a"), deepest.path);
    assert_null(found(&routes, &arena, "GET", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/a/b"));
    routes_finish(&routes);
}

static void a_path_deeper_than_any_route_is_not_found(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf path = {.arena = &arena};
    Routes routes;

    (void)state;
    routes_init(&routes);
    add(&routes, "GET", "/a/{x}");
    for (int i = 0; i < 1000; i++)
        buf_put(&path, STR("/a"));
    assert_null(found(&routes, &arena, "GET", buf_str(&path).data));
    routes_finish(&routes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_wins_over_a_name_and_a_name_over_a_star),
        cmocka_unit_test(names_are_bound_to_decoded_segments),
        cmocka_unit_test(a_path_says_which_methods_it_takes),
        cmocka_unit_test(a_thousand_routes_are_told_apart),
        cmocka_unit_test(a_route_as_deep_as_paths_are_split_is_refused),
        cmocka_unit_test(a_path_deeper_than_any_route_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
