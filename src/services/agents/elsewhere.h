/* Turns that other nodes run, where nodes share a key-value store: who is asked to end one that it doesn't know asks all of them, and
 * the one that runs it ends it and says so. */
#ifndef NERDX_SERVICES_AGENTS_ELSEWHERE_H
#define NERDX_SERVICES_AGENTS_ELSEWHERE_H

#include "services/agents/live.h"
#include "stores/kv/kv.h"

enum { ELSEWHERE_MS = 500 }; /* for the other nodes to answer */

typedef struct Elsewhere Elsewhere;

/* Both must outlive it; turns: this node's. Errors: those of kv_subscribe. */
Err elsewhere_create(Kv *kv, LiveTurns *turns, Elsewhere **out);
void elsewhere_destroy(Elsewhere *elsewhere); /* nobody may be asking; accepts NULL */

/* As live_cancel. Waits until it is known, ELSEWHERE_MS at the most. False, too: nobody could be asked, or there is nobody else (NULL). */
bool elsewhere_cancel(Elsewhere *elsewhere, Str turn_id, Str user_id);

#endif
