/* Connections to one database that read. There are as many as there were ever reads at once, up to READERS_KEPT: each has
 * its own pages, statements and descriptors, and most reads take microseconds, so a hundred threads need few. A thread
 * has one for the time of a read, or from reader_begin to reader_end; what it reads meanwhile goes the same way. */
#include "base/memory.h"
#include "base/thread.h"
#include "stores/sql/sqlite.h"

/* More are closed when they are given back. */
enum { READERS_KEPT = 32 };

struct Reader {
    Database *database;
    Connection connection;
    int depth;    /* reads and begun ones of the thread that has it */
    Reader *next; /* of those that rest, or of those the thread has */
};

static const char SETUP[] = "PRAGMA query_only = ON;"
                            "PRAGMA cache_size = -256;"
                            "PRAGMA temp_store = MEMORY;";

static _Thread_local Reader *of_thread;

static Reader **find(const Database *database)
{
    Reader **link = &of_thread;

    while (*link && (*link)->database != database)
        link = &(*link)->next;
    return link;
}

static void close_reader(Reader *reader)
{
    connection_close(&reader->connection);
    memory_free(reader);
}

/* ---- those that rest */

void readers_init(Readers *readers)
{
    *readers = (Readers){0};
    (void)pthread_mutex_init(&readers->lock, NULL);
}

void readers_finish(Readers *readers)
{
    while (readers->resting) {
        Reader *reader = readers->resting;
        readers->resting = reader->next;
        close_reader(reader);
    }
    (void)pthread_mutex_destroy(&readers->lock);
}

/* The one that came last: its pages are the warmest. NULL: all of them read. */
static Reader *take_resting(Readers *readers)
{
    MUTEX_HOLD(&readers->lock);
    Reader *reader = readers->resting;
    if (reader) {
        readers->resting = reader->next;
        readers->count--;
    }
    return reader;
}

/* False: there are enough. */
static bool let_rest(Readers *readers, Reader *reader)
{
    MUTEX_HOLD(&readers->lock);
    if (readers->count == READERS_KEPT)
        return false;
    reader->next = readers->resting;
    readers->resting = reader;
    readers->count++;
    return true;
}

static Err open_reader(Database *database, Reader **out)
{
    Reader *reader = memory_new(Reader);

    reader->database = database;
    Err e = connection_open(&reader->connection, database->path, SQLITE_OPEN_READWRITE, SETUP);
    archive_spare_log(&reader->connection, true);
    *out = failed(&e) ? NULL : reader;
    if (failed(&e))
        close_reader(reader);
    return e;
}

/* ---- the one of this thread */

static Err enter(Sql *sql, Reader **out)
{
    Database *database = (Database *)sql;

    *out = *find(database);
    if (!*out) {
        *out = take_resting(&database->readers);
        if (!*out)
            TRY(open_reader(database, out));
        (*out)->next = of_thread;
        of_thread = *out;
    }
    (*out)->depth++;
    return OK;
}

static void leave(Reader *reader)
{
    if (--reader->depth > 0)
        return;
    *find(reader->database) = reader->next;
    if (!let_rest(&reader->database->readers, reader))
        close_reader(reader);
}

bool reader_is_begun(const Database *database)
{
    return *find(database) != NULL;
}

Err reader_read(Sql *sql, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                void *context)
{
    Reader *reader;

    TRY(enter(sql, &reader));
    Err e = connection_run(&reader->connection, statement, parameters, on_row, context, NULL);
    leave(reader);
    return e;
}

/* Each statement alone would take and release a lock on the file. Within a read the connection has it already. */
Err reader_begin(Sql *sql)
{
    static const SqlStatement BEGIN = {.name = "begin reads", .sqlite = "BEGIN"};
    Reader *reader;

    TRY(enter(sql, &reader));
    Err e = OK;
    if (reader->depth == 1)
        e = connection_run(&reader->connection, &BEGIN, NULL, NULL, NULL, NULL);
    if (failed(&e))
        leave(reader);
    return e;
}

void reader_end(Sql *sql)
{
    static const SqlStatement COMMIT = {.name = "end reads", .sqlite = "COMMIT"};
    Reader *reader = *find((Database *)sql);

    assert(reader);
    if (reader->depth == 1)
        (void)connection_run(&reader->connection, &COMMIT, NULL, NULL, NULL, NULL);
    leave(reader);
}
