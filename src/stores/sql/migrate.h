/* Migrations, the same for every twin: which ones a database has, and applying those it lacks. */
#ifndef NERDX_STORES_SQL_MIGRATE_H
#define NERDX_STORES_SQL_MIGRATE_H

#include "stores/sql/twin.h"

/* Applies what is missing, each in its own transaction; two programs that start at once apply each once.
 * Errors: INTERNAL when the database is newer than the program, or was made by a migration that has changed
 * since.
 */
Err migrate(Sql *sql, SqlMigrations migrations);

/* Which are applied; the same errors, nothing changed. */
Err migrate_look(Sql *sql, SqlMigrations migrations, SqlApplied *applied);

#endif
