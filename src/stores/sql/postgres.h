/* The PostgreSQL twin from inside: what its files share. postgres.c opens and closes, postgres_write.c has the
 * transactions, postgres_read.c the reads, postgres_listen.c hears. */
#ifndef NERDX_STORES_SQL_POSTGRES_H
#define NERDX_STORES_SQL_POSTGRES_H

#include "stores/sql/postgres_pool.h"
#include "stores/sql/twin.h"

typedef struct PostgresDatabase {
    Sql sql;
    Arena arena; /* of the address */
    PostgresAddress address;
    PostgresPool pool;
} PostgresDatabase;

Err postgres_transact(Sql *sql, SqlWorkFn work, void *context);
Err postgres_transact_rows(Sql *sql, SqlWorkFn work, void *context);
Err postgres_begin(Sql *sql, Tx **out);
Err postgres_begin_migration(Sql *sql, Tx **out);
Err postgres_commit(Tx *tx);
void postgres_rollback(Tx *tx);
Err postgres_write(Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                   void *context, int64_t *changed);
Err postgres_migrate(Tx *tx, const char *text);

Err postgres_read(Sql *sql, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                  void *context);
Err postgres_begin_reads(Sql *sql);
void postgres_end_reads(Sql *sql);

Err postgres_listen(Sql *sql, SqlHeardFn heard, void *context, SqlListener **out);
void postgres_unlisten(SqlListener *listener);

#endif
