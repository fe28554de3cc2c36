/* The row functions of a draft (rows.h), for the table in draft_events.c. */
#ifndef NERDX_STORES_GRAPH_NEO4J_DRAFT_ROWS_H
#define NERDX_STORES_GRAPH_NEO4J_DRAFT_ROWS_H

#include <assert.h>

#include "stores/graph/ledger.h"
#include "stores/graph/neo4j/draft.h"

static inline Draft *draft_of(Rows *rows)
{
    return (Draft *)rows;
}

Err draft_get_shown(Rows *rows, Str key, int64_t *shown, bool *found);
Err draft_add_node_row(Rows *rows, Str key, int64_t shown, Str label, int64_t since_us, SqlMaybeInt did_us,
                       Str labels, Str properties);
Err draft_set_node_row(Rows *rows, Str key, int64_t shown, Str label, int64_t since_us, SqlMaybeInt did_us,
                       Str labels, Str properties);
Err draft_find_reference(Rows *rows, Str key, bool *found);
Err draft_list_node_claims(Rows *rows, Arena *arena, Str key, GraphSqlNodeClaimRow **out, size_t *count);
Err draft_add_node_claim(Rows *rows, Str key, int64_t seq, int64_t origin, int64_t line, int64_t since_us,
                         SqlMaybeInt until_us, int64_t written, SqlMaybeInt closed, Str labels,
                         Str properties);
Err draft_close_node_claim(Rows *rows, Str key, int64_t seq, SqlMaybeInt until_us, int64_t closed);
Err draft_set_node_claim_line(Rows *rows, Str key, int64_t seq, int64_t line);
Err draft_set_node_claim_texts(Rows *rows, Str key, int64_t seq, Str labels, Str properties);
Err draft_set_node_claim_since(Rows *rows, Str key, int64_t seq, int64_t since_us);
Err draft_delete_node_claim(Rows *rows, Str key, int64_t seq);
Err draft_find_origin(Rows *rows, Str name, int64_t *id, bool *found);
Err draft_add_origin(Rows *rows, Str name);
Err draft_delete_origin(Rows *rows, int64_t id);
Err draft_list_nodes_said_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlNodeClaimKey **out,
                             size_t *count);
Err draft_list_node_claims_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlNodeClaimTurn **out,
                              size_t *count);
Err draft_get_version(Rows *rows, int64_t *version);
Err draft_set_version(Rows *rows, int64_t version);
Err draft_note_change(Rows *rows, Str key, int64_t version);
Err draft_set_mark(Rows *rows, Str name, Str value);
Err draft_next_number(Rows *rows, int64_t now_us, int64_t *number);
Err draft_add_happening(Rows *rows, const GraphHappening *happening);
Err draft_list_said(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlSaidRow **out,
                    size_t *count);
Err draft_list_open(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlSaidRow **out,
                    size_t *count);
Err draft_find_on_line(Rows *rows, Arena *arena, int64_t origin, int64_t line, Str type, Str source,
                       Str target, GraphSqlSaidRow *out, bool *found);
Err draft_find_alike(Rows *rows, Arena *arena, int64_t origin, Str type, Str source, Str target,
                     int64_t at_us, SqlMaybeInt until_us, Str properties, GraphSqlSaidRow *out, bool *found);
Err draft_list_told(Rows *rows, Arena *arena, Str type, Str source, Str target, int64_t repeats,
                    GraphSqlToldRow **out, size_t *count);
Err draft_list_relationship_claims(Rows *rows, Arena *arena, Str type, Str source, Str target,
                                   GraphSqlRelationshipClaimRow **out, size_t *count);
Err draft_list_touching(Rows *rows, Arena *arena, Str key, int64_t since_turn, GraphSqlTouchingRow **out,
                        size_t *count);
Err draft_list_relationships_said_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlRelationshipKey **out,
                                     size_t *count);
Err draft_list_relationships_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlTouchingRow **out,
                                size_t *count);
Err draft_list_past(Rows *rows, Arena *arena, Str key, int64_t moment, GraphSqlPastRow **out, size_t *count);
Err draft_add_relationship_row(Rows *rows, Str type, Str source, Str target, int64_t at_us,
                               SqlMaybeInt until_us, int64_t shown, int64_t repeats, int64_t origin,
                               int64_t line, int64_t written, SqlMaybeInt closed, SqlMaybeInt said_us,
                               Str properties);
Err draft_close_relationship(Rows *rows, int64_t id, SqlMaybeInt until_us, int64_t closed);
Err draft_set_relationship_line(Rows *rows, int64_t id, int64_t line);
Err draft_set_shown(Rows *rows, int64_t id, int64_t shown, Str sum);
Err draft_delete_relationship(Rows *rows, int64_t id);
Err draft_begin_as_said(Rows *rows, int64_t id);
Err draft_add_event(Rows *rows, Str type, Str user, Str entity, int64_t at_us, SqlMaybeInt until_us,
                    int64_t repeats, int64_t shown, Str event, Str properties, int64_t *changed);
Err draft_find_event(Rows *rows, Arena *arena, Str event, GraphSqlTouchingRow *out, bool *found);
Err draft_get_first_event(Rows *rows, Str user, SqlMaybeInt *at_us);
Err draft_list_recorded(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlRecordedRow **out,
                        size_t *count);
Err draft_find_recorded_at(Rows *rows, Str type, Str source, Str target, int64_t moment,
                           GraphSqlRecordedRow *out, bool *found);
Err draft_set_recorded_end(Rows *rows, int64_t id, SqlMaybeInt until_us);

#endif
