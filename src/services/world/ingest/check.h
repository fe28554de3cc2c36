/* Holds facts against the schema and the graph before they are written: labels and properties must be known, a
 * relationship must be allowed between its ends, and ends that are given by name become ids. For one thread. */
#ifndef NERDX_SERVICES_WORLD_INGEST_CHECK_H
#define NERDX_SERVICES_WORLD_INGEST_CHECK_H

#include "services/world/catalogue.h"
#include "services/world/ingest/fact.h"
#include "services/world/schema.h"

typedef struct Checker Checker;

/* What visitors did and say no time of happened at moment_us. The catalogue resolves names; it is borrowed, and may be
 * exchanged for a newer one. What ids stand for is remembered
 * for up to max_remembered of them, then looked up again: memory stays flat and nothing else changes. */
Checker *checker_create(Graph *graph, const Schema *schema, const Catalogue *catalogue, int64_t moment_us,
                        size_t max_remembered);
void checker_destroy(Checker *checker); /* accepts NULL */
void checker_renew(Checker *checker, const Catalogue *catalogue);
void checker_set_moment(Checker *checker, int64_t moment_us);

/* Completes the fact: its ends' ids, its key if it has none (made from where it stands), when it happened.
 * *new_user tells that the relationship's `from` is a visitor nobody has met, to be made before it.
 * Errors: INVALID, with a pointer; NOT_FOUND when an end isn't there, which may be because it comes later. */
Err checker_check(Checker *checker, Arena *arena, Str origin, Fact *fact, bool *new_user);

/* What a visitor whom nobody has met is made as. */
GraphNode checker_new_user(Str id);

#endif
