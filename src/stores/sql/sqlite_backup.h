/* A copy of a database while others use it (sql_backup). */
#ifndef NERDX_STORES_SQL_SQLITE_BACKUP_H
#define NERDX_STORES_SQL_SQLITE_BACKUP_H

#include <stdint.h>

#include "base/err.h"

Err sqlite_backup(const char *address, const char *path, int64_t until_s);
Err sqlite_check_term(int64_t until_minute); /* as user_version has it. Errors: GONE */

#endif
