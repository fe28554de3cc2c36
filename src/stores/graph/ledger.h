/* What all writes share: after claims were written or deleted, the rows that stand for their sums
 * are made right again, and what changed is noted for graph_scan_changed. */
#ifndef NERDX_STORES_GRAPH_LEDGER_H
#define NERDX_STORES_GRAPH_LEDGER_H

#include "stores/graph/claims.h"
#include "stores/graph/labels.h"
#include "stores/graph/outbox.h"
#include "stores/graph/rows.h"

enum {
    ORIGIN_EVENTS = 1,   /* as in the migration */
    ENDS_BY_ITSELF = 0,  /* closed: it says its end; still said */
    NO_LONGER_SAID = -1, /* closed: it said its end, and isn't said any more */
};

/* node_claim.seq of the claim of the events: the last, whenever it was written. */
#define SEQ_OF_EVENTS (INT64_C(1) << 52)

/* node.shown */
enum { NODE_GONE = 0, NODE_CLAIMED = 1, NODE_REFERRED_TO = 2 };

typedef struct Ledger {
    Rows *rows;
    Arena scratch;   /* for one item; its owner resets it */
    int64_t version; /* that the writing makes */
    int64_t turn;
    OutboxChange *changed;
    size_t changed_count;
    size_t changed_capacity;
} Ledger;

Err ledger_begin(Rows *rows, Ledger *ledger);
/* The node changed, or what it is joined to: relationships are those of the node they leave. The key's bytes are the caller's. */
void ledger_note(Ledger *ledger, Str key);
void ledger_note_end(Ledger *ledger, Str key); /* only what leads to it did */
Err ledger_end(Ledger *ledger);                /* writes down what was noted, if anything was */
void ledger_finish(Ledger *ledger);            /* accepts a zeroed one */
#define AUTO_LEDGER __attribute__((cleanup(ledger_finish)))

/* A node's claims as they are, in the order of writing; row and claim of the same place belong together. */
typedef struct NodeClaims {
    GraphSqlNodeClaimRow *rows;
    NodeClaim *claims;
    size_t count;
} NodeClaims;

/* The place of the next claim. */
int64_t ledger_next_seq(const NodeClaims *claims);
bool ledger_has_events(const NodeClaims *claims); /* then theirs is the last */

Err ledger_read_node(Rows *rows, Arena *arena, Str key, NodeClaims *out);

/* Makes the node's row the sum of its claims. */
Err ledger_refresh_node(Ledger *ledger, Str key);

/* The same for a node that is perhaps only there because something refers to it; cheap when it isn't such a one. */
Err ledger_refresh_referred(Ledger *ledger, Str key);

/* Makes one of the open claims for this relationship (that doesn't repeat) the shown one. */
Err ledger_refresh_relationship(Ledger *ledger, Str type, Str from, Str to);

/* Each of what was recorded once between the two ends when the next begins. */
Err ledger_chain_recorded(Ledger *ledger, Str type, Str from, Str to);

#endif
