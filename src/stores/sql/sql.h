/* The relational store: one interface, one set of files a twin (sqlite*.c, postgres*.c), a row a twin in
 * TWINS. Services never call it with text: tools/sqlgen makes one typed function a query from their .sql
 * files.
 *
 * Promises, the same on every twin and checked by tests/conformance/sql:
 *  - a transaction is atomic, and sql_commit returns OK only when it is durable; the commits of many threads
 *    share one fsync;
 *  - within a settlement (base/settle.h) sql_commit and sql_transact don't wait for that: the settlement owes it,
 *    and readers, the caller too, don't see the rows before;
 *  - when that shared commit fails, every transaction in it fails with the same error and none is visible,
 * now or after a restart;
 *  - transactions are serialisable: as if they had run one after another; on a server two may meet, and one of them
 *    then runs again (sql_transact) or is refused with UNAVAILABLE (sql_begin); a reader sees the last committed state and never waits for a writer;
 *  - after a statement failed, its transaction can only be rolled back;
 *  - migrations are embedded, run once each, in order, in one transaction each.
 * A transaction may see what others of its group wrote and isn't durable yet: answer "it is stored" only
 * after sql_commit, even if nothing was left to write. Errors: CONFLICT (a constraint said no), UNAVAILABLE
 * (busy, disk full, cut off; retry later), TIMED_OUT (a statement ran too long), INTERNAL (damaged,
 * read-only, newer than this program): the message says what to do. */
#ifndef NERDX_STORES_SQL_SQL_H
#define NERDX_STORES_SQL_SQL_H

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Sql Sql; /* a database */
typedef struct Tx Tx;   /* a write transaction, owned by one thread */

/* The schema's history, embedded by tools/sqlgen from NNNN_name.sql files: the service's own count from 1, those of a
 * store that keeps tables in it (stores/queue) from 9001. */
enum { SQL_MOST_MIGRATIONS = 128 };
typedef struct SqlMigration {
    int version;
    const char *name;
    const char *sqlite;
    const char *postgres;
} SqlMigration;

/* And the tables that all of it makes (statement.h), found by sqlgen: what sql_export moves. */
typedef struct SqlMigrations {
    const SqlMigration *items;
    size_t count;
    const struct SqlTable *tables;
    size_t table_count;
} SqlMigrations;

/* Values of queries that Str, int64_t and double can't tell. Text that may be NULL is an absent Str. */
typedef struct SqlBlob {
    const void *data;
    size_t len;
} SqlBlob;

typedef struct SqlMaybeInt {
    bool present;
    int64_t value;
} SqlMaybeInt;

typedef struct SqlMaybeReal {
    bool present;
    double value;
} SqlMaybeReal;

/* url: "sqlite:/path/file.db", or "postgresql://user@host/database#schema" (postgres_address.h). Opens or makes,
 * checks, migrates. */
Err sql_open(const char *url, SqlMigrations migrations, Sql **out);

/* Accepts NULL. No other thread may be using it; everything that was acknowledged is in the one file then. */
void sql_close(Sql *sql);

/* Whether it can be worked with now: UNAVAILABLE says why not. */
Err sql_ready(Sql *sql);

/* Whether a read may wait for something else than memory or a local disk. */
bool sql_reads_block(const Sql *sql);

/* Takes the writer's turn. Within SQL_TURN_TIMEOUT_MS or UNAVAILABLE. A thread holds one transaction of a
 * database at a time, and does nothing slow while it does: others wait. */
enum { SQL_TURN_TIMEOUT_MS = 10000, SQL_STATEMENT_TIMEOUT_MS = 60000 };
Err sql_begin(Sql *sql, Tx **out);
Err sql_commit(Tx **tx);    /* durable when it returns OK; *tx becomes NULL either way */
void sql_rollback(Tx **tx); /* accepts NULL and *tx NULL */
#define AUTO_ROLLBACK __attribute__((cleanup(sql_rollback)))

/* The same for a transaction that is one function, and much faster when many threads write: the thread that has the
 * turn does the work of those that wait, so work may run on another thread while its own waits. It gets a
 * transaction to use, not to end: OK commits it (durable when sql_transact returns OK), an error rolls it back and is
 * returned. It must touch nothing but what context gives it, and set that from the start: on a server it is run again,
 * up to SQL_MOST_TRIES times, when it met another transaction. */
enum { SQL_MOST_TRIES = 10 };
typedef Err (*SqlWorkFn)(void *context, Tx *tx);
Err sql_transact(Sql *sql, SqlWorkFn work, void *context);

/* The same for work whose statements are each right by the rows they lock, whatever others do meanwhile: on a server it is
 * READ COMMITTED, where SELECT … FOR UPDATE SKIP LOCKED passes by what others hold, and meets nobody but at those rows. On SQLite it is sql_transact. */
Err sql_transact_rows(Sql *sql, SqlWorkFn work, void *context);

/* What this transaction deletes is to leave the file's log, too, as soon as nobody reads what was there before. Without it the log keeps
 * pages as they were until it begins anew. On a server that is its vacuum's. */
void sql_leave_no_trace(Tx *tx);

/* Reads of this thread between the two see one state of the database, and cost less each. Keep it short: the log
 * can't be written back meanwhile. May be nested. */
Err sql_begin_reads(Sql *sql, Sql **reading);
void sql_end_reads(Sql **reading); /* accepts NULL and *reading NULL */
#define AUTO_END_READS __attribute__((cleanup(sql_end_reads)))

/* Another number behind every commit, whoever made it, at the price of a look at memory: while it stays the same, so does all that was
 * read behind the first look. 0: it can't be told now, or on a server. */
uint64_t sql_stamp(Sql *sql);

/* ---- what processes that have the same database open tell each other: heard at once, kept nowhere; whoever isn't there misses it.
 * On PostgreSQL NOTIFY, in a transaction of its own that writes nothing, as one in which something else is written would hold up every other's
 * commit until it is on disk. A database that is a file can't: its processes look by themselves. */
enum { SQL_MESSAGE_MAX = 1000 }; /* bytes */
Err sql_say(Sql *sql, Str message);

/* heard: called on a thread of its own, with one's own messages, too, and with an empty one when it has begun to listen, or has again after
 * the server was away: something may have been missed. It must not wait. sql must outlive it. Errors: UNSUPPORTED: nobody could be heard. */
typedef struct SqlListener SqlListener;
typedef void (*SqlHeardFn)(void *context, Str message);
Err sql_listen(Sql *sql, SqlHeardFn heard, void *context, SqlListener **out);
void sql_unlisten(Sql *sql, SqlListener *listener); /* listener may be NULL */

/* For `nerdx doctor`: looks at the whole database and changes nothing. *report is one line: "absent, will be
 * made", "sound, 3 of 3 migrations, 12.5 MB". Errors as sql_open, and INTERNAL naming the first damage. */
Err sql_check(const char *url, SqlMigrations migrations, Arena *arena, Str *report);

/* For `nerdx migrate`: applies what is missing, as sql_open does, or (dry_run) only looks. on_migration is called before,
 * for each, in order, with the text that is run; its error stops it. Errors as sql_open. */
typedef struct SqlMigrating {
    bool dry_run;
    Err (*on_migration)(void *context, const SqlMigration *migration, const char *text);
    void *context;
} SqlMigrating;

Err sql_migrate(const char *url, SqlMigrations migrations, const SqlMigrating *how);

/* For `nerdx backup`: one committed state of the database as a file at path, while others use it; what is there already gives
 * way only to one that is whole and on disk. Errors: UNSUPPORTED (a server's own tools do it), NOT_FOUND, those of sql_open. */

/* until_s: the Unix time until which the copy may be opened, kept in it to the minute; it is a living store from then on. After that
 * sql_open, sql_check and all that rest on them refuse it with GONE. */
Err sql_backup(const char *url, const char *path, int64_t until_s);

/* Until when a file may be opened that sql_backup has made; 0: it is none, or a living store, or not there. */
Err sql_backup_until(const char *path, int64_t *until_s);

/* ---- the archive: what every embedded database commits, shipped into a folder as it goes, so that any moment of the last weeks can be had back
 * (in the manner of Litestream: the log's frames, not statements).
 *
 *     FOLDER/auth.db/1790000000123456/base.db        a copy of one state, by sql_backup, and by its name since when moments can be had
 *     FOLDER/auth.db/1790000000123456/00000001.wal   and the log since then, in segments (sqlite_segment.h)
 *     FOLDER/auth.db/1790086400123456.gap/…          the next chain; ".gap": what was between the last and this one is not all there
 *
 * A chain begins every day, so that it may end with its term, base and log together. */

/* Before the first database is opened, for all of the program. folder: NULL: no archive, and nothing is done for one. keep_s: how long
 * it may be kept. */
void sql_archive_to(const char *folder, int64_t keep_s);

/* For `nerdx backup`: another base now, and so another chain. Errors: NOT_FOUND (there is no such database yet), UNSUPPORTED (it lies on a
 * server), CONFLICT (its tables aren't of this program), UNAVAILABLE, those of sql_open. */
Err sql_archive_base(const char *url, SqlMigrations migrations);

/* What was restored. */
typedef struct SqlRestored {
    int64_t commit_us; /* when the last commit was that is in it, or its base taken */
    int64_t commits;   /* behind the base */
} SqlRestored;

/* FOLDER/NAME of an archive, as it was behind the last commit at or before the moment, as a new database at path; looked through before it
 * is called whole. It may be opened as long as the base may. Errors: GONE (that moment can't be had any more, or the term of what holds it
 * is over), UNPROCESSABLE (a gap, or damage: says which moments can be had), INVALID (no archive), those of files. */
Err sql_restore(const char *archive, int64_t at_us, const char *path, SqlRestored *out);

/* Throws away the chains of FOLDER/NAME whose term is over. Nothing happens where that is no archive. Errors: those of files. */
typedef struct SqlArchivePruned {
    size_t gone;
    size_t left;
} SqlArchivePruned;
Err sql_archive_prune(const char *archive, int64_t now_s, SqlArchivePruned *pruned);

/* Whether a folder is the archive of a database. */
bool sql_archive_is(const char *archive);

/* --- the whole state of a service, from one twin to another: transfer_line.h shows the stream --- */

enum { SQL_LINE_MAX = 16 * 1024 * 1024, SQL_DIGEST_TEXT = 65 };

/* What was moved. */
typedef struct SqlMoved {
    size_t tables;
    int64_t rows;
    char sha256[SQL_DIGEST_TEXT];
} SqlMoved;

/* Writes all rows as one committed state has them, a page at a time: memory stays flat. until_s: the Unix time until which
 * it may be taken in, written into it. Errors: NOT_FOUND (there is no
 * such database yet), CONFLICT (its tables aren't of this program: migrate first), TOO_LARGE (a row longer than
 * SQL_LINE_MAX), UNPROCESSABLE (text that isn't UTF-8), UNAVAILABLE (out can't be written), those of sql_open. */
Err sql_export(const char *url, const char *service, SqlMigrations migrations, int64_t until_s, FILE *out,
               SqlMoved *moved);

/* Until when a file may be taken in that sql_export has written; 0: it is none, or not there. */
Err sql_export_until(const char *path, int64_t *until_s);

/* A stream that is read. path "-" is standard input. Errors as lines_open. */
typedef struct SqlStream SqlStream;
Err sql_stream_open(const char *path, SqlStream **out);
void sql_stream_close(SqlStream *stream); /* accepts NULL */

/* Which service comes next; false at the end of the stream. *service lives until the stream is closed. INVALID names the
 * line that isn't one of an export; GONE: it might be used until a moment that is past. */
Err sql_stream_next(SqlStream *stream, Str *service, bool *found);

/* Takes that service's rows into a database, made and migrated before, in one transaction: all of them or none. replace: what
 * is in its tables goes; else they must be as the migrations left them. Errors: CONFLICT (they aren't), UNPROCESSABLE
 * (another schema; other counts or another digest than the last line says), INVALID with the line (cut off, no such
 * table, a value of another type), those of sql_open. */
Err sql_import(SqlStream *stream, const char *url, SqlMigrations migrations, bool replace, SqlMoved *moved);

#endif
