/* Which route a path belongs to: a tree with one level a segment. An exact segment wins over "{name}", which
 * wins over "*"; finding costs a binary search a segment, however many routes there are. Built before the
 * server starts, read-only afterwards. */
#ifndef NERDX_HTTP_ROUTES_H
#define NERDX_HTTP_ROUTES_H

#include "http/server.h"

enum { ROUTES_MAX_PARAMS = 8, ROUTES_MAX_DEPTH = 16 };

typedef struct RouteNode RouteNode;

typedef struct Routes {
    Arena arena;
    RouteNode *root;
} Routes;

typedef struct RouteMatch {
    const Route *route; /* NULL: not found, or not with this method */
    const char *allow;  /* the methods of the path, "GET, HEAD, OPTIONS"; NULL when no route has this path */
    Params params;
    Str tail; /* what "*" stands for, decoded */
} RouteMatch;

void routes_init(Routes *routes);
void routes_finish(Routes *routes);

/* Errors: CONFLICT when taken, INVALID when the path is no template. */
Err routes_add(Routes *routes, const Route *route);

/* Errors: INVALID when a segment can't be decoded. */
Err routes_find(const Routes *routes, Arena *arena, Str method, Str path, RouteMatch *out);

#endif
