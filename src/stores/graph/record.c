/* graph_record: what users did. The way of most events is one or two statements; only a user who is new, or who did
 * something earlier than all that is known of them, takes more. */
#include "stores/graph/ledger.h"
#include "stores/graph/outbox.h"
#include "stores/graph/rules.h"

static const char USER_LABEL[] = "User";
static const char USER_LABELS[] = "[\"User\"]";

typedef struct Recording {
    const GraphInteraction *interactions;
    size_t count;
    Json new_user_properties;
    size_t accepted;
    bool is_told;
    Ledger ledger; /* for its scratch and its transaction: recording makes no version */
} Recording;

/* ---- the user */

static Err add_claim(Recording *recording, const GraphInteraction *in, Json labels, Json properties)
{
    Rows *rows = recording->ledger.rows;

    return rows->twin->add_node_claim(rows, in->user, SEQ_OF_EVENTS, ORIGIN_EVENTS, 0, in->at_us,
                                      (SqlMaybeInt){0}, 0, (SqlMaybeInt){0}, labels, properties);
}

static Err add_user(Recording *recording, const GraphInteraction *in)
{
    Rows *rows = recording->ledger.rows;

    TRY(rows->twin->add_node(rows, in->user, NODE_CLAIMED, str_from(USER_LABEL), in->at_us,
                             (SqlMaybeInt){true, in->at_us}, str_from(USER_LABELS),
                             recording->new_user_properties));
    return add_claim(recording, in, (Str){0}, (Str){0});
}

/* A user whom somebody else told of, or who did something else before: the claim of the events is added, or begins
 * earlier. */
static Err note_user(Recording *recording, const GraphInteraction *in)
{
    Ledger *ledger = &recording->ledger;
    NodeClaims claims;
    bool made;

    TRY(ledger_read_node(ledger->rows, &ledger->scratch, in->user, &claims));
    made = ledger_has_events(&claims);
    if (made && claims.claims[claims.count - 1].since_us <= in->at_us)
        return OK;
    TRY(made ? ledger->rows->twin->set_node_claim_since(ledger->rows, in->user, SEQ_OF_EVENTS, in->at_us)
             : add_claim(recording, in, str_from(USER_LABELS), recording->new_user_properties));
    return ledger_refresh_node(ledger, in->user);
}

static Err prepare_user(Recording *recording, const GraphInteraction *in)
{
    int64_t shown;
    bool found;

    TRY(recording->ledger.rows->twin->get_shown(recording->ledger.rows, in->user, &shown, &found));
    return found ? note_user(recording, in) : add_user(recording, in);
}

/* ---- what they did */

static Err add(Rows *rows, const GraphInteraction *in, int64_t until_us, bool shown, int64_t *changed)
{
    return rows->twin->add_event(rows, in->type, in->user, in->entity, in->at_us, end_to_sql(until_us),
                                 !in->once, shown, in->event_id, in->properties, changed);
}

/* The event's place among what was recorded once between the two: it closes the one before it. */
typedef struct Place {
    bool has_before;
    int64_t before; /* the id of that one */
    int64_t until_us;
} Place;

static Err find_place(Recording *recording, const GraphInteraction *in, const GraphSqlSaidRow *latest,
                      Place *out)
{
    GraphSqlRecordedRow row;
    bool found;

    if (latest->at_us <= in->at_us) {
        *out = (Place){true, latest->id, GRAPH_FOREVER};
        return OK;
    }
    TRY(recording->ledger.rows->twin->find_recorded_at(recording->ledger.rows, in->type, in->user, in->entity,
                                                       in->at_us, &row, &found));
    if (!found)
        *out = (Place){.until_us = latest->at_us};
    else if (row.at_us > in->at_us)
        *out = (Place){.until_us = row.at_us};
    else
        *out = (Place){true, row.id, row.until_us.value};
    return OK;
}

/* After those between the two that are open. */
static Err add_once_more(Recording *recording, const GraphInteraction *in, const GraphSqlSaidRow *open,
                         size_t count, int64_t *changed)
{
    Ledger *ledger = &recording->ledger;
    Place place = {.until_us = GRAPH_FOREVER};
    bool alone = count == 1 && open->recorded; /* then the sum is the latest */

    for (size_t i = 0; i < count; i++)
        if (open[i].recorded)
            TRY(find_place(recording, in, &open[i], &place));
    TRY(add(ledger->rows, in, place.until_us, alone && place.until_us == GRAPH_FOREVER, changed));
    if (*changed == 0)
        return OK;
    if (place.has_before)
        TRY(ledger->rows->twin->set_recorded_end(ledger->rows, place.before, (SqlMaybeInt){true, in->at_us}));
    return alone ? OK : ledger_refresh_relationship(ledger, in->type, in->user, in->entity);
}

static Err join(Recording *recording, const GraphInteraction *in, int64_t *changed)
{
    Ledger *ledger = &recording->ledger;
    GraphSqlSaidRow *open = NULL;
    size_t count = 0;

    if (in->once)
        TRY(ledger->rows->twin->list_open(ledger->rows, &ledger->scratch, in->type, in->user, in->entity,
                                          &open, &count));
    if (count > 0)
        return add_once_more(recording, in, open, count, changed);
    return add(ledger->rows, in, GRAPH_FOREVER, true, changed);
}

static Err join_after_all(Recording *recording, const GraphInteraction *in, bool *is_new)
{
    Rows *rows = recording->ledger.rows;
    GraphSqlTouchingRow event;
    int64_t changed;
    int64_t shown;
    bool found;

    TRY(rows->twin->find_event(rows, &recording->ledger.scratch, in->event_id, &event, &found));
    *is_new = !found;
    if (found)
        return OK;
    TRY(rows->twin->get_shown(rows, in->entity, &shown, &found));
    if (!found || shown == NODE_GONE)
        return err(NOT_FOUND, "there is no entity %.*s", STR_ARG(in->entity));
    TRY(prepare_user(recording, in));
    return join(recording, in, &changed);
}

static Err record_one(Recording *recording, const GraphInteraction *in)
{
    bool is_new = true;
    int64_t changed;

    arena_reset(&recording->ledger.scratch);
    TRY(join(recording, in, &changed));
    if (changed == 0)
        TRY(join_after_all(recording, in, &is_new));
    recording->accepted += is_new;
    return is_new && recording->is_told
               ? outbox_tell_recorded(recording->ledger.rows, &recording->ledger.scratch, in)
               : OK;
}

static Err record_all(Recording *recording)
{
    for (size_t i = 0; i < recording->count; i++) {
        Err e = record_one(recording, &recording->interactions[i]);

        if (failed(&e))
            return e.code == NOT_FOUND ? err_at(e, "/%zu", i) : e;
    }
    return OK;
}

static Err record_told(Rows *rows, const GraphInteraction *interactions, size_t count,
                       Json new_user_properties, bool is_told, size_t *accepted)
{
    Recording recording = {interactions, count, new_user_properties, .is_told = is_told, .ledger.rows = rows};
    Err e;

    arena_init(&recording.ledger.scratch);
    e = record_all(&recording);
    ledger_finish(&recording.ledger);
    *accepted = recording.accepted;
    return e;
}

Err rules_record(Rows *rows, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                 size_t *accepted)
{
    return record_told(rows, interactions, count, new_user_properties, true, accepted);
}

Err rules_record_again(Rows *rows, const GraphInteraction *interactions, size_t count,
                       Json new_user_properties)
{
    size_t accepted;

    return record_told(rows, interactions, count, new_user_properties, false, &accepted);
}
