#include "services/agents/tools/operations.h"

/* What was chosen must be a product: an agent that made it up is told so. */
static Err check_products(const TurnTools *tools, Call *call, StrList products)
{
    for (size_t i = 0; i < products.count; i++) {
        WorldGetEntityInput in = WORLD_GET_ENTITY_INPUT_DEFAULTS;
        Entity entity;
        in.id = products.items[i];
        in.limit = 0;
        Err e = world_client_get_entity(tools->world, call, &in, &entity);
        if (failed(&e) && e.code != NOT_FOUND)
            return e;
        if (failed(&e) || !texts_have((Texts){entity.labels.items, entity.labels.count}, STR("Product")))
            return err_at(err(UNPROCESSABLE, "products: %.*s is no product", STR_ARG(in.id)), "/products/%zu",
                          i);
    }
    return OK;
}

/* A turn as far as it takes to know what the visitor speaks of. */
static Err look_into(Turn *turn, const AgentHandoff *target, const ToolHandOff *chosen)
{
    Way way;

    TRY(turn_hear(turn, &way));
    TRY(turn_gather_context(turn, &way));
    TRY(turn_retrieve(turn, &way));
    return turn_hand_off(turn, target, chosen);
}

static Err find_target(const TurnTools *tools, const ToolsHandOffInput *in, const Agent **from,
                       const AgentHandoff **target)
{
    TRY(agent_book_get(tools->agents, in->from, from));
    *target = agent_handoff_to(*from, in->agent);
    return *target != NULL ? OK
                           : err_at(err(UNPROCESSABLE, "agent: %s hands nobody over to \"%.*s\"",
                                        (*from)->name, STR_ARG(in->agent)),
                                    "/agent");
}

Err operation_hand_off(const TurnTools *tools, Call *call, const ToolsHandOffInput *in, Handoff *out)
{
    Turn *turn = arena_new(call->arena, Turn);
    const AgentHandoff *target;
    const ChatInput said = {
        .user_id = in->user_id,
        .session_id = in->session_id,
        .message = in->message,
        .has_language = in->has_language,
        .language = in->language,
    };
    Err e;

    *turn = (Turn){.tools = tools, .call = call, .in = &said, .at_us = clock_wall_us(tools->clock)};
    turn->id = STR("");
    TRY(find_target(tools, in, &turn->agent, &target));
    TRY(check_products(tools, call, in->body.products));
    e = look_into(turn, target, &in->body);
    if (!failed(&e))
        *out = *turn->handoff;
    if (turn->book != NULL)
        fact_shelf_give_back(tools->shelf, turn->book);
    return e;
}
