/* Whether anything was committed, without a transaction and its system calls: the header of the log's index lies in memory that
 * everybody who has the database open shares, and each commit writes it before it returns
 * (https://www.sqlite.org/walformat.html, section 2.2). SQLite itself gives the place: opening that file beside it, and closing it
 * again, would give up SQLite's locks on it. */
#include <stdatomic.h>
#include <string.h>

#include "stores/sql/sqlite.h"

enum {
    INDEX_BYTES = 32768 /* as SQLite maps it */,
    INDEX_METHODS = 2 /* the version of sqlite3_io_methods */
};

void stamp_open(Database *database)
{
    sqlite3_file *file = NULL;
    volatile void *index = NULL;
    int64_t tables;

    Err e = connection_get_int(&database->writer, "SELECT count(*) FROM sqlite_master",
                               &tables); /* the first read makes the index */
    if (failed(&e) || sqlite3_file_control(database->writer.db, "main", SQLITE_FCNTL_FILE_POINTER, &file) ||
        file->pMethods->iVersion < INDEX_METHODS)
        return;
    if (file->pMethods->xShmMap(file, 0, INDEX_BYTES, 0, &index) == SQLITE_OK)
        database->index = index;
}

/* The header is there twice, and the second is written first: while they differ, somebody is at it. */
uint64_t stamp_read(Sql *sql)
{
    const Database *database = (Database *)sql;
    uint32_t first[STAMP_WORDS], second[STAMP_WORDS];

    if (database->index == NULL || reader_is_begun(database))
        return 0;
    for (size_t i = 0; i < STAMP_WORDS; i++)
        first[i] = __atomic_load_n(&database->index[i], __ATOMIC_RELAXED);
    atomic_thread_fence(memory_order_acquire);
    for (size_t i = 0; i < STAMP_WORDS; i++)
        second[i] = __atomic_load_n(&database->index[STAMP_WORDS + i], __ATOMIC_RELAXED);
    if (memcmp(first, second, sizeof first) != 0)
        return 0;
    return str_hash((Str){(const char *)first, sizeof first});
}
