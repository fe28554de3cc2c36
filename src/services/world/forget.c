/* POST forget: takes back what a source said. */
#include "base/settle.h"
#include "services/world/room.h"

/* As if the source had never spoken, the past too. A source that said nothing is no error. */
Err world_forget(Call *call, const ForgetInput *in, Forgotten *out)
{
    AUTO_RESUME Settlement *suspended = settlement_suspend(); /* what went must be gone before the answer */
    World *world = call->service;

    TRY(graph_retract(world->graph, in->source, clock_wall_us(world->clock), &out->claims));
    return out->claims > 0 ? world_refresh(world) : OK;
}
