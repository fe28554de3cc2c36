/* graph_put, graph_replace, graph_retract and graph_move_user: the rules over a draft. A conflict makes a new draft. */
#include "base/thread.h"
#include "stores/graph/labels.h"
#include "stores/graph/neo4j/draft.h"
#include "stores/graph/neo4j/neo4j_graph.h"
#include "stores/graph/rules.h"

/* ---- what Neo4j can't keep */

/* Names that begin with _ are ours. */
static Err check_name(Str name, const char *what)
{
    if (name.len > 0 && name.data[0] != '_')
        return OK;
    return err(INVALID, "%s %.*s: on Neo4j one that begins with a letter would be right", what,
               STR_ARG(name));
}

static Err check_batch(const GraphBatch *batch)
{
    for (size_t i = 0; i < batch->node_count; i++)
        for (size_t k = 0; k < batch->nodes[i].label_count; k++)
            TRY(check_name(batch->nodes[i].labels[k], "label"));
    for (size_t i = 0; i < batch->relationship_count; i++)
        TRY(check_name(batch->relationships[i].type, "relationship"));
    return OK;
}

/* ---- what is going to be read */

static DraftWants wants_of(Arena *arena, Str origin, const GraphBatch *batch)
{
    Str *nodes = arena_array(arena, Str, batch->node_count);
    Str *met = arena_array(arena, Str, 2 * batch->relationship_count);
    DraftEnds *ends = arena_array(arena, DraftEnds, batch->relationship_count);
    size_t count = 0;

    for (size_t i = 0; i < batch->node_count; i++)
        nodes[i] = batch->nodes[i].key;
    for (size_t i = 0; i < batch->relationship_count; i++) {
        const GraphRelationship *r = &batch->relationships[i];

        met[count++] = r->from;
        met[count++] = r->to;
        ends[i] = (DraftEnds){r->type, r->from, r->to};
    }
    return (DraftWants){.nodes = nodes,
                        .node_count = batch->node_count,
                        .met = met,
                        .met_count = count,
                        .ends = ends,
                        .end_count = batch->relationship_count,
                        .origin = origin};
}

/* ---- putting */

typedef struct Putting {
    Link *link;
    Familiar *familiar; /* NULL for none */
    const GraphOrigin *origin;
    const GraphBatch *batch;
    bool replaces;
    Str mark_name;
    Str mark_value;
} Putting;

static Err put(void *context)
{
    const Putting *putting = context;
    AUTO_ARENA Arena scratch = {0};
    AUTO_DRAFT Draft draft = {0};
    DraftWants wants = wants_of(&scratch, putting->origin->name, putting->batch);

    TRY(draft_begin(&draft, putting->link, LINK_LONG, putting->familiar, &wants));
    TRY(putting->replaces ? rules_replace(&draft.rows, putting->origin, putting->batch, putting->mark_name,
                                          putting->mark_value)
                          : rules_put(&draft.rows, putting->origin, putting->batch));
    return putting->origin->rehearse ? OK : draft_commit(&draft);
}

Err neo4j_put(Graph *graph, GraphOrigin origin, GraphBatch batch)
{
    Neo4jGraph *neo4j = (Neo4jGraph *)graph;
    Putting putting = {.link = neo4j->link, .origin = &origin, .batch = &batch};

    TRY(check_batch(&batch));
    bool is_free = pthread_mutex_trylock(&neo4j->familiar_lock) == 0;
    if (is_free)
        putting.familiar = &neo4j->familiar;
    Err e = link_retry(put, &putting);
    if (is_free)
        mutex_unlock(&neo4j->familiar_lock);
    return e;
}

Err neo4j_replace(Graph *graph, GraphOrigin origin, GraphBatch batch, Str mark_name, Str mark_value)
{
    Putting putting = {link_of(graph), NULL, &origin, &batch, true, mark_name, mark_value};

    TRY(check_batch(&batch));
    return link_retry(put, &putting);
}

/* ---- retracting */

typedef struct Retracting {
    Link *link;
    Str origin;
    int64_t claims;
} Retracting;

static Err retract(void *context)
{
    Retracting *retracting = context;
    AUTO_DRAFT Draft draft = {0};

    TRY(draft_begin(&draft, retracting->link, LINK_LONG, NULL, &(DraftWants){0}));
    TRY(rules_retract(&draft.rows, retracting->origin, &retracting->claims));
    return draft_commit(&draft);
}

Err neo4j_retract(Graph *graph, Str origin, int64_t now_us, int64_t *claims)
{
    Retracting retracting = {link_of(graph), origin, 0};

    (void)now_us; /* no claim begins or ends by it */
    TRY(link_retry(retract, &retracting));
    *claims = retracting.claims;
    return OK;
}

/* ---- moving */

typedef struct Moving {
    Link *link;
    Str from;
    Str to;
    Json new_user_properties;
    int64_t events;
} Moving;

static Err move_user(void *context)
{
    Moving *moving = context;
    AUTO_DRAFT Draft draft = {0};

    TRY(draft_begin(&draft, moving->link, LINK_LONG, NULL, &(DraftWants){0}));
    TRY(rules_move_user(&draft.rows, moving->from, moving->to, moving->new_user_properties, &moving->events));
    return draft_commit(&draft);
}

Err neo4j_move_user(Graph *graph, Str from, Str to, Json new_user_properties, int64_t *events)
{
    Moving moving = {link_of(graph), from, to, new_user_properties, 0};

    TRY(link_retry(move_user, &moving));
    *events = moving.events;
    return OK;
}
