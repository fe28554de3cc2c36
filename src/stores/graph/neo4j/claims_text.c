#include "stores/graph/neo4j/claims_text.h"

enum Field { SEQ, ORIGIN, LINE, SINCE, UNTIL, WRITTEN, CLOSED, LABELS, PROPERTIES, FIELD_COUNT };

static SqlMaybeInt maybe_int(const json_t *claim, size_t field)
{
    const json_t *value = json_array_get(claim, field);

    return (SqlMaybeInt){json_is_integer(value), json_integer_value(value)};
}

static int64_t int_of(const json_t *claim, size_t field)
{
    return json_integer_value(json_array_get(claim, field));
}

static Str text_of(Draft *draft, const json_t *claim, size_t field)
{
    return str_copy(&draft->arena, reply_text(json_array_get(claim, field)));
}

static DraftClaim claim_of(Draft *draft, const json_t *claim)
{
    return (DraftClaim){
        .seq = int_of(claim, SEQ),
        .origin = draft_origin_id(draft, reply_text(json_array_get(claim, ORIGIN))),
        .line = int_of(claim, LINE),
        .since_us = int_of(claim, SINCE),
        .until_us = maybe_int(claim, UNTIL),
        .written = int_of(claim, WRITTEN),
        .closed = maybe_int(claim, CLOSED),
        .labels = text_of(draft, claim, LABELS),
        .properties = text_of(draft, claim, PROPERTIES),
    };
}

Err claims_from_text(Draft *draft, DraftNode *node, Str text)
{
    AUTO_JSON json_t *list = NULL;

    TRY(json_read(text, &list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *claim = json_array_get(list, i);

        if (json_array_size(claim) != FIELD_COUNT || !json_is_string(json_array_get(claim, ORIGIN)))
            return err(INTERNAL, "what is said of %.*s in Neo4j can't be read: restore it from a backup",
                       STR_ARG(node->key));
        draft_add_claim(draft, node, claim_of(draft, claim));
    }
    return OK;
}

static void put_int(Buf *buf, int64_t value)
{
    buf_put_char(buf, ',');
    buf_put_int(buf, value);
}

static void put_maybe_int(Buf *buf, SqlMaybeInt value)
{
    if (value.present)
        put_int(buf, value.value);
    else
        buf_put(buf, STR(",null"));
}

static void put_maybe_text(Buf *buf, Str text)
{
    buf_put_char(buf, ',');
    if (text.data != NULL)
        json_put_string(buf, text);
    else
        buf_put(buf, STR("null"));
}

void claims_put(const Draft *draft, const DraftNode *node, Buf *buf)
{
    buf_put_char(buf, '[');
    for (size_t i = 0; i < node->claim_count; i++) {
        const DraftClaim *claim = &node->claims[i];

        buf_put(buf, i > 0 ? STR(",[") : STR("["));
        buf_put_int(buf, claim->seq);
        put_maybe_text(buf, draft_origin(draft, claim->origin)->name);
        put_int(buf, claim->line);
        put_int(buf, claim->since_us);
        put_maybe_int(buf, claim->until_us);
        put_int(buf, claim->written);
        put_maybe_int(buf, claim->closed);
        put_maybe_text(buf, claim->labels);
        put_maybe_text(buf, claim->properties);
        buf_put_char(buf, ']');
    }
    buf_put_char(buf, ']');
}
