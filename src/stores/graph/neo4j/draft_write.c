/* Writing a draft back: what differs from what is stored, in as few requests as its size allows. */
#include <string.h>

#include "stores/graph/neo4j/claims_text.h"
#include "stores/graph/neo4j/draft.h"
#include "stores/graph/neo4j/neo4j_cypher.h"

enum {
    LIST_MAX_ITEMS = 2000,
    LIST_MAX_BYTES = 1 << 20,
    REQUEST_MAX_BYTES = 4 << 20,
};

/* ---- requests: a list of items goes into a statement when it is long enough, a request out when it is */

typedef void (*WriteFn)(CypherRequest *request, Json list);

typedef struct Writing {
    Draft *draft;
    Arena arena; /* of the request */
    CypherRequest request;
    RequestList list;
    WriteFn write; /* what the list is for */
} Writing;

static void writing_finish(Writing *writing)
{
    arena_finish(&writing->arena);
}

static void begin_request(Writing *writing)
{
    arena_reset(&writing->arena);
    cypher_init(&writing->request, &writing->arena);
}

static void begin_list(Writing *writing, WriteFn write)
{
    writing->write = write;
    request_list_init(&writing->list, &writing->arena);
}

static Err end_list(Writing *writing)
{
    AUTO_REPLY CypherReply reply = {0};

    if (writing->list.count > 0)
        writing->write(&writing->request, request_list_finish(&writing->list));
    if (writing->request.body.len < REQUEST_MAX_BYTES)
        return OK;
    TRY(link_continue(&writing->draft->tx, &writing->arena, &writing->request, &reply));
    begin_request(writing);
    return OK;
}

/* After an item. */
static Err next_list_if_full(Writing *writing)
{
    if (writing->list.count < LIST_MAX_ITEMS && writing->list.text.len < LIST_MAX_BYTES)
        return OK;
    TRY(end_list(writing));
    begin_list(writing, writing->write);
    return OK;
}

/* ---- rows as properties */

static void put_maybe_int(Buf *buf, const char *name, SqlMaybeInt value)
{
    if (value.present)
        cypher_put_int_member(buf, name, value.value);
}

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
    put_maybe_int(buf, "_did", node->did_us);
    cypher_put_text_member(buf, "_properties", node->properties);
    cypher_put_text_member(buf, "_claims", buf_str(&claims));
    if (node->version > 0)
        cypher_put_int_member(buf, "_changed", node->version);
    if (node->shown > 0)
        TRY(native_put(buf, node->properties, shown_id(node->key), &draft->odd, &draft->arena));
    buf_put_char(buf, '}');
    return OK;
}

/* What both kinds of rows have; the object is left open. */
static void put_relationship_fields(const Draft *draft, Buf *buf, const DraftRelationship *r)
{
    buf_put_char(buf, '{');
    cypher_put_int_member(buf, "_id", r->id);
    cypher_put_int_member(buf, "_at", r->at_us);
    put_maybe_int(buf, "_until", r->until_us);
    if (r->repeats)
        buf_put(buf, STR(",\"_repeats\":true"));
    if (r->event.data == NULL)
        cypher_put_text_member(buf, "_origin", draft_origin(draft, r->origin)->name);
    cypher_put_text_member(buf, "_event", r->event);
    cypher_put_int_member(buf, "_line", r->line);
    cypher_put_int_member(buf, "_written", r->written);
    put_maybe_int(buf, "_closed", r->closed);
    put_maybe_int(buf, "_said", r->said_us);
    cypher_put_text_member(buf, "_properties", r->properties);
}

static Err put_shown_row(Draft *draft, Buf *buf, const DraftRelationship *r)
{
    put_relationship_fields(draft, buf, r);
    cypher_put_text_member(buf, "_sum", r->sum);
    TRY(native_put(buf, r->sum.data != NULL ? r->sum : r->properties, (Str){0}, &draft->odd, &draft->arena));
    buf_put_char(buf, '}');
    return OK;
}

static void put_past_row(const Draft *draft, Buf *buf, const DraftRelationship *r)
{
    put_relationship_fields(draft, buf, r);
    cypher_put_text_member(buf, "_type", r->type);
    cypher_put_text_member(buf, "_source", r->source);
    cypher_put_text_member(buf, "_target", r->target);
    cypher_put_text_member(buf, "_ends", draft_ends_text(buf->arena, r->type, r->source, r->target));
    buf_put_char(buf, '}');
}

/* ---- origins */

static Err write_origins(Writing *writing, bool existing, WriteFn write)
{
    const Draft *draft = writing->draft;

    begin_list(writing, write);
    for (size_t i = 0; i < draft->origin_count; i++)
        if (draft->origins[i].looked_up && draft->origins[i].exists == existing &&
            draft->origins[i].stored != existing)
            json_put_string(request_list_next(&writing->list), draft->origins[i].name);
    return end_list(writing);
}

static Err write_says(Writing *writing)
{
    const Draft *draft = writing->draft;

    begin_list(writing, neo4j_cypher_add_says);
    for (size_t i = 0; i < draft->node_count; i++)
        for (size_t k = draft->nodes[i]->stored_origin_count; k < draft->nodes[i]->origin_count; k++) {
            Buf *buf = request_list_next(&writing->list);

            buf_put_char(buf, '{');
            cypher_put_text_member(buf, "origin", draft->nodes[i]->origins[k]);
            cypher_put_text_member(buf, "key", draft->nodes[i]->key);
            buf_put_char(buf, '}');
            TRY(next_list_if_full(writing));
        }
    return end_list(writing);
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
    return next_list_if_full(writing);
}

static Err write_nodes(Writing *writing, bool stored, WriteFn write)
{
    const Draft *draft = writing->draft;

    begin_list(writing, write);
    for (size_t i = 0; i < draft->node_count; i++)
        if (draft->nodes[i]->exists && draft->nodes[i]->changed && draft->nodes[i]->stored == stored)
            TRY(put_node(writing, draft->nodes[i]));
    return end_list(writing);
}

static Err write_versions(Writing *writing)
{
    const Draft *draft = writing->draft;
    RequestList keys;

    request_list_init(&keys, &writing->arena);
    for (size_t i = 0; i < draft->node_count; i++)
        if (draft->nodes[i]->version_changed && !draft->nodes[i]->changed)
            json_put_string(request_list_next(&keys), draft->nodes[i]->key);
    if (keys.count > 0)
        neo4j_cypher_set_versions(&writing->request, request_list_finish(&keys), draft->version);
    return OK;
}

/* ---- relationships */

/* What becomes of a row: of those that are shown, and of those that aren't. */
typedef enum Fate { FATE_NONE, FATE_ADD, FATE_SET, FATE_DELETE } Fate;

static Fate fate_of(const DraftRelationship *r, bool shown)
{
    bool before = r->stored && r->stored_shown == shown;
    bool after = !r->deleted && r->shown == shown;

    if (!r->known || !r->changed || (!before && !after))
        return FATE_NONE;
    return before && after ? FATE_SET : after ? FATE_ADD : FATE_DELETE;
}

static Err put_element(Draft *draft, Buf *buf, const DraftRelationship *r)
{
    (void)draft;
    json_put_string(buf, r->element);
    return OK;
}

static Err put_new_shown(Draft *draft, Buf *buf, const DraftRelationship *r)
{
    buf_put_char(buf, '{');
    cypher_put_text_member(buf, "type", r->type);
    cypher_put_text_member(buf, "source", r->source);
    cypher_put_text_member(buf, "target", r->target);
    buf_put(buf, STR(",\"row\":"));
    TRY(put_shown_row(draft, buf, r));
    buf_put_char(buf, '}');
    return OK;
}

static Err put_set_shown(Draft *draft, Buf *buf, const DraftRelationship *r)
{
    buf_put_char(buf, '{');
    cypher_put_text_member(buf, "element", r->element);
    buf_put(buf, STR(",\"row\":"));
    TRY(put_shown_row(draft, buf, r));
    buf_put_char(buf, '}');
    return OK;
}

static Err put_new_past(Draft *draft, Buf *buf, const DraftRelationship *r)
{
    put_past_row(draft, buf, r);
    return OK;
}

static Err put_set_past(Draft *draft, Buf *buf, const DraftRelationship *r)
{
    buf_put_char(buf, '{');
    cypher_put_text_member(buf, "element", r->element);
    buf_put(buf, STR(",\"row\":"));
    put_past_row(draft, buf, r);
    buf_put_char(buf, '}');
    return OK;
}

/* In the order of writing. */
static const struct RelationshipStep {
    bool shown;
    Fate fate;
    Err (*put)(Draft *draft, Buf *buf, const DraftRelationship *r);
    WriteFn write;
} RELATIONSHIP_STEPS[] = {
    {true, FATE_DELETE, put_element, neo4j_cypher_delete_relationships},
    {false, FATE_DELETE, put_element, neo4j_cypher_delete_past},
    {true, FATE_SET, put_set_shown, neo4j_cypher_set_relationships},
    {false, FATE_SET, put_set_past, neo4j_cypher_set_past},
    {true, FATE_ADD, put_new_shown, neo4j_cypher_add_relationships},
    {false, FATE_ADD, put_new_past, neo4j_cypher_add_past},
};

static Err write_relationships(Writing *writing, const struct RelationshipStep *step)
{
    const Draft *draft = writing->draft;

    begin_list(writing, step->write);
    for (size_t i = 0; i < draft->relationship_count; i++) {
        if (fate_of(draft->relationships[i], step->shown) != step->fate)
            continue;
        TRY(step->put(writing->draft, request_list_next(&writing->list), draft->relationships[i]));
        TRY(next_list_if_full(writing));
    }
    return end_list(writing);
}

/* ---- events */

static void put_new_event(Buf *buf, const DraftRelationship *r)
{
    buf_put_char(buf, '{');
    cypher_put_text_member(buf, "_id", r->event);
    cypher_put_int_member(buf, "_row", r->id);
    cypher_put_text_member(buf, "_type", r->type);
    cypher_put_text_member(buf, "_source", r->source);
    cypher_put_text_member(buf, "_target", r->target);
    if (r->repeats)
        buf_put(buf, STR(",\"_repeats\":true"));
    cypher_put_int_member(buf, "_written", r->written);
    buf_put_char(buf, '}');
}

static Err write_new_events(Writing *writing)
{
    const Draft *draft = writing->draft;

    begin_list(writing, neo4j_cypher_add_events);
    for (size_t i = 0; i < draft->relationship_count; i++) {
        const DraftRelationship *r = draft->relationships[i];

        if (r->event.data == NULL || !r->known || r->stored || r->deleted)
            continue;
        put_new_event(request_list_next(&writing->list), r);
        TRY(next_list_if_full(writing));
    }
    return end_list(writing);
}

static Err write_lost_events(Writing *writing)
{
    const Draft *draft = writing->draft;

    begin_list(writing, neo4j_cypher_delete_events);
    for (size_t i = 0; i < draft->relationship_count; i++) {
        const DraftRelationship *r = draft->relationships[i];

        if (r->event.data != NULL && r->stored && r->deleted)
            json_put_string(request_list_next(&writing->list), r->event);
    }
    return end_list(writing);
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
    TRY(write_versions(writing));
    return write_says(writing);
}

static Err write_all(Writing *writing)
{
    TRY(write_ground(writing));
    for (size_t i = 0; i < sizeof RELATIONSHIP_STEPS / sizeof *RELATIONSHIP_STEPS; i++)
        TRY(write_relationships(writing, &RELATIONSHIP_STEPS[i]));
    TRY(write_new_events(writing));
    TRY(write_lost_events(writing));
    TRY(write_origins(writing, false, neo4j_cypher_delete_origins));
    write_state(writing);
    return OK;
}

Err draft_commit(Draft *draft)
{
    __attribute__((cleanup(writing_finish))) Writing writing = {.draft = draft};

    arena_init(&writing.arena);
    begin_request(&writing);
    TRY(write_all(&writing));
    return link_commit(&draft->tx, &writing.arena, &writing.request);
}
