/* POST relationship: two entities are joined. */
#include <string.h>

#include "base/time.h"
#include "services/world/ingest/check.h"
#include "services/world/room.h"

/* What the contract calls the relationship is the fact's type. */
static Err point_at(Err e)
{
    if (e.code == INVALID)
        e.code = UNPROCESSABLE;
    return strcmp(e.pointer, "/type") == 0 ? err_at(e, "/relationship") : e;
}

static Err check(World *world, Call *call, Str source, Fact *fact, bool *new_user)
{
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    AUTO_JSON json_t *values = NULL;
    Checker *checker =
        checker_create(world->graph, world->schema, catalogue, clock_wall_us(world->clock), SIZE_MAX);
    Err e = json_read(fact->relationship.properties, &values);

    fact->values = values;
    if (!failed(&e))
        e = checker_check(checker, call->arena, source, fact, new_user);
    fact->values = NULL;
    checker_destroy(checker);
    return failed(&e) ? point_at(e) : OK;
}

static Err read_since(Str since, int64_t *out)
{
    if (since.data == NULL || time_parse(since, out))
        return OK;
    return err_at(err(INVALID, "since: there is no such moment; expected 2026-11-23T12:00:00Z"), "/since");
}

/* Writes the relationship, and before it the visitor when there is a new one. */
static Err write_fact(World *world, Str source, const Fact *fact, bool new_user, GraphVerdict *verdict)
{
    GraphOrigin origin = {.name = source, .now_us = clock_wall_us(world->clock)};
    GraphNode user = checker_new_user(fact->relationship.from);
    GraphVerdict of_user;
    GraphBatch batch = {
        .nodes = &user,
        .node_count = new_user ? 1 : 0,
        .relationships = &fact->relationship,
        .relationship_count = 1,
        .node_verdicts = &of_user,
        .relationship_verdicts = verdict,
    };

    TRY(graph_put(world->graph, origin, batch));
    return *verdict != GRAPH_NO_END ? OK : err(NOT_FOUND, "one of its ends went away meanwhile");
}

/* Joins two entities; joining them again only updates the properties. NOT_FOUND names the missing end; UNPROCESSABLE
 * when the schema knows no such relationship between these labels. */
Err world_relate(Call *call, const RelateInput *in, Related *out)
{
    static const RelatedVerdict words[] = {
        [GRAPH_ADDED] = RELATED_VERDICT_ADDED,
        [GRAPH_CHANGED] = RELATED_VERDICT_CHANGED,
        [GRAPH_SAME] = RELATED_VERDICT_SAME,
    };
    World *world = call->service;
    Fact fact = {.relationship = {.type = in->relationship, .from = in->from, .to = in->to}};
    GraphVerdict verdict;
    bool new_user;

    fact.relationship.properties = in->properties.data != NULL ? in->properties : STR("{}");
    TRY(read_since(in->since, &fact.relationship.at_us));
    TRY(check(world, call, in->source, &fact, &new_user));
    TRY(write_fact(world, in->source, &fact, new_user, &verdict));
    out->verdict = words[verdict];
    return verdict == GRAPH_SAME ? OK : world_refresh(world);
}
