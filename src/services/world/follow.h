/* Keeps what can be searched up with the graph: with what this process writes, before the write is answered, and with
 * what other replicas write, within a quarter of a second. A change costs what changed, not what there is: it becomes a
 * segment of its own, and segments are merged when nobody waits for it (merge.h). */
#ifndef NERDX_SERVICES_WORLD_FOLLOW_H
#define NERDX_SERVICES_WORLD_FOLLOW_H

#include "services/world/world.h"

typedef struct Follower Follower;

/* Makes the graph searchable. Errors: those of the graph. With `lives` a thread looks for changes and merges. */
Err follower_create(World *world, bool lives, Follower **out);
void follower_destroy(Follower *follower); /* accepts NULL */

/* Takes in what has changed since. Errors: those of the graph; then nothing has been taken in. */
Err follower_catch_up(Follower *follower);

#endif
