/* How claims add up: the rules of graph.h that need no store, so that every twin has the same ones. Pure functions;
 * what they return lives in the arena or in what was given. Lists of claims are in the order of writing. */
#ifndef NERDX_STORES_GRAPH_CLAIMS_H
#define NERDX_STORES_GRAPH_CLAIMS_H

#include "stores/graph/graph.h"

/* What one origin says of a node. */
typedef struct NodeClaim {
    int64_t since_us;
    int64_t until_us; /* GRAPH_FOREVER: still */
    bool by_events;   /* what graph_record made the user with: counts only where nobody else says anything */
    const Str *labels;
    size_t label_count;
    Json properties;
} NodeClaim;

/* A node at a moment, without its key. Where no claim is open it is as it last was (for those that something refers
 * to), and held is false. */
typedef struct NodeSum {
    bool held;
    GraphNode node;
} NodeSum;

Err node_sum(Arena *arena, const NodeClaim *claims, size_t count, int64_t moment_us, NodeSum *out);

/* What one origin says of a relationship that doesn't repeat. */
typedef struct RelationshipClaim {
    int64_t at_us;
    int64_t until_us;
    bool recorded; /* by graph_record */
    Json properties;
} RelationshipClaim;

typedef struct RelationshipSum {
    bool held;
    size_t shown; /* which of the claims gives the relationship its id and its time */
    int64_t at_us;
    int64_t until_us;
    Json properties;
} RelationshipSum;

Err relationship_sum(Arena *arena, const RelationshipClaim *claims, size_t count, int64_t moment_us,
                     RelationshipSum *out);

/* Does a claim hold at the moment? GRAPH_NOW: it has no end. */
bool claim_is_open(int64_t since_us, int64_t until_us, int64_t moment_us);

/* When a claim, said to hold in [since, until), begins that takes the place of an earlier one of its origin, and when
 * the earlier one ends. What has no end is corrected from the moment of writing, or from when the new one says that it
 * began later than the earlier; what has an end of its own is corrected for the past, too. */
typedef struct Succession {
    int64_t begins_us;
    int64_t earlier_ends_us;
} Succession;

Succession claim_succeed(int64_t earlier_since_us, int64_t earlier_until_us, int64_t since_us,
                         int64_t until_us, int64_t now_us);

/* Whether saying [since, until) again is no news: a beginning that is earlier than the one known is none. */
bool claim_same_time(int64_t known_since_us, int64_t known_until_us, int64_t since_us, int64_t until_us);

/* Equal as text or as JSON, whatever the order of the members. */
bool json_same(Json a, Json b);

/* 0 in what is written is read as GRAPH_FOREVER. */
static inline int64_t end_of(int64_t until_us)
{
    return until_us != 0 ? until_us : GRAPH_FOREVER;
}

#endif
