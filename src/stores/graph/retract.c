/* graph_retract: what an origin said goes, and with it what others could only say because of it. Afterwards the claims
 * are those of a history without the origin, and the sums are made again.
 *
 * What others could say when: a relationship needs both ends at the moment it is written. A node is there while a claim
 * for it, or a relationship that touches it, is open; the turns in which claims were written and closed tell. So after
 * claims are gone, each node that lost one is walked through in the order of writing, and relationships that find it
 * missing go, too; then their other ends are walked through. (A user is there because of what they do: their own events
 * never miss them.) */
#include <stdlib.h>

#include "base/memory.h"
#include "stores/graph/ledger.h"
#include "stores/graph/rules.h"

/* A node that lost a claim, or something that touched it, written in this turn. */
typedef struct Loss {
    Str key;
    int64_t turn;
} Loss;

/* Two ends between which something went. */
typedef struct Pair {
    Str type;
    Str from;
    Str to;
    bool repeats;
} Pair;

typedef struct Retracting {
    Ledger ledger;
    Arena arena; /* as long as the retraction */
    Loss *losses;
    size_t loss_count;
    size_t loss_capacity;
    Pair *pairs;
    size_t pair_count;
    size_t pair_capacity;
    int64_t claims;
} Retracting;

static void retracting_finish(Retracting *retracting)
{
    ledger_finish(&retracting->ledger);
    memory_free(retracting->losses);
    memory_free(retracting->pairs);
    arena_finish(&retracting->arena);
}
#define AUTO_RETRACTING __attribute__((cleanup(retracting_finish)))

static void note_loss(Retracting *retracting, Str key, int64_t turn)
{
    if (retracting->loss_count == retracting->loss_capacity) {
        retracting->loss_capacity = retracting->loss_capacity > 0 ? retracting->loss_capacity * 2 : 64;
        retracting->losses = memory_grow(retracting->losses, retracting->loss_capacity, sizeof(Loss));
    }
    retracting->losses[retracting->loss_count++] = (Loss){key, turn};
}

static void note_pair(Retracting *retracting, Pair pair)
{
    if (retracting->pair_count == retracting->pair_capacity) {
        retracting->pair_capacity = retracting->pair_capacity > 0 ? retracting->pair_capacity * 2 : 64;
        retracting->pairs = memory_grow(retracting->pairs, retracting->pair_capacity, sizeof(Pair));
    }
    retracting->pairs[retracting->pair_count++] = pair;
}

/* ---- what goes */

static Err delete_relationship(Retracting *retracting, const GraphSqlTouchingRow *row)
{
    TRY(retracting->ledger.rows->twin->delete_relationship(retracting->ledger.rows, row->id));
    retracting->claims++;
    note_loss(retracting, row->source, row->written);
    note_loss(retracting, row->target, row->written);
    ledger_note(&retracting->ledger, row->source);
    ledger_note_end(&retracting->ledger, row->target);
    note_pair(retracting, (Pair){row->type, row->source, row->target, row->repeats != 0});
    return OK;
}

static Err delete_said(Retracting *retracting, int64_t origin)
{
    Rows *rows = retracting->ledger.rows;
    GraphSqlTouchingRow *relationships;
    GraphSqlNodeClaimTurn *claims;
    size_t relationship_count;
    size_t claim_count;

    TRY(rows->twin->list_relationships_by(rows, &retracting->arena, origin, &relationships,
                                          &relationship_count));
    TRY(rows->twin->list_node_claims_by(rows, &retracting->arena, origin, &claims, &claim_count));
    for (size_t i = 0; i < relationship_count; i++)
        TRY(delete_relationship(retracting, &relationships[i]));
    for (size_t i = 0; i < claim_count; i++) {
        TRY(rows->twin->delete_node_claim(rows, claims[i].key, claims[i].seq));
        retracting->claims++;
        note_loss(retracting, claims[i].key, claims[i].written);
        ledger_note(&retracting->ledger, claims[i].key);
    }
    return rows->twin->delete_origin(rows, origin);
}

static Err delete_event(Retracting *retracting, Str event)
{
    GraphSqlTouchingRow row;
    bool found;

    TRY(retracting->ledger.rows->twin->find_event(retracting->ledger.rows, &retracting->arena, event, &row,
                                                  &found));
    return found ? delete_relationship(retracting, &row) : OK;
}

static Err delete_origin(Retracting *retracting, Str origin)
{
    static const Str EVENT = STR("event:");
    int64_t id;
    bool found;

    if (str_starts(origin, EVENT))
        return delete_event(retracting, str_slice(origin, EVENT.len, origin.len));
    TRY(retracting->ledger.rows->twin->find_origin(retracting->ledger.rows, origin, &id, &found));
    return found && id != ORIGIN_EVENTS ? delete_said(retracting, id) : OK;
}

/* ---- what could not have been said */

static bool holds_at(int64_t written, SqlMaybeInt closed, int64_t turn)
{
    return written <= turn && (!closed.present || closed.value >= turn);
}

static bool is_claimed_at(const NodeClaims *claims, int64_t turn)
{
    for (size_t i = 0; i < claims->count; i++)
        if (!claims->claims[i].by_events && holds_at(claims->rows[i].written, claims->rows[i].closed, turn))
            return true;
    return false;
}

/* A claim that nobody took back and that is as old as what was lost: nothing can miss the node. */
static bool is_covered(const NodeClaims *claims, int64_t turn)
{
    for (size_t i = 0; i < claims->count; i++)
        if (!claims->claims[i].by_events && !claims->rows[i].closed.present &&
            claims->rows[i].written <= turn)
            return true;
    return false;
}

/* In the order of writing; what stays supports what comes after it. */
static Err walk_touching(Retracting *retracting, Loss loss, const NodeClaims *claims,
                         const GraphSqlTouchingRow *rows, size_t count)
{
    int64_t supported_until = INT64_MIN;

    for (size_t i = 0; i < count; i++) {
        const GraphSqlTouchingRow *row = &rows[i];
        int64_t closed = row->closed.present ? row->closed.value : INT64_MAX;
        bool own_event = row->event.data != NULL && str_equal(row->source, loss.key);
        bool could_miss = row->written >= loss.turn && !own_event;

        if (could_miss && supported_until < row->written && !is_claimed_at(claims, row->written))
            TRY(delete_relationship(retracting, row));
        else if (closed > supported_until)
            supported_until = closed;
    }
    return OK;
}

static Err settle_loss(Retracting *retracting, Loss loss)
{
    Ledger *ledger = &retracting->ledger;
    GraphSqlTouchingRow *rows;
    NodeClaims claims;
    size_t count;

    arena_reset(&ledger->scratch);
    TRY(ledger_read_node(ledger->rows, &ledger->scratch, loss.key, &claims));
    if (is_covered(&claims, loss.turn))
        return OK;
    TRY(ledger->rows->twin->list_touching(ledger->rows, &retracting->arena, loss.key, loss.turn, &rows,
                                          &count));
    return walk_touching(retracting, loss, &claims, rows, count);
}

/* ---- what is left is added up */

/* The claim that this one took the place of; NULL when it took nothing's. */
static const GraphSqlToldRow *predecessor(const GraphSqlToldRow *rows, size_t i, bool repeats)
{
    for (size_t p = 0; p < i; p++)
        if (rows[p].origin == rows[i].origin && rows[p].closed.present &&
            rows[p].closed.value == rows[i].written && (!repeats || rows[p].line == rows[i].line))
            return &rows[p];
    return NULL;
}

static Err begin_one_as_said(Ledger *ledger, GraphSqlToldRow *row)
{
    row->at_us = row->said_us.value;
    row->said_us.present = false;
    return ledger->rows->twin->begin_as_said(ledger->rows, row->id);
}

/* After one that begins earlier now, and then had no end of its own: claim_succeed again. */
static Err succeed_again(Ledger *ledger, const GraphSqlToldRow *earlier, GraphSqlToldRow *row, bool *moved)
{
    SqlMaybeInt ends = {true, row->at_us};

    *moved = row->said_us.present && row->said_us.value > earlier->at_us;
    if (*moved)
        TRY(begin_one_as_said(ledger, row));
    ends.value = row->at_us > earlier->at_us ? row->at_us : earlier->at_us;
    return ledger->rows->twin->close_relationship(ledger->rows, earlier->id, ends, earlier->closed.value);
}

/* A claim whose predecessor is gone took nothing's place: it begins when it says. So the one after it may do so, too,
 * and so on. */
static Err begin_as_said(Ledger *ledger, Pair pair)
{
    GraphSqlToldRow *rows;
    bool *moved;
    size_t count;

    TRY(ledger->rows->twin->list_told(ledger->rows, &ledger->scratch, pair.type, pair.from, pair.to,
                                      pair.repeats, &rows, &count));
    moved = arena_array(&ledger->scratch, bool, count);
    for (size_t i = 0; i < count; i++) {
        const GraphSqlToldRow *earlier = predecessor(rows, i, pair.repeats);

        if (earlier != NULL && moved[earlier - rows])
            TRY(succeed_again(ledger, earlier, &rows[i], &moved[i]));
        else if (earlier == NULL && rows[i].said_us.present) {
            moved[i] = true;
            TRY(begin_one_as_said(ledger, &rows[i]));
        }
    }
    return OK;
}

static Err settle_pair(Retracting *retracting, Pair pair)
{
    Ledger *ledger = &retracting->ledger;

    arena_reset(&ledger->scratch);
    TRY(begin_as_said(ledger, pair));
    if (pair.repeats)
        return OK;
    TRY(ledger_chain_recorded(ledger, pair.type, pair.from, pair.to));
    return ledger_refresh_relationship(ledger, pair.type, pair.from, pair.to);
}

/* The claim of the events, as long as there are some. */
static Err settle_user(Ledger *ledger, Str key)
{
    SqlMaybeInt first;

    TRY(ledger->rows->twin->get_first_event(ledger->rows, key, &first));
    if (!first.present)
        return ledger->rows->twin->delete_node_claim(ledger->rows, key, SEQ_OF_EVENTS);
    return ledger->rows->twin->set_node_claim_since(ledger->rows, key, SEQ_OF_EVENTS, first.value);
}

static Err settle_node(Retracting *retracting, Str key)
{
    Ledger *ledger = &retracting->ledger;
    NodeClaims claims;

    arena_reset(&ledger->scratch);
    TRY(ledger_read_node(ledger->rows, &ledger->scratch, key, &claims));
    if (ledger_has_events(&claims))
        TRY(settle_user(ledger, key));
    return ledger_refresh_node(ledger, key);
}

static int compare_losses(const void *a, const void *b)
{
    const Loss *left = a;
    const Loss *right = b;
    int order = str_compare(left->key, right->key);

    return order != 0 ? order : (left->turn > right->turn) - (left->turn < right->turn);
}

/* Sorts the losses from `first` on, so that the earliest of each node comes first. */
static void sort_losses(Retracting *retracting, size_t first)
{
    if (retracting->loss_count > first)
        qsort(retracting->losses + first, retracting->loss_count - first, sizeof(Loss), compare_losses);
}

static bool is_first_of_node(const Retracting *retracting, size_t i, size_t first)
{
    return i == first || !str_equal(retracting->losses[i].key, retracting->losses[i - 1].key);
}

/* Round by round: what goes in one is what the next looks at. */
static Err settle_losses(Retracting *retracting)
{
    size_t first = 0;

    while (first < retracting->loss_count) {
        size_t end = retracting->loss_count;

        sort_losses(retracting, first);
        for (size_t i = first; i < end; i++)
            if (is_first_of_node(retracting, i, first))
                TRY(settle_loss(retracting, retracting->losses[i]));
        first = end;
    }
    return OK;
}

static Err settle(Retracting *retracting)
{
    TRY(settle_losses(retracting));
    for (size_t i = 0; i < retracting->pair_count; i++)
        TRY(settle_pair(retracting, retracting->pairs[i]));
    sort_losses(retracting, 0);
    for (size_t i = 0; i < retracting->loss_count; i++)
        if (is_first_of_node(retracting, i, 0))
            TRY(settle_node(retracting, retracting->losses[i].key));
    return OK;
}

Err rules_retract_all(Rows *rows, const Str *origins, size_t count, int64_t *claims)
{
    AUTO_RETRACTING Retracting retracting = {0};

    arena_init(&retracting.arena);
    arena_init(&retracting.ledger.scratch);
    TRY(ledger_begin(rows, &retracting.ledger));
    for (size_t i = 0; i < count; i++)
        TRY(delete_origin(&retracting, origins[i]));
    TRY(settle(&retracting));
    TRY(ledger_end(&retracting.ledger));
    *claims = retracting.claims;
    return OK;
}

Err rules_retract(Rows *rows, Str origin, int64_t *claims)
{
    return rules_retract_all(rows, &origin, 1, claims);
}
