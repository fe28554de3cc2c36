/* An empty graph, made anew for each test. The program's argument is the graph: "sqlite" (a file of its own) or the URL of
 * a Neo4j whose content is of no value, to which NERDX_WORLD_GRAPH_USER and NERDX_WORLD_GRAPH_PASSWORD give access. */
#ifndef NERDX_TESTS_CONFORMANCE_GRAPH_FIXTURE_H
#define NERDX_TESTS_CONFORMANCE_GRAPH_FIXTURE_H

#include "check.h"
#include "stores/graph/graph.h"

typedef struct Garden {
    char folder[64];
    char url[128];
    GraphAccess access;
    Graph *graph;
    Arena arena;
} Garden;

void garden_use_url(int argc, char **argv); /* ends the program when there is none */
int open_garden(void **state);
int close_garden(void **state);
#define garden_test(f) cmocka_unit_test_setup_teardown(f, open_garden, close_garden)

/* Closes the graph and opens it again, as a restart does. */
void reopen(Garden *garden);

/* Says one thing in a batch of its own. */
void say_node(Garden *garden, GraphOrigin origin, const char *key, const char *label, const char *properties);
void say(Garden *garden, GraphOrigin origin, GraphRelationship relationship);

/* The same by somebody, of whom it doesn't matter who. */
#define BOOK ((GraphOrigin){STR("book"), 1000})
void put_node(Garden *garden, const char *key, const char *label, const char *properties);
void put_relationship(Garden *garden, const char *type, const char *from, const char *to, int64_t at_us);
Err record(Garden *garden, GraphInteraction interaction, size_t *accepted);

/* "Drink,Sample@5 {…}": a node at a moment, or "none". */
Str node_at(Garden *garden, const char *key, int64_t moment_us);

/* "book:3@5-9 {…}; novel@0 {…}": who says so, on which line, from when to when. */
Str node_claims(Garden *garden, const char *key);
Str relationship_claims(Garden *garden, const char *type, const char *from, const char *to);

/* "IS_A>takju@5 {…}; LIKES<minji@7 {…}": what the node is joined to, in order. */
Str neighbours(Garden *garden, const char *key, GraphDirection direction, const char *type, size_t limit);
Str neighbours_at(Garden *garden, const char *key, int64_t moment_us);
Str context(Garden *garden, const char *user, size_t limit);

#endif
