/* Who speaks in a session among nodes that share a key-value store: a lease, which ends by itself with a node that is gone. It keeps
 * turns in order and loses none when it fails: where the store can't be reached everybody may speak, as on one node alone.
 *
 *     Floor *floor = floor_create(kv, told, context);
 *     floor_ask(floor, session, who);      told(context, who, is_ours), soon; again while it is needed, to keep it or to get it
 *     floor_leave(floor, session, who); */
#ifndef NERDX_SERVICES_AGENTS_FLOOR_H
#define NERDX_SERVICES_AGENTS_FLOOR_H

#include "stores/kv/kv.h"

enum { FLOOR_MS = 3000 }; /* how long it is somebody's who doesn't ask again */

typedef struct Floor Floor;

/* Called once for each time it was asked for, on any thread, perhaps before floor_ask returns. It must be quick. */
typedef void (*FloorFn)(void *context, int64_t who, bool is_ours);

Floor *floor_create(Kv *kv, FloorFn told, void *context);
void floor_destroy(Floor *floor); /* waits for what was asked; accepts NULL */

/* A number for who may speak, like no other. */
int64_t floor_new_who(void);

void floor_ask(Floor *floor, uint64_t session, int64_t who);
void floor_leave(Floor *floor, uint64_t session, int64_t who);

#endif
