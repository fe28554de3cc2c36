/* Reading rows into a draft: what Neo4j is asked, and when. */
#include "stores/graph/neo4j/draft.h"

#include "stores/graph/neo4j/neo4j_cypher.h"

/* ---- asking */

/* Within the draft's transaction, if it has one. */
static Err ask(Draft *draft, Arena *arena, CypherRequest *request, CypherReply *reply)
{
    if (draft->reads_only)
        return link_read(draft->link, draft->patience, arena, request, reply);
    if (draft->tx.link != NULL)
        return link_continue(&draft->tx, arena, request, reply);
    return link_begin(draft->link, draft->patience, arena, request, &draft->tx, reply);
}

static void want_node(Draft *draft, Str key, RequestList *list)
{
    DraftNode *node = draft_node(draft, key);

    if (node->known)
        return;
    node->known = true; /* found missing, unless the answer has it */
    json_put_string(request_list_next(list), key);
}

static void want_met(Draft *draft, Str key, RequestList *list)
{
    if (!draft_node(draft, key)->met)
        want_node(draft, key, list);
}

static void want_ends(Draft *draft, const DraftEnds *ends, RequestList *list)
{
    DraftGroup *group = draft_ends(draft, ends->type, ends->from, ends->to);
    Buf *buf;

    if (group->loaded)
        return;
    group->loaded = true;
    buf = request_list_next(list);
    buf_put_char(buf, '{');
    cypher_put_text_member(buf, "type", ends->type);
    cypher_put_text_member(buf, "from", ends->from);
    cypher_put_text_member(buf, "to", ends->to);
    cypher_put_text_member(buf, "ends", draft_ends_text(buf->arena, ends->type, ends->from, ends->to));
    buf_put_char(buf, '}');
}

static void want_event(Draft *draft, Str event, RequestList *list)
{
    if (keymap_get(&draft->event_places, event) != KEYMAP_NONE)
        return;
    draft_place_event(draft, event, NULL);
    json_put_string(request_list_next(list), event);
}

/* Where in the answer the statements of a fetch are. */
typedef enum Part { PART_NODES, PART_MET, PART_ENDS, PART_PAST, PART_EVENTS, PART_ORIGIN, PART_COUNT } Part;

typedef struct Fetch {
    bool has_lock;
    bool has[PART_COUNT];
} Fetch;

static void put_nodes(Draft *draft, const DraftWants *wants, CypherRequest *request, Fetch *fetch)
{
    RequestList list;

    request_list_init(&list, request->body.arena);
    for (size_t i = 0; i < wants->node_count; i++)
        want_node(draft, wants->nodes[i], &list);
    fetch->has[PART_NODES] = list.count > 0;
    if (list.count > 0)
        neo4j_cypher_load_nodes(request, request_list_finish(&list));
}

static void put_met(Draft *draft, const DraftWants *wants, CypherRequest *request, Fetch *fetch)
{
    RequestList list;

    request_list_init(&list, request->body.arena);
    for (size_t i = 0; i < wants->met_count; i++)
        want_met(draft, wants->met[i], &list);
    fetch->has[PART_MET] = list.count > 0;
    if (list.count > 0)
        neo4j_cypher_load_shown(request, request_list_finish(&list), wants->origin);
}

static void put_ends(Draft *draft, const DraftWants *wants, CypherRequest *request, Fetch *fetch)
{
    RequestList list;

    request_list_init(&list, request->body.arena);
    for (size_t i = 0; i < wants->end_count; i++)
        want_ends(draft, &wants->ends[i], &list);
    fetch->has[PART_ENDS] = fetch->has[PART_PAST] = list.count > 0;
    if (list.count == 0)
        return;
    Json ends = request_list_finish(&list);
    neo4j_cypher_load_ends(request, ends);
    neo4j_cypher_load_past_ends(request, ends);
}

static void put_events(Draft *draft, const DraftWants *wants, CypherRequest *request, Fetch *fetch)
{
    RequestList list;

    request_list_init(&list, request->body.arena);
    for (size_t i = 0; i < wants->event_count; i++)
        want_event(draft, wants->events[i], &list);
    fetch->has[PART_EVENTS] = list.count > 0;
    if (list.count > 0)
        neo4j_cypher_load_events(request, request_list_finish(&list));
}

static void put_origin(Draft *draft, const DraftWants *wants, CypherRequest *request, Fetch *fetch)
{
    fetch->has[PART_ORIGIN] =
        wants->origin.data != NULL && !draft_origin(draft, draft_origin_id(draft, wants->origin))->looked_up;
    if (fetch->has[PART_ORIGIN])
        neo4j_cypher_load_origin(request, wants->origin);
}

static void put_wants(Draft *draft, const DraftWants *wants, CypherRequest *request, Fetch *fetch)
{
    fetch->has_lock = !draft->reads_only && draft->tx.link == NULL;
    if (fetch->has_lock)
        neo4j_cypher_lock(request);
    put_nodes(draft, wants, request, fetch);
    put_met(draft, wants, request, fetch);
    put_ends(draft, wants, request, fetch);
    put_events(draft, wants, request, fetch);
    put_origin(draft, wants, request, fetch);
}

/* What is familiar holds if nobody has written since. */
static Err check_familiar(const Draft *draft)
{
    Familiar *familiar = draft->familiar;

    if (familiar == NULL || familiar_is_empty(familiar) || familiar->turn + 1 == draft->turn)
        return OK;
    familiar_forget(familiar);
    return err(CONFLICT, "somebody else has written");
}

static Err take_state(Draft *draft, const CypherReply *reply)
{
    enum StateColumn { S_VERSION, S_NEXT, S_ODD, S_TURN, S_NUMBER };
    AUTO_JSON json_t *odd = NULL;
    const json_t *row = reply_row(reply, 0, 0);

    if (row == NULL)
        return err(INTERNAL, "the graph in Neo4j was emptied while it is in use: start again");
    draft->version = row_int(row, S_VERSION);
    draft->next_id = row_int(row, S_NEXT);
    draft->turn = row_int(row, S_TURN);
    draft->number = row_int(row, S_NUMBER);
    TRY(check_familiar(draft));
    TRY(json_read(row_text(row, S_ODD), &odd));
    native_names_read(&draft->odd, &draft->arena, odd);
    return OK;
}

static Err take_wants(Draft *draft, const DraftWants *wants, const CypherReply *reply, const Fetch *fetch)
{
    size_t statement = fetch->has_lock;

    if (fetch->has_lock)
        TRY(take_state(draft, reply));
    if (fetch->has[PART_NODES])
        TRY(draft_take_nodes(draft, reply, statement++));
    for (size_t i = 0; fetch->has[PART_MET] && i < reply_count(reply, statement); i++)
        draft_take_met(draft, reply_row(reply, statement, i));
    statement += fetch->has[PART_MET];
    if (fetch->has[PART_ENDS])
        draft_take_relationships(draft, reply, statement++, true);
    if (fetch->has[PART_PAST])
        draft_take_relationships(draft, reply, statement++, false);
    for (size_t i = 0; fetch->has[PART_EVENTS] && i < reply_count(reply, statement); i++)
        draft_take_event(draft, reply_row(reply, statement, i));
    statement += fetch->has[PART_EVENTS];
    if (fetch->has[PART_ORIGIN]) {
        DraftOrigin *origin = draft_origin(draft, draft_origin_id(draft, wants->origin));

        origin->looked_up = true;
        origin->exists = origin->stored = reply_count(reply, statement) > 0;
    }
    return OK;
}

static Err fetch_at_once(Draft *draft, const DraftWants *wants)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;
    Fetch fetch;

    cypher_init(&request, &scratch);
    put_wants(draft, wants, &request, &fetch);
    if (request.statements == 0)
        return OK;
    TRY(ask(draft, &scratch, &request, &reply));
    return take_wants(draft, wants, &reply, &fetch);
}

static bool may_be_joined(const Draft *draft, const DraftEnds *ends)
{
    AUTO_ARENA Arena scratch = {0};

    return draft->familiar != NULL &&
           familiar_may_join(draft->familiar, draft_ends_text(&scratch, ends->type, ends->from, ends->to));
}

/* No row of a node is ever deleted: between two of which one has none there is no relationship, past ones neither; where
 * one was seen from its beginning there is none that isn't familiar. */
static void note_missing(Draft *draft, const DraftWants *wants)
{
    for (size_t i = 0; i < wants->end_count; i++) {
        const DraftEnds *ends = &wants->ends[i];
        bool whole =
            draft_is_whole(draft_node(draft, ends->from)) || draft_is_whole(draft_node(draft, ends->to));

        if (whole && !may_be_joined(draft, ends))
            draft_ends(draft, ends->type, ends->from, ends->to)->loaded = true;
    }
}

/* Of many relationships most are news of nodes that are new themselves: another request for the rest is cheaper than
 * looking for them all. */
Err draft_fetch(Draft *draft, const DraftWants *wants)
{
    enum { FEW_ENDS = 512 };
    DraftWants nodes = *wants;

    note_missing(draft, wants);
    if (wants->end_count <= FEW_ENDS)
        return fetch_at_once(draft, wants);
    nodes.end_count = 0;
    TRY(fetch_at_once(draft, &nodes));
    note_missing(draft, wants);
    return fetch_at_once(draft, &(DraftWants){.ends = wants->ends, .end_count = wants->end_count});
}

/* ---- one thing */

Err draft_need_node(Draft *draft, Str key, DraftNode **out)
{
    *out = draft_node(draft, key);
    return (*out)->known ? OK : draft_fetch(draft, &(DraftWants){.nodes = &key, .node_count = 1});
}

Err draft_need_met(Draft *draft, Str key, DraftNode **out)
{
    *out = draft_node(draft, key);
    return (*out)->met ? OK : draft_need_node(draft, key, out);
}

Err draft_need_ends(Draft *draft, Str type, Str from, Str to, DraftGroup **out)
{
    DraftEnds ends = {type, from, to};

    *out = draft_ends(draft, type, from, to);
    return (*out)->loaded ? OK : draft_fetch(draft, &(DraftWants){.ends = &ends, .end_count = 1});
}

Err draft_need_event(Draft *draft, Str event, DraftRelationship **out)
{
    TRY(draft_fetch(draft, &(DraftWants){.events = &event, .event_count = 1}));
    uint32_t place = keymap_get(&draft->event_places, event);
    *out = place == DRAFT_NO_EVENT ? NULL : draft->relationships[place];
    return OK;
}

Err draft_need_relationship(Draft *draft, int64_t id, DraftRelationship **out)
{
    DraftGroup *ends;

    *out = draft_find_relationship(draft, id);
    if (*out != NULL && !(*out)->known)
        TRY(draft_need_ends(draft, (*out)->type, (*out)->source, (*out)->target, &ends));
    if (*out == NULL || !(*out)->known)
        return err(INTERNAL, "the graph in Neo4j has lost a relationship");
    return OK;
}

Err draft_need_origin(Draft *draft, Str name, DraftOrigin **out)
{
    TRY(draft_fetch(draft, &(DraftWants){.origin = name}));
    *out = draft_origin(draft, draft_origin_id(draft, name));
    return OK;
}

Err draft_need_touching(Draft *draft, Str key, DraftNode **out)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    TRY(draft_need_node(draft, key, out));
    if ((*out)->touching.loaded)
        return OK;
    cypher_init(&request, &scratch);
    neo4j_cypher_load_out(&request, key);
    neo4j_cypher_load_in(&request, key);
    neo4j_cypher_load_past_out(&request, key);
    neo4j_cypher_load_past_in(&request, key);
    TRY(ask(draft, &scratch, &request, &reply));
    for (size_t statement = 0; statement < request.statements; statement++)
        draft_take_relationships(draft, &reply, statement, statement < 2);
    (*out)->touching.loaded = true;
    return OK;
}

Err draft_need_all_of(Draft *draft, int64_t id)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    DraftOrigin *origin = draft_origin(draft, id);
    CypherRequest request;

    if (origin->loaded || !origin->stored)
        return OK;
    cypher_init(&request, &scratch);
    neo4j_cypher_load_nodes_of(&request, origin->name);
    neo4j_cypher_load_relationships_of(&request, origin->name);
    neo4j_cypher_load_past_of(&request, origin->name);
    TRY(ask(draft, &scratch, &request, &reply));
    TRY(draft_take_nodes(draft, &reply, 0));
    draft_take_relationships(draft, &reply, 1, true);
    draft_take_relationships(draft, &reply, 2, false);
    draft_origin(draft, id)->loaded = true; /* the array may have grown */
    return OK;
}

Err draft_need_references(Draft *draft, DraftNode *node)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    if (node->references >= 0)
        return OK;
    cypher_init(&request, &scratch);
    neo4j_cypher_count_references(&request, node->key);
    TRY(ask(draft, &scratch, &request, &reply));
    node->references = row_int(reply_row(&reply, 0, 0), 0);
    return OK;
}
