#include "base/memory.h"
#include "stores/graph/putting.h"

/* Each end of a batch is looked up once. */
static Err has_end(Putting *putting, Str end, bool *out)
{
    uint32_t *known = keymap_place(&putting->ends, end);
    int64_t shown;
    bool found;

    if (*known == KEYMAP_NONE) {
        TRY(putting->ledger.rows->twin->get_shown(putting->ledger.rows, end, &shown, &found));
        *known = found && shown != NODE_GONE;
    }
    *out = *known != 0;
    return OK;
}

static Err add(Putting *putting, const GraphRelationship *r, int64_t at_us, bool shown)
{
    int64_t until_us = end_of(r->until_us);
    SqlMaybeInt said_us = {at_us != r->at_us, r->at_us};

    ledger_note(&putting->ledger, r->from);
    ledger_note_end(&putting->ledger, r->to);
    return putting->ledger.rows->twin->add_relationship(putting->ledger.rows, r->type, r->from, r->to, at_us,
                                                        end_to_sql(until_us), shown, r->repeats,
                                                        putting->origin_id, r->line, putting->ledger.turn,
                                                        closed_as_written(until_us), said_us, r->properties);
}

/* Ends the origin's earlier claim; *at_us: when the new one begins. */
static Err succeed(Putting *putting, const GraphSqlSaidRow *own, const GraphRelationship *r, int64_t *at_us)
{
    Succession s = claim_succeed(own->at_us, end_from_sql(own->until_us), r->at_us, end_of(r->until_us),
                                 putting->origin.now_us);

    *at_us = s.begins_us;
    return putting->ledger.rows->twin->close_relationship(
        putting->ledger.rows, own->id, end_to_sql(s.earlier_ends_us), closed_now(putting, own->until_us));
}

static bool is_same(const GraphSqlSaidRow *own, const GraphRelationship *r)
{
    return claim_same_time(own->at_us, end_from_sql(own->until_us), r->at_us, end_of(r->until_us)) &&
           json_same(own->properties, r->properties);
}

static Err say_again(Putting *putting, const GraphSqlSaidRow *own, const GraphRelationship *r)
{
    if (putting->again == NULL)
        putting->again = memory_alloc(putting->batch.relationship_count * sizeof(int64_t));
    putting->again[putting->again_count++] = own->id;
    if (own->line == r->line)
        return OK;
    return putting->ledger.rows->twin->set_relationship_line(putting->ledger.rows, own->id, r->line);
}

/* Says it against what the origin said before (NULL: nothing); *at_us: when it begins, if it is to be added. */
static Err compare(Putting *putting, const GraphSqlSaidRow *own, const GraphRelationship *r,
                   GraphVerdict *verdict, int64_t *at_us)
{
    *at_us = r->at_us;
    *verdict = own == NULL ? GRAPH_ADDED : is_same(own, r) ? GRAPH_SAME : GRAPH_CHANGED;
    if (*verdict == GRAPH_SAME)
        return say_again(putting, own, r);
    return own != NULL ? succeed(putting, own, r, at_us) : OK;
}

/* The same line of an origin tells of the same occurrence. Without lines those are the same that are alike in all. */
static Err find_occurrence(Putting *putting, const GraphRelationship *r, GraphSqlSaidRow *row, bool *found)
{
    Ledger *ledger = &putting->ledger;

    if (r->line > 0)
        return ledger->rows->twin->find_on_line(ledger->rows, &ledger->scratch, putting->origin_id, r->line,
                                                r->type, r->from, r->to, row, found);
    return ledger->rows->twin->find_alike(ledger->rows, &ledger->scratch, putting->origin_id, r->type,
                                          r->from, r->to, r->at_us, end_to_sql(end_of(r->until_us)),
                                          r->properties, row, found);
}

static Err put_occurrence(Putting *putting, const GraphRelationship *r, GraphVerdict *verdict)
{
    GraphSqlSaidRow row;
    int64_t at_us;
    bool found;

    TRY(find_occurrence(putting, r, &row, &found));
    TRY(compare(putting, found ? &row : NULL, r, verdict, &at_us));
    return *verdict == GRAPH_SAME ? OK : add(putting, r, at_us, end_of(r->until_us) == GRAPH_FOREVER);
}

static Err put_single(Putting *putting, const GraphRelationship *r, GraphVerdict *verdict)
{
    Ledger *ledger = &putting->ledger;
    const GraphSqlSaidRow *own = NULL;
    GraphSqlSaidRow *rows;
    int64_t at_us;
    size_t count;

    TRY(ledger->rows->twin->list_said(ledger->rows, &ledger->scratch, r->type, r->from, r->to, &rows,
                                      &count));
    for (size_t i = 0; i < count; i++)
        if (rows[i].origin == putting->origin_id)
            own = &rows[i];
    TRY(compare(putting, own, r, verdict, &at_us));
    if (*verdict == GRAPH_SAME)
        return OK;
    if (count == 0)
        return add(putting, r, at_us, end_of(r->until_us) == GRAPH_FOREVER);
    TRY(add(putting, r, at_us, false));
    return ledger_refresh_relationship(ledger, r->type, r->from, r->to);
}

/* What has an end now held its ends before: one that was there because of it only is gone. */
static Err let_go(Putting *putting, const GraphRelationship *r)
{
    TRY(ledger_refresh_referred(&putting->ledger, r->from));
    TRY(ledger_refresh_referred(&putting->ledger, r->to));
    keymap_finish(&putting->ends);
    return OK;
}

Err putting_put_relationship(Putting *putting, const GraphRelationship *r, GraphVerdict *verdict)
{
    bool from = false;
    bool to = false;

    TRY(has_end(putting, r->from, &from));
    TRY(has_end(putting, r->to, &to));
    if (!from || !to) {
        *verdict = GRAPH_NO_END;
        return OK;
    }
    TRY(r->repeats ? put_occurrence(putting, r, verdict) : put_single(putting, r, verdict));
    return *verdict == GRAPH_CHANGED && end_of(r->until_us) != GRAPH_FOREVER ? let_go(putting, r) : OK;
}
