/* Whether anything was committed, without a transaction and its system calls: the header of the log's index lies in memory that
 * everybody who has the database open shares, and each commit writes it before it returns
 * (https://www.sqlite.org/walformat.html, section 2.2). SQLite itself gives the place: opening that file beside it, and closing it
 * again, would give up SQLite's locks on it. */
#include "stores/sql/sqlite.h"
#include "stores/sql/sqlite_log_end.h"

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

uint64_t stamp_read(Sql *sql)
{
    const Database *database = (Database *)sql;
    uint32_t header[LOG_INDEX_WORDS];

    if (database->index == NULL || reader_is_begun(database) || !log_index_read(database->index, header))
        return 0;
    return str_hash((Str){(const char *)header, sizeof header});
}
