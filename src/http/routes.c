#include "http/routes.h"

#include <assert.h>
#include <string.h>

#include "http/target.h"

enum { MAX_METHODS = 6 };

struct RouteNode {
    Str segment;       /* exact text */
    RouteNode **exact; /* sorted by segment */
    size_t exact_count;
    RouteNode *any;  /* "{name}" */
    RouteNode *rest; /* "*" */
    const Route *routes[MAX_METHODS];
    size_t route_count;
    const char *allow;
};

void routes_init(Routes *routes)
{
    arena_init(&routes->arena);
    routes->root = arena_new(&routes->arena, RouteNode);
}

void routes_finish(Routes *routes)
{
    arena_finish(&routes->arena);
    routes->root = NULL;
}

/* The place of a segment among the exact children: where it is, or would go. */
static size_t exact_place(const RouteNode *node, Str segment, bool *found)
{
    size_t low = 0;
    size_t high = node->exact_count;

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(node->exact[middle]->segment, segment);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static RouteNode *child_exact(Routes *routes, RouteNode *node, Str segment)
{
    bool found;
    size_t place = exact_place(node, segment, &found);

    if (found)
        return node->exact[place];
    RouteNode **grown = arena_array(&routes->arena, RouteNode *, node->exact_count + 1);
    for (size_t i = 0; i < node->exact_count; i++)
        grown[i < place ? i : i + 1] = node->exact[i];
    grown[place] = arena_new(&routes->arena, RouteNode);
    grown[place]->segment = segment;
    node->exact = grown;
    node->exact_count++;
    return grown[place];
}

static RouteNode *child_of(Routes *routes, RouteNode **slot)
{
    if (!*slot)
        *slot = arena_new(&routes->arena, RouteNode);
    return *slot;
}

static bool is_name(Str segment)
{
    return segment.len > 2 && segment.data[0] == '{' && segment.data[segment.len - 1] == '}';
}

static RouteNode *child(Routes *routes, RouteNode *node, Str segment)
{
    if (str_equal(segment, STR("*")))
        return child_of(routes, &node->rest);
    if (is_name(segment))
        return child_of(routes, &node->any);
    return child_exact(routes, node, segment);
}

static void note_allowed(Routes *routes, RouteNode *node)
{
    Buf text = {.arena = &routes->arena};

    for (size_t i = 0; i < node->route_count; i++) {
        const char *method = node->routes[i]->method;
        buf_format(&text, "%s, ", method);
        if (strcmp(method, "GET") == 0)
            buf_put(&text, STR("HEAD, "));
    }
    buf_put(&text, STR("OPTIONS"));
    node->allow = buf_str(&text).data;
}

Err routes_add(Routes *routes, const Route *route)
{
    RouteNode *node = routes->root;
    Str rest = str_from(route->path);
    Str segment;
    size_t depth = 0;

    if (rest.len == 0 || rest.data[0] != '/')
        return err(INVALID, "%s: a route's path begins with \"/\"", route->path);
    rest = str_slice(rest, 1, rest.len);
    while (str_split(&rest, '/', &segment)) {
        if (++depth == ROUTES_MAX_DEPTH) /* the last place is for the rest of deeper paths: see split_path */
            return err(INVALID, "%s: more than %d segments", route->path, ROUTES_MAX_DEPTH - 1);
        node = child(routes, node, segment);
    }
    for (size_t i = 0; i < node->route_count; i++)
        if (strcmp(node->routes[i]->method, route->method) == 0)
            return err(CONFLICT, "%s %s is a route already (%s)", route->method, route->path,
                       node->routes[i]->path);
    assert(node->route_count < MAX_METHODS);
    Route *kept = arena_new(&routes->arena, Route);
    *kept = *route;
    kept->name = str_format(&routes->arena, "%s %s", route->method, route->path).data;
    node->routes[node->route_count++] = kept;
    note_allowed(routes, node);
    return OK;
}

typedef struct Search {
    Str segments[ROUTES_MAX_DEPTH];
    Str from[ROUTES_MAX_DEPTH]; /* the path from this segment on */
    size_t count;
} Search;

/* "/a/b" as its decoded segments. Deeper paths keep their rest in the last one: only "*" can match it. */
static Err split_path(Arena *arena, Str path, Search *out)
{
    Str rest = str_slice(path, 1, path.len);
    Str segment;

    out->count = 0;
    while (out->count < ROUTES_MAX_DEPTH && rest.data) {
        out->from[out->count] = rest;
        if (out->count + 1 == ROUTES_MAX_DEPTH)
            segment = rest, rest = (Str){0};
        else
            (void)str_split(&rest, '/', &segment);
        TRY(target_decode(arena, segment, false, &out->segments[out->count]));
        out->count++;
    }
    return OK;
}

static const RouteNode *walk(const RouteNode *node, const Search *search, size_t depth, size_t *tail)
{
    const RouteNode *hit = NULL;
    bool found;

    if (depth == search->count)
        return node->route_count ? node : NULL;
    size_t place = exact_place(node, search->segments[depth], &found);
    if (found)
        hit = walk(node->exact[place], search, depth + 1, tail);
    if (!hit && node->any && search->segments[depth].len)
        hit = walk(node->any, search, depth + 1, tail);
    if (!hit && node->rest) {
        *tail = depth;
        hit = node->rest;
    }
    return hit;
}

static const Route *route_of_method(const RouteNode *node, Str method)
{
    Str wanted = str_equal(method, STR("HEAD")) ? STR("GET") : method;

    for (size_t i = 0; i < node->route_count; i++)
        if (str_equal(str_from(node->routes[i]->method), method))
            return node->routes[i];
    for (size_t i = 0; i < node->route_count; i++)
        if (str_equal(str_from(node->routes[i]->method), wanted))
            return node->routes[i];
    return NULL;
}

/* The values of the template's names, which stand at the same depth in template and path. */
static Params bind_params(Arena *arena, const Route *route, const Search *search)
{
    Param items[ROUTES_MAX_PARAMS];
    size_t count = 0;
    Str rest = str_slice(str_from(route->path), 1, SIZE_MAX);
    Str segment;

    for (size_t depth = 0; str_split(&rest, '/', &segment); depth++)
        if (is_name(segment) && count < ROUTES_MAX_PARAMS)
            items[count++] = (Param){str_slice(segment, 1, segment.len - 1), search->segments[depth]};
    if (count == 0)
        return (Params){0};
    Param *kept = arena_array(arena, Param, count);
    memcpy(kept, items, count * sizeof *items);
    return (Params){kept, count};
}

Err routes_find(const Routes *routes, Arena *arena, Str method, Str path, RouteMatch *out)
{
    Search search;
    size_t tail = SIZE_MAX;

    *out = (RouteMatch){0};
    TRY(split_path(arena, path, &search));
    const RouteNode *node = walk(routes->root, &search, 0, &tail);
    if (!node)
        return OK;
    out->allow = node->allow;
    out->route = route_of_method(node, method);
    if (!out->route)
        return OK;
    out->params = bind_params(arena, out->route, &search);
    if (tail != SIZE_MAX)
        TRY(target_decode(arena, search.from[tail], false, &out->tail));
    return OK;
}
