/* The write-ahead log: written back to the database when it has grown, and cleaned after a commit that failed. */
#include "base/log.h"
#include "stores/sql/sqlite.h"

enum {
    CHECKPOINT_FRAMES = 8192, /* of 4 KiB: write back when the log has 32 MiB more than the last time */
    MAX_WAL_FRAMES = 32768,   /* then wait for readers, so that the log starts again from its beginning */
    RESTART_WAIT_MS = 500,
    EMPTY_WAIT_MS = 100, /* for readers, and so long nobody writes */
    EMPTY_AGAIN_MS = 1000,
};

static int note_frames(void *context, sqlite3 *db, const char *name, int frames)
{
    Database *database = context;

    (void)db;
    (void)name;
    if (frames < database->wal_frames)
        database->checkpoint_at = CHECKPOINT_FRAMES; /* the log began again */
    database->wal_frames = frames;
    archive_note_commit(database->archive, frames);
    return SQLITE_OK;
}

void wal_watch(Database *database)
{
    database->checkpoint_at = CHECKPOINT_FRAMES;
    sqlite3_wal_hook(database->writer.db, note_frames, database);
}

/* While readers never pause, the log can only start again when someone waits for those who read now. False: they were slow to leave,
 * or it failed. */
static bool write_log_back(Database *database, int mode, int wait_ms)
{
    sqlite3 *db = database->writer.db;

    sqlite3_busy_timeout(db, wait_ms);
    int code = sqlite3_wal_checkpoint_v2(db, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(db, SQL_TURN_TIMEOUT_MS);
    if (code != SQLITE_OK && code != SQLITE_BUSY) {
        Err e = connection_error(&database->writer, code, "checkpoint");
        log_warn("the database's log could not be written back", log_err(&e),
                 log_int("frames", database->wal_frames));
    }
    return code == SQLITE_OK;
}

/* Nothing that isn't in the archive, where there is one. */
static bool checkpoint(Database *database, int mode, int wait_ms)
{
    if (!archive_begin_checkpoint(database->archive))
        return false;
    bool is_done = write_log_back(database, mode, wait_ms);
    archive_end_checkpoint(database->archive);
    return is_done;
}

static void write_back(Database *database)
{
    bool is_long = database->wal_frames >= MAX_WAL_FRAMES;

    (void)checkpoint(database, is_long ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE,
                     RESTART_WAIT_MS);
    database->checkpoint_at = database->wal_frames + CHECKPOINT_FRAMES;
}

static void empty_log(Database *database)
{
    bool is_empty = checkpoint(database, SQLITE_CHECKPOINT_TRUNCATE, EMPTY_WAIT_MS);

    database->empty_ms = is_empty ? 0 : now_ms() + EMPTY_AGAIN_MS;
}

void wal_leave_no_trace(Tx *tx)
{
    Database *database = (Database *)tx->sql;

    database->empty_ms = now_ms();
}

/* A failure, or readers that are slow to leave, lose nothing: the next try is due after as many frames more, or, where something was
 * deleted, with the first commit after EMPTY_AGAIN_MS. */
void wal_checkpoint_if_due(Database *database)
{
    if (database->empty_ms != 0 && now_ms() >= database->empty_ms)
        empty_log(database);
    else if (database->wal_frames >= database->checkpoint_at)
        write_back(database);
}

/* Spills changed pages to the log without a commit. The noise makes sure that they differ from what was there. */
static Err overwrite_frames(Connection *writer)
{
    TRY(connection_script(writer,
                          "BEGIN IMMEDIATE; CREATE TABLE noise AS SELECT hex(randomblob(16)) AS noise"));
    int code = sqlite3_db_cacheflush(writer->db);
    return code == SQLITE_OK ? OK : connection_error(writer, code, "clean the log after a failed commit");
}

Err wal_clean(Database *database)
{
    Connection *writer = &database->writer;
    Err e = overwrite_frames(writer);

    if (!sqlite3_get_autocommit(writer->db))
        (void)connection_script(writer, "ROLLBACK");
    database->unclean = failed(&e);
    return e;
}

/* Who closes the last connection writes the log back and removes it. What couldn't be archived stays in it for the next start. */
void wal_close(Database *database)
{
    bool may = database->archive == NULL || archive_begin_checkpoint(database->archive);

    if (may && database->archive != NULL)
        archive_spare_log(&database->writer, false);
    connection_close(&database->writer);
    if (may)
        archive_end_checkpoint(database->archive);
}
