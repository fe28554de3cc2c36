/* Calls between the processes of a fleet: each shows that it knows the fleet's secret, and for whom it calls.
 *
 *     Authorization: Nerdx-Node EXPIRES.KIND.PERMISSIONS.PROVED.SESSION.SUBJECT.MAC
 *
 * all in hexadecimal; MAC is HMAC-SHA-256 (RFC 2104) of the method, the target and what stands before it, so that what was heard
 * is good for half a minute and the same question only. The body isn't in it, and nothing is encrypted: nodes talk on a
 * network of their own. Such a call isn't counted, and what the contract asks of a caller has been checked where it came from. */
#ifndef NERDX_GATEWAY_NODE_H
#define NERDX_GATEWAY_NODE_H

#include "base/clock.h"
#include "http/server.h"

enum { NODE_SECRET_LEAST = 32 /* bytes */, NODE_PASS_S = 30 };

typedef struct NodePolicy {
    Str secret; /* absent: no node is known, and none is believed */
    const Clock *clock;
} NodePolicy;

/* Errors: INVALID when the secret is shorter than it must be. */
Err node_policy_check(const NodePolicy *policy);

/* What to send as Authorization, in the arena. */
const char *node_pass(const NodePolicy *policy, Arena *arena, const Identity *identity, Str method,
                      Str target);

/* Errors: UNAUTHORIZED when it is no pass of this fleet's for that question and time. */
Err node_pass_read(const NodePolicy *policy, Arena *arena, Str pass, Str method, Str target, Identity *out);

/* Believes a pass, and refuses what claims to be one and isn't. The policy must outlive the server. */
Filter node_filter(const NodePolicy *policy);

#endif
