/* Writing a draft back: what differs from what is stored, in as few requests as its size allows. */
#include <string.h>

#include "stores/graph/neo4j/claims_text.h"
#include "stores/graph/neo4j/draft_writing.h"
#include "stores/graph/neo4j/neo4j_cypher.h"

enum {
    LIST_MAX_ITEMS = 2000,
    LIST_MAX_BYTES = 1 << 20,
    REQUEST_MAX_BYTES = 4 << 20,
    CHANGES_KEPT =
        10000, /* versions: replicas look four times a second, and read all anew when they slept longer */
    TRIM_EVERY = 64, /* versions */
    TRIM_MAX_CHANGES = 10000,
};

/* ---- requests: a list of items goes into a statement when it is long enough, a request out when it is */

static void writing_finish(Writing *writing)
{
    arena_finish(&writing->arena);
}

static void begin_request(Writing *writing)
{
    arena_reset(&writing->arena);
    cypher_init(&writing->request, &writing->arena);
}

void writing_begin_list(Writing *writing, WriteFn write)
{
    writing->write = write;
    request_list_init(&writing->list, &writing->arena);
}

bool writing_list_is_full(const Writing *writing)
{
    return writing->list.count >= LIST_MAX_ITEMS || writing->list.text.len >= LIST_MAX_BYTES;
}

Err writing_send_if_full(Writing *writing)
{
    AUTO_REPLY CypherReply reply = {0};

    if (writing->request.body.len < REQUEST_MAX_BYTES)
        return OK;
    TRY(link_continue(&writing->draft->tx, &writing->arena, &writing->request, &reply));
    begin_request(writing);
    return OK;
}

Err writing_end_list(Writing *writing)
{
    if (writing->list.count > 0)
        writing->write(&writing->request, request_list_finish(&writing->list));
    return writing_send_if_full(writing);
}

Err writing_next_list_if_full(Writing *writing)
{
    if (!writing_list_is_full(writing))
        return OK;
    TRY(writing_end_list(writing));
    writing_begin_list(writing, writing->write);
    return OK;
}

/* ---- rows as properties */

/* A key that was made up isn't shown as a property. */
static Str shown_id(Str key)
{
    return str_starts(key, STR("_:")) ? (Str){0} : key;
}

static Err put_node_row(Draft *draft, Buf *buf, const DraftNode *node)
{
    Buf claims = {.arena = buf->arena};
    Str name;

    TRY(native_name(buf->arena, node->properties, node->key, &name));
    claims_put(draft, node, &claims);
    buf_put_char(buf, '{');
    cypher_put_text_member(buf, "_key", node->key);
    cypher_put_int_member(buf, "_shown", node->shown);
    cypher_put_text_member(buf, "_label", node->label);
    cypher_put_text_member(buf, "_labels", node->labels);
    if (memchr(node->labels.data, ',', node->labels.len) != NULL) /* perhaps more than one */
        cypher_put_json_member(buf, "_order", node->labels);
    cypher_put_text_member(buf, "_name", name);
    cypher_put_int_member(buf, "_since", node->since_us);
    writing_put_maybe_int(buf, "_did", node->did_us);
    cypher_put_text_member(buf, "_properties", node->properties);
    cypher_put_text_member(buf, "_claims", buf_str(&claims));
    if (node->version > 0)
        cypher_put_int_member(buf, "_changed", node->version);
    if (node->shown > 0)
        TRY(native_put(buf, node->properties, shown_id(node->key), &draft->odd, &draft->arena));
    buf_put_char(buf, '}');
    return OK;
}

/* ---- origins */

static Err write_origins(Writing *writing, bool existing, WriteFn write)
{
    const Draft *draft = writing->draft;

    writing_begin_list(writing, write);
    for (size_t i = 0; i < draft->origin_count; i++)
        if (draft->origins[i].looked_up && draft->origins[i].exists == existing &&
            draft->origins[i].stored != existing)
            json_put_string(request_list_next(&writing->list), draft->origins[i].name);
    return writing_end_list(writing);
}

static Err end_says(Writing *writing, Str origin)
{
    if (writing->list.count > 0)
        neo4j_cypher_add_says(&writing->request, origin, request_list_finish(&writing->list));
    return writing_send_if_full(writing);
}

/* The keys in the list are those of one origin. */
static Err put_says(Writing *writing, Str *of, Str origin, Str key)
{
    if (!str_equal(*of, origin) || writing_list_is_full(writing)) {
        TRY(end_says(writing, *of));
        request_list_init(&writing->list, &writing->arena);
        *of = origin;
    }
    json_put_string(request_list_next(&writing->list), key);
    return OK;
}

static Err write_says(Writing *writing)
{
    const Draft *draft = writing->draft;
    Str of = STR("");

    request_list_init(&writing->list, &writing->arena);
    for (size_t i = 0; i < draft->node_count; i++) {
        const DraftNode *node = draft->nodes[i];

        for (size_t k = node->stored_origin_count; k < node->origin_count; k++)
            TRY(put_says(writing, &of, node->origins[k], node->key));
    }
    return end_says(writing, of);
}

/* ---- nodes */

static bool has_label(const json_t *labels, const json_t *label)
{
    for (size_t i = 0; i < json_array_size(labels); i++)
        if (json_equal(json_array_get(labels, i), label))
            return true;
    return false;
}

/* A JSON list of _Node and the node's own labels; empty for one that isn't shown. */
static void put_labels(Buf *buf, const char *name, const DraftNode *node)
{
    buf_format(buf, ",\"%s\":[", name);
    if (node->shown > 0) {
        buf_put(buf, STR("\"_Node\""));
        if (node->labels.len > STR("[]").len) {
            buf_put_char(buf, ',');
            buf_put(buf, str_slice(node->labels, 1, node->labels.len - 1));
        }
    }
    buf_put_char(buf, ']');
}

/* Those it has in Neo4j and shall lose. */
static Err put_lost_labels(Buf *buf, const DraftNode *node)
{
    AUTO_JSON json_t *before = NULL;
    AUTO_JSON json_t *after = NULL;
    RequestList lost;

    request_list_init(&lost, buf->arena);
    if (node->stored_labels.data != NULL) {
        TRY(json_read(node->stored_labels, &before));
        TRY(json_read(node->shown > 0 ? node->labels : STR("[\"\"]"), &after));
        if (node->shown == 0)
            buf_put(request_list_next(&lost), STR("\"_Node\""));
    }
    for (size_t i = 0; i < json_array_size(before); i++)
        if (!has_label(after, json_array_get(before, i)))
            json_put_value(request_list_next(&lost), json_array_get(before, i));
    buf_put(buf, STR(",\"without\":"));
    buf_put(buf, request_list_finish(&lost));
    return OK;
}

static Err put_node(Writing *writing, const DraftNode *node)
{
    Buf *buf = request_list_next(&writing->list);

    buf_put_char(buf, '{');
    cypher_put_text_member(buf, "key", node->key);
    buf_put(buf, STR(",\"row\":"));
    TRY(put_node_row(writing->draft, buf, node));
    put_labels(buf, "labels", node);
    if (node->stored)
        TRY(put_lost_labels(buf, node));
    buf_put_char(buf, '}');
    return writing_next_list_if_full(writing);
}

static Err write_nodes(Writing *writing, bool stored, WriteFn write)
{
    const Draft *draft = writing->draft;

    writing_begin_list(writing, write);
    for (size_t i = 0; i < draft->node_count; i++)
        if (draft->nodes[i]->exists && draft->nodes[i]->changed && draft->nodes[i]->stored == stored)
            TRY(put_node(writing, draft->nodes[i]));
    return writing_end_list(writing);
}

/* That they changed, for graph_scan_changed. */
static Err write_change(Writing *writing)
{
    const Draft *draft = writing->draft;
    RequestList keys;
    bool trims = false;

    request_list_init(&keys, &writing->arena);
    for (size_t i = 0; i < draft->node_count; i++) {
        if (draft->nodes[i]->version_changed)
            json_put_string(request_list_next(&keys), draft->nodes[i]->key);
        if (keys.count < LIST_MAX_ITEMS && (keys.count == 0 || i + 1 < draft->node_count))
            continue;
        neo4j_cypher_add_change(&writing->request, request_list_finish(&keys), draft->version);
        trims = draft->version > CHANGES_KEPT && draft->version % TRIM_EVERY == 0;
        request_list_init(&keys, &writing->arena);
    }
    if (trims)
        neo4j_cypher_trim_changes(&writing->request, draft->version - CHANGES_KEPT, TRIM_MAX_CHANGES);
    return OK;
}

/* ---- the outbox */

static void put_happening(Buf *buf, const GraphHappening *happening)
{
    buf_put_char(buf, '{');
    cypher_put_int_member(buf, "_number", happening->number);
    cypher_put_text_member(buf, "_id", happening->id);
    cypher_put_int_member(buf, "_what", happening->what);
    cypher_put_text_member(buf, "_key", happening->key);
    cypher_put_text_member(buf, "_event", happening->event_id);
    cypher_put_int_member(buf, "_version", happening->version);
    cypher_put_int_member(buf, "_nodes", happening->nodes);
    cypher_put_text_member(buf, "_trace", happening->traceparent);
    buf_put_char(buf, '}');
}

static void write_outbox(Writing *writing)
{
    const Draft *draft = writing->draft;
    RequestList list;

    if (draft->happening_count == 0)
        return;
    request_list_init(&list, &writing->arena);
    for (size_t i = 0; i < draft->happening_count; i++)
        put_happening(request_list_next(&list), &draft->happenings[i]);
    neo4j_cypher_add_outbox(&writing->request, request_list_finish(&list), draft->number);
}

/* ---- the whole */

static void write_state(Writing *writing)
{
    const Draft *draft = writing->draft;
    Buf odd = {.arena = &writing->arena};

    native_names_put(&draft->odd, &odd);
    neo4j_cypher_set_state(&writing->request, draft->version, draft->next_id, buf_str(&odd));
    if (draft->mark_name.data != NULL)
        neo4j_cypher_set_mark(&writing->request, draft->mark_name, draft->mark_value);
}

/* What relationships stand on. */
static Err write_ground(Writing *writing)
{
    TRY(write_origins(writing, true, neo4j_cypher_add_origins));
    TRY(write_nodes(writing, false, neo4j_cypher_add_nodes));
    TRY(write_nodes(writing, true, neo4j_cypher_set_nodes));
    TRY(write_change(writing));
    return write_says(writing);
}

static Err write_all(Writing *writing)
{
    TRY(write_ground(writing));
    TRY(writing_put_relationships(writing));
    TRY(writing_put_events(writing));
    TRY(write_origins(writing, false, neo4j_cypher_delete_origins));
    write_outbox(writing);
    write_state(writing);
    return OK;
}

/* ---- what is familiar from then on */

static bool is_said(const Draft *draft, const DraftNode *node)
{
    for (size_t i = 0; i < node->origin_count; i++)
        if (str_equal(node->origins[i], draft->said_by))
            return true;
    return node->said;
}

/* made_now: what was familiar before isn't any more. */
static void note_node(const Draft *draft, const DraftNode *node, bool made_now)
{
    bool is_new = node->known && !node->stored;

    if (node->exists)
        familiar_note(
            draft->familiar, node->key,
            (FamiliarNode){node->shown, made_now ? is_new : draft_is_whole(node), is_said(draft, node)});
}

static void note_relationships(const Draft *draft)
{
    AUTO_ARENA Arena scratch = {0};

    for (size_t i = 0; i < draft->relationship_count; i++) {
        const DraftRelationship *r = draft->relationships[i];

        if (!r->stored)
            familiar_note_ends(draft->familiar, draft_ends_text(&scratch, r->type, r->source, r->target));
        arena_reset(&scratch);
    }
}

static void become_familiar(const Draft *draft)
{
    Familiar *familiar = draft->familiar;
    bool has_room = familiar_has_room(familiar, draft->node_count, draft->relationship_count);

    if (!has_room)
        familiar_forget(familiar);
    familiar_set_origin(familiar, draft->said_by);
    for (size_t i = 0; i < draft->node_count; i++)
        note_node(draft, draft->nodes[i], !has_room);
    note_relationships(draft);
    familiar->turn = draft->turn;
}

Err draft_commit(Draft *draft)
{
    __attribute__((cleanup(writing_finish))) Writing writing = {.draft = draft};

    arena_init(&writing.arena);
    begin_request(&writing);
    TRY(write_all(&writing));
    TRY(link_commit(&draft->tx, &writing.arena, &writing.request));
    if (draft->familiar != NULL)
        become_familiar(draft);
    return OK;
}
