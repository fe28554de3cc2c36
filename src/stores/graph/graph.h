/* The graph of the world model: one interface, one file a twin (sqlite.c; neo4j.c). Nodes have a key, a set of labels and
 * properties (JSON); relationships have a type, ends, a time and properties.
 *
 * What the graph holds is the sum of claims. A claim is what one origin (a file, an import, a conversation turn, an
 * event) says of a node or a relationship, from a moment on and until it says otherwise. A node or relationship exists
 * while a claim for it is open; its properties are those of its open claims laid over each other in the order they were
 * written (a node's labels are those of all of them; the main one is the first of the oldest). In detail, the same for
 * every twin (claims.h has the rules as functions):
 *  - "now" has the claims without an end, whenever they begin; a moment has those that begin at or before it and end
 *    after it;
 *  - a node whose claims have all ended stays, as it last was, while a relationship that is open touches it;
 *  - a user of graph_record exists by what they did: that claim (origin "events", since the first thing they did) counts
 *    only where no other is open;
 *  - a relationship is at the time of the claim that was recorded, else of the oldest that is open;
 *  - of what was recorded once, each ends when the next begins.
 *
 * Promises, the same on every twin and checked by tests/conformance/graph:
 *  - a write that returned OK is durable and seen by every later read; a batch is all or nothing;
 *  - reads are ordered totally (ties by key), so that two twins give the same answer;
 *  - an origin that says the same again changes nothing (a new line number is noted; a beginning earlier than the one
 *    that is known is no news); one that says something else closes its earlier claim, which the past (as_of_us) keeps:
 *    the new one begins at now_us, or when it says if that is after the earlier one's beginning. Where either has an end
 *    of its own the past is corrected, too;
 *  - after graph_retract the graph, its past too, equals one that never heard of the origin;
 *  - graph_record is idempotent by event id;
 *  - what a write changed is in the outbox exactly when it is committed.
 * Errors: NOT_FOUND names the key; UNAVAILABLE when the store can't be reached. */
#ifndef NERDX_STORES_GRAPH_GRAPH_H
#define NERDX_STORES_GRAPH_GRAPH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "stores/sql/sql.h"

typedef struct Graph Graph;

enum { GRAPH_MAX_LABELS = 16 };

/* Moments are microseconds since 1970, UTC. As a beginning 0 is "always", as an end GRAPH_FOREVER is "still". */
#define GRAPH_FOREVER INT64_MAX
/* As the moment of a read: what holds now. */
#define GRAPH_NOW 0

typedef struct GraphNode {
    Str key;
    const Str *labels; /* the first is the main one */
    size_t label_count;
    int64_t since_us; /* of the claim, when written; of the oldest open claim, when read */
    int64_t until_us; /* 0 in what is written is read as GRAPH_FOREVER */
    int64_t line;     /* where the origin says so; 0 = no line */
    Json properties;  /* an object */
} GraphNode;

/* Empty for a node without labels, as an open schema lets it be. */
static inline Str graph_main_label(const GraphNode *node)
{
    return node->label_count > 0 ? node->labels[0] : STR("");
}

typedef enum GraphDirection { GRAPH_OUT, GRAPH_IN, GRAPH_BOTH } GraphDirection;

/* A relationship as seen from the node that was asked, with what lists show of the node at its other end. */
typedef struct GraphNeighbour {
    int64_t id; /* of the relationship, in this store, until it is rewritten */
    Str relationship;
    GraphDirection direction; /* OUT or IN */
    Str key;
    Str label;     /* its main one */
    Str name;      /* its property name, else title, else its key */
    int64_t at_us; /* since when the relationship holds, or when it happened */
    int64_t until_us;
    Json properties;
} GraphNeighbour;

/* Where a page of neighbours ended, as the next one begins after it; all zero = from the first. */
typedef struct GraphPlace {
    Str relationship;
    int64_t at_us;
    Str key;
    GraphDirection direction;
    int64_t id;
} GraphPlace;

/* Which neighbours are asked for. */
typedef struct GraphView {
    GraphDirection direction;
    const Str *types;  /* of relationships */
    size_t type_count; /* 0 = all types */
    size_t limit;
    int64_t as_of_us; /* GRAPH_NOW or a moment */
    GraphPlace after;
    bool bare; /* without the neighbours' labels and names, which cost more than all the rest */
} GraphView;

typedef struct GraphRelationship {
    Str type;
    Str from;
    Str to;
    int64_t at_us;    /* since when it holds, or when it happened */
    int64_t until_us; /* 0 in what is written is read as GRAPH_FOREVER */
    int64_t line;
    /* Written: each claim is a relationship of its own, as what happened is (a second CHATTED_WITH). An origin's on the
     * same line, between the same ends, are one; without a line those that are alike in all. */
    bool repeats;
    Json properties;
} GraphRelationship;

/* What became of an item of a batch: the origin hadn't said it, had said otherwise, had said the same; one of the
 * relationship's ends doesn't exist, and it was left out. */
typedef enum GraphVerdict { GRAPH_ADDED, GRAPH_CHANGED, GRAPH_SAME, GRAPH_NO_END } GraphVerdict;

/* What a batch of writes says. */
typedef struct GraphBatch {
    const GraphNode *nodes;
    size_t node_count;
    const GraphRelationship *relationships;
    size_t relationship_count;
    GraphVerdict *node_verdicts;         /* both filled in when given, one an item; */
    GraphVerdict *relationship_verdicts; /* a missing end is then a verdict and no error */
} GraphBatch;

/* Who says it, and when. */
typedef struct GraphOrigin {
    Str name;       /* "content", "file:rice.jsonl", "turn:01J…"; never empty, nor "events" or "event:…" */
    int64_t now_us; /* the moment of writing: when a claim that replaces another begins and the other ends */
    bool rehearse;  /* finds the verdicts and keeps nothing */
} GraphOrigin;

/* What one origin says of a node or relationship. */
typedef struct GraphClaim {
    Str origin;
    int64_t line;
    int64_t since_us;
    int64_t until_us;
    Json properties; /* what this one says, not the sum */
} GraphClaim;

/* One thing a user did: a relationship (user)-[type]->(entity) whose origin is "event:<event_id>". */
typedef struct GraphInteraction {
    Str event_id;
    Str user;
    Str type;
    Str entity;
    bool once; /* the latest one between these two closes the earlier; otherwise each is kept */
    int64_t at_us;
    Json properties; /* score and what else came */
} GraphInteraction;

typedef Err (*GraphNodeFn)(void *context, const GraphNode *node);
typedef Err (*GraphRelationshipFn)(void *context, const GraphRelationship *relationship);

/* Where a graph is, and who is let in. */
typedef struct GraphAccess {
    const char *url;      /* "sqlite:/path/world.db", "neo4j://host:port" (see neo4j/neo4j.c) */
    const char *user;     /* NULL where the store knows none */
    const char *password; /* the same; never part of the URL, and never logged */
} GraphAccess;

Err graph_open(const GraphAccess *access, Graph **out);
/* For `nerdx doctor`: looks and changes nothing; *report is one line. Errors say what to do. */
Err graph_check(const GraphAccess *access, Arena *arena, Str *report);
/* What it is made of where it lies in tables of stores/sql, for what works on all those alike (migrate, export, import,
 * backup); false: it doesn't. */
bool graph_tables(const char *url, SqlMigrations *out);
void graph_close(Graph *graph);             /* accepts NULL */
bool graph_reads_block(const Graph *graph); /* true when reads go over a network */
size_t graph_batch(const Graph *graph);     /* facts of a kind that a graph_put of many is best made of */

Err graph_get_node(Graph *graph, Arena *arena, Str key, int64_t as_of_us, GraphNode *out);
/* Ordered by relationship type, then newest first, then key, OUT before IN, then id. An unknown key has no neighbours. */
Err graph_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                         size_t *count);
/* A user's latest interactions of every type, newest first, then by type and key. */
Err graph_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                           size_t *count);

/* Who says so: every claim, closed ones too, in the order of writing. Of a relationship: all between these two of this type. */
Err graph_get_node_claims(Graph *graph, Arena *arena, Str key, GraphClaim **out, size_t *count);
Err graph_get_relationship_claims(Graph *graph, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                  size_t *count);

/* Adds what an origin says, all in one transaction, nodes before relationships. NOT_FOUND names a missing end. */
Err graph_put(Graph *graph, GraphOrigin origin, GraphBatch batch);

/* The same, as everything that the origin has to say: what it said before and doesn't say now is closed. (Nodes that
 * something still refers to stay, see above.) Sets a mark in the same transaction. */
Err graph_replace(Graph *graph, GraphOrigin origin, GraphBatch batch, Str mark_name, Str mark_value);

/* Forgets everything the origin ever said, and what others said that couldn't have been said without it: relationships
 * that found both their ends only because of it when they were written, users who did nothing else (the others keep the
 * properties they were made with). *claims: how many went. An unknown origin is no error. */
Err graph_retract(Graph *graph, Str origin, int64_t now_us, int64_t *claims);

/* What a user did becomes what another did, the past too, as if that one had done it from the start (to absent: nobody did it). Users
 * who are new are made as by graph_record. What nothing but this user still referred to is left behind. *events: how many went; none
 * the second time. What others say of the user, claims of other origins, stays theirs. */
Err graph_move_user(Graph *graph, Str from, Str to, Json new_user_properties, int64_t *events);

/* Records a batch: *accepted of them were new. A user who is new is made with the label User and these properties.
 * NOT_FOUND names the first entity that doesn't exist, its pointer is "/<place in the batch>". */
Err graph_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                 size_t *accepted);

/* Every node with the main label (absent = all), by key; every relationship of the type (absent = all), by type,
 * from, to, time and id. What holds now. */
Err graph_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context);
Err graph_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context);

/* What changed, for those who keep a copy in memory: the version grows with each graph_put, graph_replace and
 * graph_retract that changed something, on every replica of one store; graph_record doesn't move it.
 * graph_scan_changed gives each node that was made, changed or lost, or whose relationships were, after version `since`
 * (node->label_count is 0 for one that is gone), by key, and the version it read. Errors: TOO_LARGE when the store
 * doesn't keep any more what changed so long ago: all is to be read anew. */
Err graph_get_version(Graph *graph, int64_t *out);
Err graph_scan_changed(Graph *graph, int64_t since, GraphNodeFn on_node, void *context, int64_t *version);

/* ---- The outbox: what happened, for who tells others ----
 *
 * Each write leaves what came of it, in its own transaction: nothing when nothing did. Who hands it over does so in the order of
 * `number`, which is that of the commits, and then drops it. A crash between the two hands it over again, under the same id. */

enum { GRAPH_TOLD_EACH = 100 /* keys that a write changed are told one by one up to here */ };

typedef enum GraphHappened {
    HAPPENED_CHANGED = 1,  /* a node: it was made, or it or a relationship that leaves it changed */
    HAPPENED_GONE = 2,     /* a node isn't shown any more */
    HAPPENED_FILLED = 3,   /* more than GRAPH_TOLD_EACH nodes at once */
    HAPPENED_RECORDED = 4, /* something that a user did */
} GraphHappened;

typedef struct GraphHappening {
    int64_t number; /* microseconds since 1970 when it was written, moved on where the clock isn't */
    Str id;
    GraphHappened what;
    Str key;         /* the node's, the user's; empty: FILLED */
    Str event_id;    /* RECORDED: the interaction's; else empty */
    int64_t version; /* that the writing made; 0: RECORDED, which makes none */
    int64_t nodes;   /* FILLED: how many; else 1 */
    Str traceparent; /* of who wrote; empty: nobody's */
} GraphHappening;

/* The oldest. */
Err graph_list_outbox(Graph *graph, Arena *arena, size_t most, GraphHappening **out, size_t *count);
/* All up to this number are handed over. */
Err graph_drop_outbox(Graph *graph, int64_t number);

/* A small named text kept with the graph, such as the digest of the content it was seeded with; absent when
 * unset. */
Err graph_get_mark(Graph *graph, Arena *arena, Str name, Str *out);
Err graph_set_mark(Graph *graph, Str name, Str value);

/* ---- Questions in Cypher ---- */

typedef struct CypherQuery CypherQuery; /* stores/graph/cypher/ast.h */

/* What the asker may not see: nodes with one of these labels, relationships of these types, and those that join such a
 * node. For him they aren't there, not in counts and paths either. All zero: everything is seen. */
typedef struct GraphSight {
    const Str *hidden_labels;
    size_t hidden_label_count;
    const Str *hidden_types;
    size_t hidden_type_count;
} GraphSight;

/* What a question may use. */
typedef struct GraphBudget {
    size_t rows;  /* of the answer */
    size_t reads; /* nodes and relationships */
    size_t bytes; /* of memory */
    int64_t time_us;
} GraphBudget;

typedef struct GraphReading {
    const CypherQuery *query;
    Json parameters; /* an object; absent when there are none */
    GraphSight sight;
    GraphBudget budget;
} GraphReading;

typedef struct GraphTable {
    Str *columns;
    size_t column_count;
    Json rows; /* [[…],…], a value a column, written as cypher/engine/value_json.h says */
    size_t row_count;
} GraphTable;

/* Answers a query that cypher_parse gave. What holds now counts, all of one moment. Errors: UNPROCESSABLE when a value
 * doesn't fit (with line and column), a parameter is missing or the budget is used up. */
Err graph_read(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out);

#endif
