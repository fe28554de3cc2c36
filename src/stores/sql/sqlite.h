/* The SQLite twin from inside: what its files share. sqlite.c opens and closes, sqlite_group.c writes, sqlite_reader.c
 * reads, sqlite_stamp.c sees whether there is anything new to read, sqlite_wal.c keeps the write-ahead log short and clean. */
#ifndef NERDX_STORES_SQL_SQLITE_H
#define NERDX_STORES_SQL_SQLITE_H

#include "base/settle.h"
#include "stores/sql/sqlite_archive.h"
#include "stores/sql/sqlite_backup.h"
#include "stores/sql/sqlite_connection.h"
#include "stores/sql/sqlite_turn.h"
#include "stores/sql/twin.h"

typedef struct Reader Reader; /* a connection that reads */

/* Those that no thread has. */
typedef struct Readers {
    pthread_mutex_t lock;
    Reader *resting;
    size_t count;
} Readers;

enum { GROUP_MAX_MEMBERS = 256 };

/* The transactions that one COMMIT will make durable. */
typedef struct Group {
    bool is_open; /* SQLite is in a transaction */
    int64_t begun_ms;
    int count;                           /* of both: */
    Waiter *members;                     /* those who sleep until then */
    Settlement *owed[GROUP_MAX_MEMBERS]; /* and those whose answers wait */
    int owed_count;
} Group;

typedef struct Database {
    Sql sql;
    char *path;

    Turn turn; /* who has it may touch what follows */
    Connection writer;
    Group group;
    int wal_frames;    /* in the log after the latest commit */
    int checkpoint_at; /* frames */
    int64_t empty_ms;  /* when the log is to be emptied, as something was deleted; 0: it needn't be */
    bool unclean;      /* a COMMIT failed and may have left its frames in the log */

    Archive *archive; /* NULL: none is wanted */
    Readers readers;
    const volatile uint32_t
        *index; /* of the log; lives as long as the writer. NULL: nobody knows where it is */
} Database;

Err group_transact(Sql *sql, SqlWorkFn work, void *context);
Err group_begin(Sql *sql, Tx **out);
Err group_commit(Tx *tx);
void group_rollback(Tx *tx);
Err group_write(Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                void *context, int64_t *changed);
Err group_script(Tx *tx, const char *text);

void wal_watch(Database *database); /* starts to count its frames */
void wal_checkpoint_if_due(Database *database);
void wal_leave_no_trace(Tx *tx);
void wal_close(Database *database); /* with its writer */

/* Takes the frames of a failed COMMIT out of the log, for a crash could bring them back: when its fsync fails they
 * have been written, with their commit mark. Frames without one overwrite the first of them, and what follows no
 * longer fits the running checksum (https://www.sqlite.org/fileformat2.html, 4.1). Needs no fsync, so it works while
 * the disk refuses them. */
Err wal_clean(Database *database);

Err reader_read(Sql *sql, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                void *context);
Err reader_begin(Sql *sql);
void reader_end(Sql *sql);
bool reader_is_begun(const Database *database); /* by this thread, which may see an older state then */
void readers_init(Readers *readers);
void readers_finish(Readers *readers); /* nobody reads any more */

/* sqlite_stamp.c */
void stamp_open(Database *database);
uint64_t stamp_read(Sql *sql);

#endif
