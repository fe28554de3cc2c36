/* The writes: a transaction each, in which the rules of the claims do their work. */
#include "stores/graph/rules.h"
#include "stores/graph/sqlite_graph.h"

Err sqlite_put(Graph *graph, GraphOrigin origin, GraphBatch batch)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sqlite_of(graph), &tx));
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .tx = tx};
    TRY(rules_put(&rows.rows, &origin, &batch));
    return origin.rehearse ? OK : sql_commit(&tx);
}

Err sqlite_replace(Graph *graph, GraphOrigin origin, GraphBatch batch, Str mark_name, Str mark_value)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sqlite_of(graph), &tx));
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .tx = tx};
    TRY(rules_replace(&rows.rows, &origin, &batch, mark_name, mark_value));
    return origin.rehearse ? OK : sql_commit(&tx);
}

Err sqlite_retract(Graph *graph, Str origin, int64_t now_us, int64_t *claims)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    (void)now_us; /* no claim begins or ends by it */
    TRY(sql_begin(sqlite_of(graph), &tx));
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .tx = tx};
    TRY(rules_retract(&rows.rows, origin, claims));
    sql_leave_no_trace(tx);
    return sql_commit(&tx);
}

Err sqlite_move_user(Graph *graph, Str from, Str to, Json new_user_properties, int64_t *events)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sqlite_of(graph), &tx));
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .tx = tx};
    TRY(rules_move_user(&rows.rows, from, to, new_user_properties, events));
    sql_leave_no_trace(tx);
    return sql_commit(&tx);
}

/* What a thread that has the turn needs to record for another one that waits. */
typedef struct Recording {
    const GraphInteraction *interactions;
    size_t count;
    Json new_user_properties;
    size_t accepted;
} Recording;

static Err record(void *context, Tx *tx)
{
    Recording *recording = context;
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .tx = tx};

    return rules_record(&rows.rows, recording->interactions, recording->count, recording->new_user_properties,
                        &recording->accepted);
}

Err sqlite_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                  size_t *accepted)
{
    Recording recording = {interactions, count, new_user_properties, 0};

    TRY(sql_transact(sqlite_of(graph), record, &recording));
    *accepted = recording.accepted;
    return OK;
}
