/* Accepting and rejecting. */
#include "base/time.h"
#include "services/world/review/judge.h"
#include "services/world/review/review.h"
#include "services/world/room.h"

static const char BY[] = "a person";

Str review_origin(Arena *arena, Str source)
{
    return str_format(arena, "review:%.*s", STR_ARG(source));
}

static json_t *text_value(Str text)
{
    return json_stringn(text.data, text.len);
}

/* What the property `accepted` says. */
static json_t *stamp_of(Arena *arena, const Proposal *proposal, int64_t decided_us)
{
    json_t *stamp = json_object();

    json_object_set_new(stamp, "document", text_value(proposal->source));
    json_object_set_new(stamp, "line", json_integer(proposal->line));
    json_object_set_new(stamp, "passage", text_value(proposal->passage));
    json_object_set_new(stamp, "model", text_value(proposal->model));
    json_object_set_new(stamp, "run", text_value(proposal->run));
    json_object_set_new(stamp, "proposal", json_integer(proposal->number));
    json_object_set_new(stamp, "by", json_string(BY));
    json_object_set_new(stamp, "at", text_value(time_format(arena, decided_us)));
    return stamp;
}

static Err stamped(Arena *arena, const Proposal *proposal, int64_t decided_us, Json *out)
{
    AUTO_JSON json_t *object = NULL;
    json_t *properties;

    TRY(json_read(proposal->fact, &object));
    properties = json_object_get(object, "properties");
    if (properties == NULL) {
        properties = json_object();
        json_object_set_new(object, "properties", properties);
    }
    json_object_set_new(properties, JUDGE_ACCEPTED, stamp_of(arena, proposal, decided_us));
    *out = json_text(arena, object);
    return OK;
}

/* Tells the graph, and the reason when it won't have it. */
static Err teach(World *world, Arena *arena, const Proposal *proposal, int64_t decided_us)
{
    Call call = {.arena = arena, .service = world, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    LearnInput in = {.source = review_origin(arena, proposal->source)};
    LearnResult out = {0};
    Json fact;

    TRY(stamped(arena, proposal, decided_us, &fact));
    in.facts.items = &fact;
    in.facts.count = 1;
    TRY(world_learn(&call, &in, &out));
    if (out.verdicts.items[0].verdict == FACT_VERDICT_VERDICT_REFUSED)
        return err(UNPROCESSABLE, "proposal %lld doesn't fit: %.*s", (long long)proposal->number,
                   STR_ARG(out.verdicts.items[0].reason));
    return OK;
}

static Err must_wait(const Proposal *proposal)
{
    if (proposal->state == PROPOSAL_WAITS)
        return OK;
    return err(CONFLICT, "proposal %lld is %s already", (long long)proposal->number,
               PROPOSAL_STATES[proposal->state]);
}

Err review_accept(World *world, Proposals *proposals, const Proposal *proposal)
{
    AUTO_ARENA Arena arena = {0};
    int64_t decided_us = proposal->decided_us;
    Err e;

    TRY(must_wait(proposal));
    if (decided_us == 0) {
        decided_us = clock_wall_us(world->clock);
        TRY(proposals_begin(proposals, proposal->number, decided_us));
    }
    e = teach(world, &arena, proposal, decided_us);
    if (e.code == UNPROCESSABLE)
        TRY(proposals_begin(proposals, proposal->number, 0));
    TRY(e);
    return proposals_decide(proposals, proposal->number, PROPOSAL_ACCEPTED, decided_us);
}

Err review_reject(World *world, Proposals *proposals, const Proposal *proposal)
{
    TRY(must_wait(proposal));
    if (proposal->decided_us != 0)
        return err(CONFLICT,
                   "proposal %lld is half accepted: accept it, then take it back with nerdx ingest --retract",
                   (long long)proposal->number);
    return proposals_decide(proposals, proposal->number, PROPOSAL_REJECTED, clock_wall_us(world->clock));
}
