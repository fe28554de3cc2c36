/* Bytes as a request target: parsed, decoded and looked up. What is decoded must be UTF-8 without NUL; no path with
 * "." or ".." may come through. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "http/routes.h"
#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand_text(Str text)
{
    if (!utf8_valid(text) || (text.len && memchr(text.data, '\0', text.len)))
        abort();
}

static Err nothing(void *context, Exchange *exchange)
{
    (void)context;
    (void)exchange;
    return OK;
}

static void look_up(Arena *arena, Str path)
{
    static const char *const PATHS[] = {"/a", "/a/{x}", "/a/{x}/b/{y}", "/a/b/*", "/{z}/b"};
    Routes routes;
    RouteMatch match;

    routes_init(&routes);
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++)
        (void)routes_add(&routes, &(Route){.method = "GET", .path = PATHS[i], .handle = nothing});
    Err e = routes_find(&routes, arena, STR("GET"), path, &match);
    if (!failed(&e)) {
        for (size_t i = 0; i < match.params.count; i++)
            demand_text(match.params.items[i].value);
        demand_text(match.tail);
    }
    routes_finish(&routes);
}

static void demand_no_dots(Arena *arena, Str path)
{
    Str segment;
    Str text;

    while (str_split(&path, '/', &segment)) {
        Err e = target_decode(arena, segment, false, &text);
        if (!failed(&e) && (str_equal(text, STR(".")) || str_equal(text, STR(".."))))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Params params;
    Target target;

    Err e = target_parse(STR("GET"), (Str){(const char *)data, size}, STR("x"), &target);
    if (failed(&e))
        return 0;
    demand_no_dots(&arena, target.path);
    look_up(&arena, target.path);
    e = target_parse_query(&arena, target.query, &params);
    for (size_t i = 0; !failed(&e) && i < params.count; i++) {
        demand_text(params.items[i].name);
        demand_text(params.items[i].value);
    }
    return 0;
}
