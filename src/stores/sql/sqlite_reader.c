/* A connection a thread and database, so that readers share nothing but the file. A thread keeps its readers
 * in a list of its own and frees them when it ends; a database that closes first closes their connections. */
#include <stdatomic.h>

#include "base/memory.h"
#include "stores/sql/sqlite.h"

struct Reader {
    _Atomic(Database *) database; /* NULL once the database is closed */
    Connection connection;
    int reading; /* how many sql_begin_reads haven't ended */
    Reader *next_of_thread;
    Reader *next_of_database;
};

static const char SETUP[] = "PRAGMA query_only = ON;"
                            "PRAGMA cache_size = -256;"
                            "PRAGMA temp_store = MEMORY;";

/* Taken when a thread opens its reader, when it ends and when a database closes. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_end;
static _Thread_local Reader *of_thread;

static void unlink_from_database(Database *database, const Reader *reader)
{
    Reader **link = &database->readers;

    while (*link != reader)
        link = &(*link)->next_of_database;
    *link = reader->next_of_database;
}

static void free_reader(Reader *reader)
{
    pthread_mutex_lock(&lock);
    Database *database = atomic_load(&reader->database);
    if (database)
        unlink_from_database(database, reader);
    pthread_mutex_unlock(&lock);
    connection_close(&reader->connection);
    memory_free(reader);
}

static void free_all_of_thread(void *first)
{
    (void)first;
    while (of_thread) {
        Reader *reader = of_thread;
        of_thread = reader->next_of_thread;
        free_reader(reader);
    }
}

static void free_closed_of_thread(void)
{
    for (Reader **link = &of_thread; *link;) {
        Reader *reader = *link;
        if (atomic_load(&reader->database)) {
            link = &reader->next_of_thread;
        } else {
            *link = reader->next_of_thread;
            free_reader(reader);
        }
    }
}

static void make_key(void)
{
    (void)pthread_key_create(&thread_end, free_all_of_thread);
}

static void add_reader(Database *database, Reader *reader)
{
    reader->next_of_thread = of_thread;
    of_thread = reader;
    pthread_setspecific(thread_end, reader);

    pthread_mutex_lock(&lock);
    atomic_store(&reader->database, database);
    reader->next_of_database = database->readers;
    database->readers = reader;
    pthread_mutex_unlock(&lock);
}

static Err open_reader(Database *database, Reader **out)
{
    Reader *reader = memory_new(Reader);

    pthread_once(&once, make_key);
    free_closed_of_thread();
    Err e = connection_open(&reader->connection, database->path, SQLITE_OPEN_READWRITE, SETUP);
    if (failed(&e)) {
        connection_close(&reader->connection);
        memory_free(reader);
        return e;
    }
    add_reader(database, reader);
    *out = reader;
    return OK;
}

static Reader *find_reader(const Database *database)
{
    Reader *reader = of_thread;

    while (reader && atomic_load_explicit(&reader->database, memory_order_relaxed) != database)
        reader = reader->next_of_thread;
    return reader;
}

static Err reader_of(Sql *sql, Reader **out)
{
    Database *database = (Database *)sql;

    *out = find_reader(database);
    return *out ? OK : open_reader(database, out);
}

Err reader_read(Sql *sql, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                void *context)
{
    Reader *reader;

    TRY(reader_of(sql, &reader));
    return connection_run(&reader->connection, statement, parameters, on_row, context, NULL);
}

/* Each statement alone would take and release a lock on the file. */
Err reader_begin(Sql *sql)
{
    static const SqlStatement BEGIN = {.name = "begin reads", .sqlite = "BEGIN"};
    Reader *reader;

    TRY(reader_of(sql, &reader));
    if (reader->reading == 0)
        TRY(connection_run(&reader->connection, &BEGIN, NULL, NULL, NULL, NULL));
    reader->reading++;
    return OK;
}

void reader_end(Sql *sql)
{
    static const SqlStatement COMMIT = {.name = "end reads", .sqlite = "COMMIT"};
    Reader *reader = find_reader((Database *)sql);

    if (--reader->reading == 0)
        (void)connection_run(&reader->connection, &COMMIT, NULL, NULL, NULL, NULL);
}

void readers_close(Database *database)
{
    pthread_mutex_lock(&lock);
    for (Reader *reader = database->readers; reader; reader = reader->next_of_database) {
        connection_close(&reader->connection);
        atomic_store(&reader->database, NULL);
    }
    database->readers = NULL;
    pthread_mutex_unlock(&lock);
}
