/* The rows that one transaction on Neo4j reads and writes, in memory: read when somebody asks for them, or in one go by
 * draft_fetch for what is known to be needed, changed here, and written back by draft_write. So a batch costs two or
 * three round trips however many rows it touches. Rows are those of rows.h; how they lie in Neo4j is in neo4j.cypher.
 *
 * A draft that writes holds the lock of all writers (on the node _State) from its first request on: nothing it has read
 * can change under it. */
#ifndef NERDX_STORES_GRAPH_NEO4J_DRAFT_H
#define NERDX_STORES_GRAPH_NEO4J_DRAFT_H

#include "base/keymap.h"
#include "stores/graph/neo4j/familiar.h"
#include "stores/graph/neo4j/link.h"
#include "stores/graph/neo4j/native.h"
#include "stores/graph/rows.h"

/* What an origin says of a node; absent texts are those of the node. */
typedef struct DraftClaim {
    int64_t seq;
    int64_t origin;
    int64_t line;
    int64_t since_us;
    SqlMaybeInt until_us;
    int64_t written;
    SqlMaybeInt closed;
    Str labels;
    Str properties;
} DraftClaim;

typedef struct DraftRelationship {
    int64_t id;
    Str type;
    Str source;
    Str target;
    int64_t at_us;
    SqlMaybeInt until_us;
    bool shown;
    bool repeats;
    int64_t origin;
    int64_t line;
    int64_t written;
    SqlMaybeInt closed;
    SqlMaybeInt said_us;
    Str event;
    Str properties;
    Str sum;

    bool known;   /* false: of a recorded one only its ends and id are here yet */
    bool changed; /* differs from what is stored */
    bool deleted;
    bool stored;
    bool stored_shown;
    Str element; /* Neo4j's own id, where it is stored */
} DraftRelationship;

/* Those between two ends, or at one node; all of them once it is loaded. */
typedef struct DraftGroup {
    DraftRelationship **items;
    size_t count;
    size_t capacity;
    bool loaded;
} DraftGroup;

typedef struct DraftNode {
    Str key;
    bool known;  /* its row was read, or found missing */
    bool met;    /* it is known that there is a row and whether it is shown; the rest isn't here */
    bool whole;  /* met, and what joins it is familiar (familiar.h) */
    bool said;   /* met, and the draft's origin is among its own */
    bool exists; /* there is a row, be it shown or not */
    int64_t shown;
    Str label;
    int64_t since_us;
    SqlMaybeInt did_us;
    Str labels; /* a JSON array */
    Str properties;
    DraftClaim *claims; /* by seq */
    size_t claim_count;
    size_t claim_capacity;
    int64_t version; /* in which it last changed, as format 1 noted it on the node; 0 = none */

    Str *origins; /* that are known to say something of it, or of what leaves it */
    size_t origin_count;
    size_t origin_capacity;
    size_t stored_origin_count; /* of them, the first so many are in Neo4j */
    bool changed;               /* differs from what is stored, and in more than its version */
    bool version_changed;
    bool stored;
    Str stored_labels;   /* own labels that it has in Neo4j: absent unless it was shown */
    int64_t references;  /* relationships of it that are shown in Neo4j; -1 = not counted yet */
    DraftGroup touching; /* both ways; what the draft has of it until it is loaded */
} DraftNode;

typedef struct DraftOrigin {
    Str name;
    bool exists;
    bool stored;
    bool looked_up;
    bool loaded; /* with all that it ever said */
} DraftOrigin;

typedef struct Draft {
    Rows rows; /* first: a Draft is Rows */
    Link *link;
    LinkTx tx; /* of one that writes */
    bool reads_only;
    Familiar *familiar; /* NULL: all is read */
    Str said_by;        /* the origin whose draft it is, where something is familiar */
    int64_t turn;       /* that the lock was taken in */
    LinkPatience patience;
    Arena arena; /* everything in the draft */
    int64_t version;
    bool version_changed;
    int64_t next_id;
    bool next_id_changed;
    NativeNames odd; /* names of properties that Neo4j can't show as they are */

    StrIdMap node_places;
    DraftNode **nodes;
    size_t node_count;
    size_t node_capacity;

    StrIdMap end_places; /* "type\nfrom\nto" */
    DraftGroup **ends;
    size_t end_count;
    size_t end_capacity;

    StrIdMap relationship_places; /* by id, as its bytes */
    DraftRelationship **relationships;
    size_t relationship_count;
    size_t relationship_capacity;

    StrIdMap event_places; /* of relationships; DRAFT_NO_EVENT: looked for and not there */
    StrIdMap origin_places;
    DraftOrigin *origins; /* the id is the place + 1 */
    size_t origin_count;
    size_t origin_capacity;

    int64_t number; /* the latest of the outbox */
    GraphHappening *happenings;
    size_t happening_count;
    size_t happening_capacity;

    Str mark_name; /* to be set; absent = none */
    Str mark_value;
} Draft;

#define DRAFT_NO_EVENT (KEYMAP_NONE - 1)

/* What is going to be needed: read in one request. */
typedef struct DraftEnds {
    Str type;
    Str from;
    Str to;
} DraftEnds;

typedef struct DraftWants {
    const Str *nodes;
    size_t node_count;
    const Str
        *met; /* nodes of which it is enough to know whether they are there; the origin isn't absent then */
    size_t met_count;
    const DraftEnds *ends;
    size_t end_count;
    const Str *events;
    size_t event_count;
    Str origin; /* whether there is one of this name; absent = not asked */
} DraftWants;

/* A draft that writes: takes the lock and reads what is wanted and not familiar (NULL: nothing is). Errors: those of
 * link_begin; CONFLICT asks for another try of the whole (link_retry), also when somebody else has written: then nothing
 * is familiar any more. */
Err draft_begin(Draft *draft, Link *link, LinkPatience patience, Familiar *familiar, const DraftWants *wants);
/* One that only reads. */
void draft_begin_reads(Draft *draft, Link *link);
Err draft_commit(Draft *draft);  /* writes what has changed; from then on it is familiar */
void draft_finish(Draft *draft); /* rolls back what wasn't committed */
#define AUTO_DRAFT __attribute__((cleanup(draft_finish)))

/* ---- between its files: draft.c finds and adds, draft_load.c reads and draft_take.c takes the answers, draft_nodes.c
 * and draft_relationships.c are the row functions, draft_write.c and draft_write_relationships.c write back ---- */

extern const RowsTwin DRAFT_ROWS;

DraftNode *draft_node(Draft *draft, Str key); /* made when new, not known then */
void draft_add_claim(Draft *draft, DraftNode *node, DraftClaim claim);
void draft_note_origin(Draft *draft, DraftNode *node, Str name);

DraftRelationship *draft_find_relationship(const Draft *draft, int64_t id);
/* Put into its groups; not known yet. */
DraftRelationship *draft_add_relationship(Draft *draft, int64_t id, Str type, Str source, Str target);
Str draft_ends_text(Arena *arena, Str type, Str from, Str to);
DraftGroup *draft_ends(Draft *draft, Str type, Str from, Str to);
void draft_place_event(Draft *draft, Str event, const DraftRelationship *r); /* r NULL: there is none */

int64_t draft_origin_id(Draft *draft, Str name); /* made when new */
DraftOrigin *draft_origin(const Draft *draft, int64_t id);

/* The rows of one statement's answer, in the columns of neo4j.cypher. */
Err draft_take_nodes(Draft *draft, const CypherReply *reply, size_t statement);
void draft_take_met(Draft *draft, const json_t *row);
void draft_take_relationships(Draft *draft, const CypherReply *reply, size_t statement, bool shown);
void draft_take_event(Draft *draft, const json_t *row);

/* Each reads what isn't there yet; draft_fetch all of it in one request (two where there is much), in the first of which
 * a draft that writes takes its lock. */
Err draft_fetch(Draft *draft, const DraftWants *wants);
Err draft_need_node(Draft *draft, Str key, DraftNode **out);
Err draft_need_met(Draft *draft, Str key, DraftNode **out); /* its row may not be here */
bool draft_is_whole(
    const DraftNode *node); /* what the draft doesn't know to join it doesn't, unless it is familiar */
Err draft_need_ends(Draft *draft, Str type, Str from, Str to, DraftGroup **out);
Err draft_need_touching(Draft *draft, Str key, DraftNode **out);
Err draft_need_event(Draft *draft, Str event, DraftRelationship **out); /* NULL: there is none */
Err draft_need_relationship(Draft *draft, int64_t id, DraftRelationship **out);
Err draft_need_origin(Draft *draft, Str name, DraftOrigin **out);
Err draft_need_all_of(Draft *draft, int64_t id); /* of an origin */
Err draft_need_references(Draft *draft, DraftNode *node);

#endif
