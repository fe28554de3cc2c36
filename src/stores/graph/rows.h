/* The rows that claims are kept in, as graph.sql declares them, and what can be done with them: what lies between the
 * rules (rules.h: once for all twins) and where a twin keeps its rows.
 * Functions mean what their namesakes in graph.sql say; those that list give all rows in the arena, in the order
 * that is said there. */
#ifndef NERDX_STORES_GRAPH_ROWS_H
#define NERDX_STORES_GRAPH_ROWS_H

#include "stores/graph/graph.h"
#include "stores/graph/graph_sql.h"

/* An end is kept as absent for GRAPH_FOREVER. */
static inline SqlMaybeInt end_to_sql(int64_t until_us)
{
    return (SqlMaybeInt){until_us != GRAPH_FOREVER, until_us};
}

static inline int64_t end_from_sql(SqlMaybeInt until_us)
{
    return until_us.present ? until_us.value : GRAPH_FOREVER;
}

typedef struct Rows Rows;

typedef struct RowsTwin {
    /* nodes */
    Err (*get_shown)(Rows *rows, Str key, int64_t *shown, bool *found);
    Err (*add_node)(Rows *rows, Str key, int64_t shown, Str label, int64_t since_us, SqlMaybeInt did_us,
                    Str labels, Str properties);
    Err (*set_node)(Rows *rows, Str key, int64_t shown, Str label, int64_t since_us, SqlMaybeInt did_us,
                    Str labels, Str properties);
    Err (*find_reference)(Rows *rows, Str key, bool *found);

    /* what is said of them */
    Err (*list_node_claims)(Rows *rows, Arena *arena, Str key, GraphSqlNodeClaimRow **out, size_t *count);
    Err (*add_node_claim)(Rows *rows, Str key, int64_t seq, int64_t origin, int64_t line, int64_t since_us,
                          SqlMaybeInt until_us, int64_t written, SqlMaybeInt closed, Str labels,
                          Str properties);
    Err (*close_node_claim)(Rows *rows, Str key, int64_t seq, SqlMaybeInt until_us, int64_t closed);
    Err (*set_node_claim_line)(Rows *rows, Str key, int64_t seq, int64_t line);
    Err (*set_node_claim_texts)(Rows *rows, Str key, int64_t seq, Str labels, Str properties);
    Err (*set_node_claim_since)(Rows *rows, Str key, int64_t seq, int64_t since_us);
    Err (*delete_node_claim)(Rows *rows, Str key, int64_t seq);

    /* relationships */
    Err (*list_said)(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlSaidRow **out,
                     size_t *count);
    Err (*list_open)(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlSaidRow **out,
                     size_t *count);
    Err (*find_on_line)(Rows *rows, Arena *arena, int64_t origin, int64_t line, Str type, Str source,
                        Str target, GraphSqlSaidRow *out, bool *found);
    Err (*find_alike)(Rows *rows, Arena *arena, int64_t origin, Str type, Str source, Str target,
                      int64_t at_us, SqlMaybeInt until_us, Str properties, GraphSqlSaidRow *out, bool *found);
    Err (*list_told)(Rows *rows, Arena *arena, Str type, Str source, Str target, int64_t repeats,
                     GraphSqlToldRow **out, size_t *count);
    Err (*list_relationship_claims)(Rows *rows, Arena *arena, Str type, Str source, Str target,
                                    GraphSqlRelationshipClaimRow **out, size_t *count);
    Err (*add_relationship)(Rows *rows, Str type, Str source, Str target, int64_t at_us, SqlMaybeInt until_us,
                            int64_t shown, int64_t repeats, int64_t origin, int64_t line, int64_t written,
                            SqlMaybeInt closed, SqlMaybeInt said_us, Str properties);
    Err (*close_relationship)(Rows *rows, int64_t id, SqlMaybeInt until_us, int64_t closed);
    Err (*set_relationship_line)(Rows *rows, int64_t id, int64_t line);
    Err (*set_shown)(Rows *rows, int64_t id, int64_t shown, Str sum);
    Err (*delete_relationship)(Rows *rows, int64_t id);
    Err (*begin_as_said)(Rows *rows, int64_t id);
    Err (*list_touching)(Rows *rows, Arena *arena, Str key, int64_t since_turn, GraphSqlTouchingRow **out,
                         size_t *count);
    Err (*list_past)(Rows *rows, Arena *arena, Str key, int64_t moment, GraphSqlPastRow **out, size_t *count);

    /* what was recorded */
    Err (*add_event)(Rows *rows, Str type, Str user, Str entity, int64_t at_us, SqlMaybeInt until_us,
                     int64_t repeats, int64_t shown, Str event, Str properties, int64_t *changed);
    Err (*find_event)(Rows *rows, Arena *arena, Str event, GraphSqlTouchingRow *out, bool *found);
    Err (*get_first_event)(Rows *rows, Str user, SqlMaybeInt *at_us);
    Err (*list_recorded)(Rows *rows, Arena *arena, Str type, Str source, Str target,
                         GraphSqlRecordedRow **out, size_t *count);
    Err (*find_recorded_at)(Rows *rows, Str type, Str source, Str target, int64_t moment,
                            GraphSqlRecordedRow *out, bool *found);
    Err (*set_recorded_end)(Rows *rows, int64_t id, SqlMaybeInt until_us);

    /* origins */
    Err (*find_origin)(Rows *rows, Str name, int64_t *id, bool *found);
    Err (*add_origin)(Rows *rows, Str name);
    Err (*delete_origin)(Rows *rows, int64_t id);
    Err (*list_nodes_said_by)(Rows *rows, Arena *arena, int64_t origin, GraphSqlNodeClaimKey **out,
                              size_t *count);
    Err (*list_relationships_said_by)(Rows *rows, Arena *arena, int64_t origin, GraphSqlRelationshipKey **out,
                                      size_t *count);
    Err (*list_node_claims_by)(Rows *rows, Arena *arena, int64_t origin, GraphSqlNodeClaimTurn **out,
                               size_t *count);
    Err (*list_relationships_by)(Rows *rows, Arena *arena, int64_t origin, GraphSqlTouchingRow **out,
                                 size_t *count);

    /* versions and marks */
    Err (*get_version)(Rows *rows, int64_t *version);
    Err (*set_version)(Rows *rows, int64_t version);
    Err (*note_change)(Rows *rows, Str key, int64_t version);
    Err (*set_mark)(Rows *rows, Str name, Str value);

    /* the outbox: the next number not below a moment */
    Err (*next_number)(Rows *rows, int64_t now_us, int64_t *number);
    Err (*add_happening)(Rows *rows, const GraphHappening *happening);
} RowsTwin;

/* Each twin's rows begin with this. */
struct Rows {
    const RowsTwin *twin;
};

#endif
