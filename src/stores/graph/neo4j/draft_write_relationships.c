/* Writing a draft's relationships back: those that are shown as Neo4j's own, the others as rows of (:_Past). */
#include <stdlib.h>

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

/* New ones that are shown: by type, each end once and from then on by its place, as neo4j.cypher wants them. */
typedef struct NewRows {
    Writing *writing;
    Str type;
    StrIdMap places; /* of the keys */
    RequestList keys;
} NewRows;

static void begin_rows(NewRows *rows, Str type)
{
    rows->type = type;
    request_list_init(&rows->keys, &rows->writing->arena);
    request_list_init(&rows->writing->list, &rows->writing->arena);
}

static Err end_rows(NewRows *rows)
{
    RequestList *list = &rows->writing->list;

    keymap_finish(&rows->places);
    rows->places = (StrIdMap){0};
    if (list->count > 0)
        neo4j_cypher_add_relationships(&rows->writing->request, request_list_finish(&rows->keys), rows->type,
                                       request_list_finish(list));
    return writing_send_if_full(rows->writing);
}

static int64_t place_of(NewRows *rows, Str key)
{
    uint32_t *place = keymap_place(&rows->places, key);

    if (*place == KEYMAP_NONE) {
        *place = (uint32_t)rows->keys.count;
        json_put_string(request_list_next(&rows->keys), key);
    }
    return *place;
}

static Err put_row(NewRows *rows, const DraftRelationship *r)
{
    Buf *buf;

    if (!str_equal(rows->type, r->type) || writing_list_is_full(rows->writing)) {
        TRY(end_rows(rows));
        begin_rows(rows, r->type);
    }
    buf = request_list_next(&rows->writing->list);
    buf_put_char(buf, '[');
    buf_put_int(buf, place_of(rows, r->source));
    buf_put_char(buf, ',');
    buf_put_int(buf, place_of(rows, r->target));
    buf_put_char(buf, ',');
    TRY(put_shown_row(rows->writing->draft, buf, r));
    buf_put_char(buf, ']');
    return OK;
}

static int by_type(const void *left, const void *right)
{
    const DraftRelationship *a = *(const DraftRelationship *const *)left;
    const DraftRelationship *b = *(const DraftRelationship *const *)right;
    int order = str_compare(a->type, b->type);

    return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

static const DraftRelationship **list_new_shown(Draft *draft, size_t *count)
{
    const DraftRelationship **list =
        arena_array(&draft->arena, const DraftRelationship *, draft->relationship_count);

    *count = 0;
    for (size_t i = 0; i < draft->relationship_count; i++)
        if (fate_of(draft->relationships[i], true) == FATE_ADD)
            list[(*count)++] = draft->relationships[i];
    if (*count > 0)
        qsort(list, *count, sizeof *list, by_type);
    return list;
}

static Err write_new_shown(Writing *writing)
{
    size_t count;
    const DraftRelationship **list = list_new_shown(writing->draft, &count);
    NewRows rows = {.writing = writing};
    Err e = OK;

    begin_rows(&rows, STR(""));
    for (size_t i = 0; i < count && !failed(&e); i++)
        e = put_row(&rows, list[i]);
    if (!failed(&e))
        e = end_rows(&rows);
    keymap_finish(&rows.places);
    return e;
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
    TRY(write_lost_events(writing)); /* first: one that is moved is lost, and new */
    return write_new_events(writing);
}
