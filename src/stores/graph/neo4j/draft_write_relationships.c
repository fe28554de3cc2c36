/* Writing a draft's relationships back: those that are shown as Neo4j's own, the others as rows of (:_Past). */
#include "stores/graph/neo4j/draft_writing.h"
#include "stores/graph/neo4j/neo4j_cypher.h"

/* ---- rows as properties */

/* What both kinds of rows have; the object is left open. */
static void put_relationship_fields(const Draft *draft, Buf *buf, const DraftRelationship *r)
{
    buf_put_char(buf, '{');
    cypher_put_int_member(buf, "_id", r->id);
    cypher_put_int_member(buf, "_at", r->at_us);
    writing_put_maybe_int(buf, "_until", r->until_us);
    if (r->repeats)
        buf_put(buf, STR(",\"_repeats\":true"));
    if (r->event.data == NULL)
        cypher_put_text_member(buf, "_origin", draft_origin(draft, r->origin)->name);
    cypher_put_text_member(buf, "_event", r->event);
    cypher_put_int_member(buf, "_line", r->line);
    cypher_put_int_member(buf, "_written", r->written);
    writing_put_maybe_int(buf, "_closed", r->closed);
    writing_put_maybe_int(buf, "_said", r->said_us);
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
    {false, FATE_ADD, put_new_past, neo4j_cypher_add_past},
};

static Err write_relationships(Writing *writing, const struct RelationshipStep *step)
{
    const Draft *draft = writing->draft;

    writing_begin_list(writing, step->write);
    for (size_t i = 0; i < draft->relationship_count; i++) {
        if (fate_of(draft->relationships[i], step->shown) != step->fate)
            continue;
        TRY(step->put(writing->draft, request_list_next(&writing->list), draft->relationships[i]));
        TRY(writing_next_list_if_full(writing));
    }
    return writing_end_list(writing);
}

/* New ones that are shown: what leaves a node by one type is one item, so that the node is looked for once. */
typedef struct Bundles {
    Writing *writing;
    const DraftRelationship *last; /* that went into the open one; NULL: none is open */
} Bundles;

static Err close_bundle(Bundles *bundles)
{
    if (bundles->last == NULL)
        return OK;
    buf_put(&bundles->writing->list.text, STR("]}"));
    bundles->last = NULL;
    return writing_next_list_if_full(bundles->writing);
}

static void open_bundle(Buf *buf, const DraftRelationship *r)
{
    buf_put_char(buf, '{');
    cypher_put_text_member(buf, "type", r->type);
    cypher_put_text_member(buf, "source", r->source);
    buf_put(buf, STR(",\"items\":["));
}

static Err put_into_bundle(Bundles *bundles, const DraftRelationship *r)
{
    const DraftRelationship *last = bundles->last;
    Buf *buf = &bundles->writing->list.text;
    bool fits = last != NULL && str_equal(last->source, r->source) && str_equal(last->type, r->type);

    if (!fits) {
        TRY(close_bundle(bundles));
        buf = request_list_next(&bundles->writing->list);
        open_bundle(buf, r);
    }
    buf_put(buf, fits ? STR(",{") : STR("{"));
    cypher_put_text_member(buf, "target", r->target);
    buf_put(buf, STR(",\"row\":"));
    TRY(put_shown_row(bundles->writing->draft, buf, r));
    buf_put_char(buf, '}');
    bundles->last = r;
    return OK;
}

static Err write_new_shown(Writing *writing)
{
    const Draft *draft = writing->draft;
    Bundles bundles = {.writing = writing};

    writing_begin_list(writing, neo4j_cypher_add_relationships);
    for (size_t i = 0; i < draft->relationship_count; i++)
        if (fate_of(draft->relationships[i], true) == FATE_ADD)
            TRY(put_into_bundle(&bundles, draft->relationships[i]));
    TRY(close_bundle(&bundles));
    return writing_end_list(writing);
}

Err writing_put_relationships(Writing *writing)
{
    for (size_t i = 0; i < sizeof RELATIONSHIP_STEPS / sizeof *RELATIONSHIP_STEPS; i++)
        TRY(write_relationships(writing, &RELATIONSHIP_STEPS[i]));
    return write_new_shown(writing);
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

    writing_begin_list(writing, neo4j_cypher_add_events);
    for (size_t i = 0; i < draft->relationship_count; i++) {
        const DraftRelationship *r = draft->relationships[i];

        if (r->event.data == NULL || !r->known || r->stored || r->deleted)
            continue;
        put_new_event(request_list_next(&writing->list), r);
        TRY(writing_next_list_if_full(writing));
    }
    return writing_end_list(writing);
}

static Err write_lost_events(Writing *writing)
{
    const Draft *draft = writing->draft;

    writing_begin_list(writing, neo4j_cypher_delete_events);
    for (size_t i = 0; i < draft->relationship_count; i++) {
        const DraftRelationship *r = draft->relationships[i];

        if (r->event.data != NULL && r->stored && r->deleted)
            json_put_string(request_list_next(&writing->list), r->event);
    }
    return writing_end_list(writing);
}

Err writing_put_events(Writing *writing)
{
    TRY(write_new_events(writing));
    return write_lost_events(writing);
}
