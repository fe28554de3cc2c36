#include "stores/sql/sql.h"

#include "stores/sql/history_sql.h"
#include "stores/sql/twin.h"

void sql_close(Sql *sql)
{
    if (!sql)
        return;
    store_watch_destroy(sql->watch);
    sql->twin->close(sql);
}

bool sql_reads_block(const Sql *sql)
{
    return sql->twin->reads_block;
}

Err sql_ready(Sql *sql)
{
    int64_t schemas;

    return history_sql_count_schemas(sql, NULL, &schemas);
}

Err sql_say(Sql *sql, Str message)
{
    int64_t said;

    assert(message.len > 0 && message.len <= SQL_MESSAGE_MAX);
    return history_sql_say(sql, NULL, message, &said);
}

Err sql_listen(Sql *sql, SqlHeardFn heard, void *context, SqlListener **out)
{
    if (sql->twin->listen == NULL)
        return err(UNSUPPORTED, "who has this database open can't hear each other");
    return sql->twin->listen(sql, heard, context, out);
}

void sql_unlisten(Sql *sql, SqlListener *listener)
{
    if (listener != NULL)
        sql->twin->unlisten(listener);
}

Err sql_transact(Sql *sql, SqlWorkFn work, void *context)
{
    assert(sql && work);
    StoreCall call;

    store_begin(&call, sql->watch, STORE_TRANSACTION, "transaction");
    Err e = sql->twin->transact(sql, work, context);
    store_end(&call, &e);
    return e;
}

Err sql_transact_rows(Sql *sql, SqlWorkFn work, void *context)
{
    assert(sql && work);
    StoreCall call;

    store_begin(&call, sql->watch, STORE_TRANSACTION, "transaction");
    Err e = sql->twin->transact_rows(sql, work, context);
    store_end(&call, &e);
    return e;
}

Err sql_begin_reads(Sql *sql, Sql **reading)
{
    assert(sql && !*reading);
    TRY(sql->twin->begin_reads(sql));
    *reading = sql;
    return OK;
}

void sql_end_reads(Sql **reading)
{
    if (reading && *reading) {
        Sql *sql = *reading;
        *reading = NULL;
        sql->twin->end_reads(sql);
    }
}

void sql_leave_no_trace(Tx *tx)
{
    if (tx->sql->twin->leave_no_trace)
        tx->sql->twin->leave_no_trace(tx);
}

uint64_t sql_stamp(Sql *sql)
{
    return sql->twin->stamp ? sql->twin->stamp(sql) : 0;
}

Err sql_begin(Sql *sql, Tx **out)
{
    assert(sql);
    *out = NULL;
    StoreCall call;

    store_begin(&call, sql->watch, STORE_TRANSACTION, "begin");
    Err e = sql->twin->begin(sql, out);
    store_end(&call, &e);
    return e;
}

Err sql_commit(Tx **tx)
{
    Tx *ending = *tx;

    assert(ending);
    *tx = NULL;
    StoreCall call;

    store_begin(&call, ending->sql->watch, STORE_COMMIT, "commit");
    Err e = ending->sql->twin->commit(ending);
    store_end(&call, &e);
    return e;
}

void sql_rollback(Tx **tx)
{
    if (tx && *tx) {
        Tx *ending = *tx;
        *tx = NULL;
        ending->sql->twin->rollback(ending);
    }
}

static Err watched_read(Sql *sql, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                        void *context)
{
    StoreCall call;

    store_begin(&call, sql->watch, STORE_READ, statement->name);

    atomic_fetch_add_explicit(&sql->reads, 1, memory_order_relaxed);
    Err e = sql->twin->read(sql, statement, parameters, on_row, context);
    atomic_fetch_sub_explicit(&sql->reads, 1, memory_order_relaxed);
    store_end(&call, &e);
    return e;
}

Err sql_run(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
            void *context, int64_t *changed)
{
    assert(sql || tx);
    assert(parameters || statement->parameter_count == 0);
    if (tx)
        return tx->sql->twin->write(tx, statement, parameters, on_row, context, changed);
    return watched_read(sql, statement, parameters, on_row, context);
}

Str sql_keep_text(Arena *arena, const SqlValue *value)
{
    if (value->type != SQL_TEXT)
        return (Str){0};
    return arena ? str_copy(arena, value->text) : value->text;
}

SqlBlob sql_keep_blob(Arena *arena, const SqlValue *value)
{
    if (value->type != SQL_BLOB)
        return (SqlBlob){0};
    Str bytes = arena ? str_copy(arena, value->text) : value->text;
    return (SqlBlob){bytes.data, bytes.len};
}
