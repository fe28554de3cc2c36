/* The archive of one database while it is in use (sql.h shows what it makes).
 *
 * The log may begin anew, and its frames be lost, only when all of it has been written back to the database. So nothing is written back
 * but what has been shipped: every checkpoint is between archive_begin_checkpoint and archive_end_checkpoint. Processes that have the same
 * database open share two locks in its archive: `ships`, of who ships or writes back, and `writes`, which each holds together with others from
 * the beginning of a group to its end, and who writes back alone, so that no commit comes between the shipping and the writing back.
 *
 * A program without the archive could write back what was never shipped. It can't do that without changing the database's
 * file: as long as that is as it was left by the last one who shipped first, nothing is missing. When it isn't, there is a gap: that is logged and
 * counted, and a new chain begins. */
#ifndef NERDX_STORES_SQL_SQLITE_ARCHIVE_H
#define NERDX_STORES_SQL_SQLITE_ARCHIVE_H

#include "stores/sql/sqlite_connection.h"

typedef struct Archive Archive;

/* index: of the log (sqlite_stamp.c). Both outlive it. *out is NULL where no archive is wanted; the rest accepts that. Errors: FORBIDDEN, UNAVAILABLE. */
Err archive_open(const char *path, const volatile uint32_t *index, Archive **out);
void archive_stop(Archive *archive); /* its thread; what is shipped later is by who writes back */
void archive_close(Archive *archive);

/* Another base now, whatever the age of the last. Errors: UNAVAILABLE, INVALID (no archive is wanted). */
Err archive_begin_now(Archive *archive);

void archive_note_commit(Archive *archive, int frames); /* in the log now */

/* Around a group, also one that is rolled back. */
void archive_enter_group(Archive *archive);
void archive_leave_group(Archive *archive);

/* False: not now, as what is in the log couldn't be shipped: try later. True: archive_end_checkpoint must follow. */
bool archive_begin_checkpoint(Archive *archive);
void archive_end_checkpoint(Archive *archive);

/* Of a connection to a living database: who closes the last doesn't write back then, as nobody has shipped. */
void archive_spare_log(Connection *connection, bool spare);

#endif
