/* POST learn: what users did. Facts are in teach.c. */
#include "base/time.h"
#include "services/world/room.h"
#include "services/world/teach.h"

/* The main label of an entity: from the catalogue when it is there, otherwise from the graph. */
static Err label_of(World *world, Arena *arena, const Catalogue *catalogue, Str id, Str *out)
{
    const CatalogueEntity *entity = catalogue_find(catalogue, id);
    GraphNode node;

    if (entity != NULL) {
        *out = entity->labels.items[0];
        return OK;
    }
    TRY(graph_get_node(world->graph, arena, id, GRAPH_NOW, &node));
    *out = graph_main_label(&node);
    return OK;
}

/* The relationship's properties: what came, and the score under its name. */
static Err properties_of(Arena *arena, const LearnEvent *event, Json *out)
{
    AUTO_JSON json_t *properties = NULL;

    if (event->properties.data == NULL && !event->has_score) {
        *out = STR("{}");
        return OK;
    }
    TRY(json_read(event->properties.data != NULL ? event->properties : STR("{}"), &properties));
    if (event->has_score)
        json_object_set_new(properties, "score", json_real(event->score));
    *out = json_text(arena, properties);
    return OK;
}

static Err check_event(World *world, Call *call, const Catalogue *catalogue, const LearnEvent *event,
                       size_t i)
{
    Str label;
    Err e = label_of(world, call->arena, catalogue, event->entity_id, &label);

    if (e.code == NOT_FOUND)
        return err_at(err(UNPROCESSABLE, "%s", e.message), "/events/%zu/entity_id", i);
    TRY(e);
    e = schema_check_learned(world->schema, event->type, label);
    return failed(&e) ? err_at(e, "/events/%zu/type", i) : OK;
}

/* What the user did, as the graph keeps it. */
static Err interaction_of(World *world, Call *call, const LearnEvent *event, size_t i, int64_t now_us,
                          GraphInteraction *out)
{
    *out = (GraphInteraction){
        .event_id = event->event_id,
        .user = event->user_id,
        .type = event->type,
        .entity = event->entity_id,
        .once = schema_relationship(world->schema, event->type)->once,
        .at_us = now_us,
    };
    if (event->timestamp.data != NULL && !time_parse(event->timestamp, &out->at_us))
        return err_at(err(INVALID, "timestamp: there is no such moment; expected 2026-11-23T12:00:00Z"),
                      "/events/%zu/timestamp", i);
    return properties_of(call->arena, event, &out->properties);
}

Json world_new_user(Arena *arena, int64_t now_us)
{
    return str_format(arena, "{\"created_at\":\"%.*s\"}", STR_ARG(time_format(arena, now_us)));
}

static Err learn_events(Call *call, const LearnInput *in, LearnResult *out)
{
    World *world = call->service;
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    GraphInteraction *interactions = arena_array(call->arena, GraphInteraction, in->events.count);
    int64_t now_us = clock_wall_us(world->clock);
    size_t accepted;

    for (size_t i = 0; i < in->events.count; i++) {
        TRY(check_event(world, call, catalogue, &in->events.items[i], i));
        TRY(interaction_of(world, call, &in->events.items[i], i, now_us, &interactions[i]));
    }
    TRY(graph_record(world->graph, interactions, in->events.count, world_new_user(call->arena, now_us),
                     &accepted));
    teller_note(world->teller);
    recommender_note(world->recommender, accepted);
    world_count(world, EVENTS, EVENT_ACCEPTED, accepted);
    world_count(world, EVENTS, EVENT_DUPLICATE, in->events.count - accepted);
    out->accepted = (int64_t)accepted;
    out->duplicates = (int64_t)(in->events.count - accepted);
    return OK;
}

/* Records what users did: all of it or nothing, once however often it is sent; or takes what is right of the facts.
 * UNPROCESSABLE names the first event whose entity or relationship the world doesn't know. */
Err world_learn(Call *call, const LearnInput *in, LearnResult *out)
{
    return in->facts.items != NULL ? teach_facts(call, in, out) : learn_events(call, in, out);
}
