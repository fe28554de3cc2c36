/* The rows of SQLite: what rows.h asks for is what graph.sql has. */
#include "stores/graph/sqlite_graph.h"

static Sql *sql_of_rows(Rows *rows)
{
    return ((SqliteRows *)rows)->sql;
}

static Tx *tx_of(Rows *rows)
{
    return ((SqliteRows *)rows)->tx;
}

static Err get_shown(Rows *rows, Str key, int64_t *shown, bool *found)
{
    return graph_sql_get_shown(sql_of_rows(rows), tx_of(rows), key, shown, found);
}

static Err add_node(Rows *rows, Str key, int64_t shown, Str label, int64_t since_us, SqlMaybeInt did_us,
                    Str labels, Str properties)
{
    return graph_sql_add_node(tx_of(rows), key, shown, label, since_us, did_us, labels, properties, NULL);
}

static Err set_node(Rows *rows, Str key, int64_t shown, Str label, int64_t since_us, SqlMaybeInt did_us,
                    Str labels, Str properties)
{
    return graph_sql_set_node(tx_of(rows), key, shown, label, since_us, did_us, labels, properties, NULL);
}

static Err find_reference(Rows *rows, Str key, bool *found)
{
    int64_t one;

    return graph_sql_find_reference(sql_of_rows(rows), tx_of(rows), key, &one, found);
}

static Err list_node_claims(Rows *rows, Arena *arena, Str key, GraphSqlNodeClaimRow **out, size_t *count)
{
    return graph_sql_list_node_claims(sql_of_rows(rows), tx_of(rows), arena, key, out, count);
}

/* A row has as many columns: NOLINTNEXTLINE(readability-function-size) */
static Err add_node_claim(Rows *rows, Str key, int64_t seq, int64_t origin, int64_t line, int64_t since_us,
                          SqlMaybeInt until_us, int64_t written, SqlMaybeInt closed, Str labels,
                          Str properties)
{
    return graph_sql_add_node_claim(tx_of(rows), key, seq, origin, line, since_us, until_us, written, closed,
                                    labels, properties, NULL);
}

static Err close_node_claim(Rows *rows, Str key, int64_t seq, SqlMaybeInt until_us, int64_t closed)
{
    return graph_sql_close_node_claim(tx_of(rows), key, seq, until_us, closed, NULL);
}

static Err set_node_claim_line(Rows *rows, Str key, int64_t seq, int64_t line)
{
    return graph_sql_set_node_claim_line(tx_of(rows), key, seq, line, NULL);
}

static Err set_node_claim_texts(Rows *rows, Str key, int64_t seq, Str labels, Str properties)
{
    return graph_sql_set_node_claim_texts(tx_of(rows), key, seq, labels, properties, NULL);
}

static Err set_node_claim_since(Rows *rows, Str key, int64_t seq, int64_t since_us)
{
    return graph_sql_set_node_claim_since(tx_of(rows), key, seq, since_us, NULL);
}

static Err delete_node_claim(Rows *rows, Str key, int64_t seq)
{
    return graph_sql_delete_node_claim(tx_of(rows), key, seq, NULL);
}

static Err list_said(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlSaidRow **out,
                     size_t *count)
{
    return graph_sql_list_said(sql_of_rows(rows), tx_of(rows), arena, type, source, target, out, count);
}

static Err list_open(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlSaidRow **out,
                     size_t *count)
{
    return graph_sql_list_open(sql_of_rows(rows), tx_of(rows), arena, type, source, target, out, count);
}

static Err find_on_line(Rows *rows, Arena *arena, int64_t origin, int64_t line, Str type, Str source,
                        Str target, GraphSqlSaidRow *out, bool *found)
{
    return graph_sql_find_on_line(sql_of_rows(rows), tx_of(rows), arena, origin, line, type, source, target,
                                  out, found);
}

/* A row has as many columns: NOLINTNEXTLINE(readability-function-size) */
static Err find_alike(Rows *rows, Arena *arena, int64_t origin, Str type, Str source, Str target,
                      int64_t at_us, SqlMaybeInt until_us, Str properties, GraphSqlSaidRow *out, bool *found)
{
    return graph_sql_find_alike(sql_of_rows(rows), tx_of(rows), arena, origin, type, source, target, at_us,
                                until_us, properties, out, found);
}

static Err list_told(Rows *rows, Arena *arena, Str type, Str source, Str target, int64_t repeats,
                     GraphSqlToldRow **out, size_t *count)
{
    return graph_sql_list_told(sql_of_rows(rows), tx_of(rows), arena, type, source, target, repeats, out,
                               count);
}

static Err list_relationship_claims(Rows *rows, Arena *arena, Str type, Str source, Str target,
                                    GraphSqlRelationshipClaimRow **out, size_t *count)
{
    return graph_sql_list_relationship_claims(sql_of_rows(rows), tx_of(rows), arena, type, source, target,
                                              out, count);
}

/* A row has as many columns: NOLINTNEXTLINE(readability-function-size) */
static Err add_relationship(Rows *rows, Str type, Str source, Str target, int64_t at_us, SqlMaybeInt until_us,
                            int64_t shown, int64_t repeats, int64_t origin, int64_t line, int64_t written,
                            SqlMaybeInt closed, SqlMaybeInt said_us, Str properties)
{
    return graph_sql_add_relationship(tx_of(rows), type, source, target, at_us, until_us, shown, repeats,
                                      origin, line, written, closed, said_us, properties, NULL);
}

static Err close_relationship(Rows *rows, int64_t id, SqlMaybeInt until_us, int64_t closed)
{
    return graph_sql_close_relationship(tx_of(rows), id, until_us, closed, NULL);
}

static Err set_relationship_line(Rows *rows, int64_t id, int64_t line)
{
    return graph_sql_set_relationship_line(tx_of(rows), id, line, NULL);
}

static Err set_shown(Rows *rows, int64_t id, int64_t shown, Str sum)
{
    return graph_sql_set_shown(tx_of(rows), id, shown, sum, NULL);
}

static Err delete_relationship(Rows *rows, int64_t id)
{
    return graph_sql_delete_relationship(tx_of(rows), id, NULL);
}

static Err begin_as_said(Rows *rows, int64_t id)
{
    return graph_sql_begin_as_said(tx_of(rows), id, NULL);
}

static Err list_touching(Rows *rows, Arena *arena, Str key, int64_t since_turn, GraphSqlTouchingRow **out,
                         size_t *count)
{
    return graph_sql_list_touching(sql_of_rows(rows), tx_of(rows), arena, key, since_turn, out, count);
}

static Err list_past(Rows *rows, Arena *arena, Str key, int64_t moment, GraphSqlPastRow **out, size_t *count)
{
    return graph_sql_list_past(sql_of_rows(rows), tx_of(rows), arena, key, moment, out, count);
}

/* A row has as many columns: NOLINTNEXTLINE(readability-function-size) */
static Err add_event(Rows *rows, Str type, Str user, Str entity, int64_t at_us, SqlMaybeInt until_us,
                     int64_t repeats, int64_t shown, Str event, Str properties, int64_t *changed)
{
    return graph_sql_add_event(tx_of(rows), type, user, entity, at_us, until_us, repeats, shown, event,
                               properties, changed);
}

static Err find_event(Rows *rows, Arena *arena, Str event, GraphSqlTouchingRow *out, bool *found)
{
    return graph_sql_find_event(sql_of_rows(rows), tx_of(rows), arena, event, out, found);
}

static Err get_first_event(Rows *rows, Str user, SqlMaybeInt *at_us)
{
    return graph_sql_get_first_event(sql_of_rows(rows), tx_of(rows), user, at_us);
}

static Err list_recorded(Rows *rows, Arena *arena, Str type, Str source, Str target,
                         GraphSqlRecordedRow **out, size_t *count)
{
    return graph_sql_list_recorded(sql_of_rows(rows), tx_of(rows), arena, type, source, target, out, count);
}

static Err find_recorded_at(Rows *rows, Str type, Str source, Str target, int64_t moment,
                            GraphSqlRecordedRow *out, bool *found)
{
    return graph_sql_find_recorded_at(sql_of_rows(rows), tx_of(rows), type, source, target, moment, out,
                                      found);
}

static Err set_recorded_end(Rows *rows, int64_t id, SqlMaybeInt until_us)
{
    return graph_sql_set_recorded_end(tx_of(rows), id, until_us, NULL);
}

static Err find_origin(Rows *rows, Str name, int64_t *id, bool *found)
{
    return graph_sql_find_origin(sql_of_rows(rows), tx_of(rows), name, id, found);
}

static Err add_origin(Rows *rows, Str name)
{
    return graph_sql_add_origin(tx_of(rows), name, NULL);
}

static Err delete_origin(Rows *rows, int64_t id)
{
    return graph_sql_delete_origin(tx_of(rows), id, NULL);
}

static Err list_nodes_said_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlNodeClaimKey **out,
                              size_t *count)
{
    return graph_sql_list_nodes_said_by(sql_of_rows(rows), tx_of(rows), arena, origin, out, count);
}

static Err list_relationships_said_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlRelationshipKey **out,
                                      size_t *count)
{
    return graph_sql_list_relationships_said_by(sql_of_rows(rows), tx_of(rows), arena, origin, out, count);
}

static Err list_node_claims_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlNodeClaimTurn **out,
                               size_t *count)
{
    return graph_sql_list_node_claims_by(sql_of_rows(rows), tx_of(rows), arena, origin, out, count);
}

static Err list_relationships_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlTouchingRow **out,
                                 size_t *count)
{
    return graph_sql_list_relationships_by(sql_of_rows(rows), tx_of(rows), arena, origin, out, count);
}

static Err get_version(Rows *rows, int64_t *version)
{
    return graph_sql_get_version(sql_of_rows(rows), tx_of(rows), version);
}

static Err set_version(Rows *rows, int64_t version)
{
    return graph_sql_set_version(tx_of(rows), version, NULL);
}

static Err note_change(Rows *rows, Str key, int64_t version)
{
    return graph_sql_note_change(tx_of(rows), key, version, NULL);
}

static Err set_mark(Rows *rows, Str name, Str value)
{
    return graph_sql_set_mark(tx_of(rows), name, value, NULL);
}

static Err next_number(Rows *rows, int64_t now_us, int64_t *number)
{
    return graph_sql_next_number(tx_of(rows), now_us, number);
}

static Err add_happening(Rows *rows, const GraphHappening *happening)
{
    return graph_sql_add_happening(tx_of(rows), happening->number, happening->id, happening->what,
                                   happening->key, happening->event_id, happening->version, happening->nodes,
                                   happening->traceparent, NULL);
}

const RowsTwin SQLITE_ROWS = {
    .get_shown = get_shown,
    .add_node = add_node,
    .set_node = set_node,
    .find_reference = find_reference,
    .list_node_claims = list_node_claims,
    .add_node_claim = add_node_claim,
    .close_node_claim = close_node_claim,
    .set_node_claim_line = set_node_claim_line,
    .set_node_claim_texts = set_node_claim_texts,
    .set_node_claim_since = set_node_claim_since,
    .delete_node_claim = delete_node_claim,
    .list_said = list_said,
    .list_open = list_open,
    .find_on_line = find_on_line,
    .find_alike = find_alike,
    .list_told = list_told,
    .list_relationship_claims = list_relationship_claims,
    .add_relationship = add_relationship,
    .close_relationship = close_relationship,
    .set_relationship_line = set_relationship_line,
    .set_shown = set_shown,
    .delete_relationship = delete_relationship,
    .begin_as_said = begin_as_said,
    .list_touching = list_touching,
    .list_past = list_past,
    .add_event = add_event,
    .find_event = find_event,
    .get_first_event = get_first_event,
    .list_recorded = list_recorded,
    .find_recorded_at = find_recorded_at,
    .set_recorded_end = set_recorded_end,
    .find_origin = find_origin,
    .add_origin = add_origin,
    .delete_origin = delete_origin,
    .list_nodes_said_by = list_nodes_said_by,
    .list_relationships_said_by = list_relationships_said_by,
    .list_node_claims_by = list_node_claims_by,
    .list_relationships_by = list_relationships_by,
    .get_version = get_version,
    .set_version = set_version,
    .note_change = note_change,
    .set_mark = set_mark,
    .next_number = next_number,
    .add_happening = add_happening,
};
