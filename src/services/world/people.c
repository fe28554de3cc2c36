/* What a person did, as a whole: forgotten, or become another's. */
#include "base/settle.h"
#include "base/time.h"
#include "services/world/room.h"

Err world_forget_person(Call *call, const WorldForgetPersonInput *in, Forgotten *out)
{
    AUTO_RESUME Settlement *suspended = settlement_suspend(); /* what went must be gone before the answer */
    World *world = call->service;

    TRY(graph_move_user(world->graph, in->user_id, (Str){0}, (Json){0}, &out->claims));
    return out->claims > 0 ? world_refresh(world) : OK;
}

Err world_move_person(Call *call, const WorldMovePersonInput *in, EventsMoved *out)
{
    AUTO_RESUME Settlement *suspended = settlement_suspend();
    World *world = call->service;
    Json new_user = world_new_user(call->arena, clock_wall_us(world->clock));

    if (str_equal(in->user_id, in->body.to))
        return err_at(err(UNPROCESSABLE, "to: name another person than the one in the path"), "/to");
    TRY(graph_move_user(world->graph, in->user_id, in->body.to, new_user, &out->events));
    return out->events > 0 ? world_refresh(world) : OK;
}
