/* A copy of a database while others read and write it. SQLite's backup reads one committed state in one go: in WAL mode that
 * holds nobody up, and nobody who writes makes it begin again (https://www.sqlite.org/backup.html). */
#include "stores/sql/sqlite_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "stores/sql/sql.h"
#include "stores/sql/sqlite_archive.h"
#include "stores/sql/sqlite_connection.h"
#include "stores/sql/term.h"

enum { MINUTE_S = 60, US_PER_S = 1000000 };

static Err copy_pages(Connection *from, Connection *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");

    if (!backup)
        return connection_error(to, sqlite3_errcode(to->db), "begin a backup");
    (void)sqlite3_backup_step(backup, -1);
    int code = sqlite3_backup_finish(backup); /* what went wrong in a step is told here */
    return code == SQLITE_OK ? OK : connection_error(to, code, "backup");
}

/* user_version is the header's room for a program's own number: it goes with the file wherever it is copied, and changes no table. */
static Err mark_term(Connection *copy, int64_t until_s)
{
    char mark[64];

    (void)snprintf(mark, sizeof mark, "PRAGMA user_version = %lld", (long long)(until_s / MINUTE_S));
    return connection_script(copy, mark);
}

static Err copy_into(Connection *from, const char *part, int64_t until_s)
{
    Connection to;
    Err e =
        connection_open(&to, part, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "PRAGMA synchronous = OFF");

    if (!failed(&e))
        e = copy_pages(from, &to);
    if (!failed(&e))
        e = mark_term(&to, until_s);
    connection_close(&to);
    return e;
}

static Err copy_from(const char *address, const char *part, int64_t until_s)
{
    Connection from;
    Err e = connection_open(&from, address, SQLITE_OPEN_READWRITE, "PRAGMA query_only = ON");

    archive_spare_log(&from, true);
    if (!failed(&e))
        e = copy_into(&from, part, until_s);
    connection_close(&from);
    return e;
}

static Err make_durable(const char *path)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

    return fd >= 0 && fsync(fd) == 0 ? OK : file_error(path);
}

static Err put_in_place(Arena *arena, const char *part, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? str_format(arena, "%.*s", (int)(slash - path), path).data : ".";

    TRY(make_durable(part));
    if (rename(part, path) != 0)
        return file_error(path);
    return make_durable(folder[0] ? folder : "/");
}

/* What is there already gives way only to one that is whole. */
Err sqlite_backup(const char *address, const char *path, int64_t until_s)
{
    AUTO_ARENA Arena arena = {0};
    const char *part = str_format(&arena, "%s.part", path).data;
    struct stat found;

    if (stat(address, &found) != 0)
        return err(NOT_FOUND, "there is no such database yet");
    (void)unlink(part);
    Err e = copy_from(address, part, until_s);
    if (!failed(&e))
        e = put_in_place(&arena, part, path);
    if (failed(&e))
        (void)unlink(part);
    return e;
}

/* ---- for how long */

Err sqlite_check_term(int64_t until_minute)
{
    return until_minute == 0 ? OK : sql_check_term("a backup", until_minute * MINUTE_S * US_PER_S);
}

/* The file format's section 1.3: its name, and user_version as four bytes, the highest first. */
Err sql_backup_until(const char *path, int64_t *until_s)
{
    enum { HEADER = 100, AT = 60, BYTES = 4, BYTE_BITS = 8 };
    static const char NAME[] = "SQLite format 3";
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t header[HEADER] = {0};
    int64_t minute = 0;

    *until_s = 0;
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? OK : file_error(path);
    ssize_t got = read(fd, header, HEADER);
    if (got < 0 && errno != EISDIR) /* that it can't be read now is no sign that its term is over */
        return file_error(path);
    if (got != HEADER || memcmp(header, NAME, sizeof NAME) != 0)
        return OK;
    for (int i = 0; i < BYTES; i++)
        minute = minute << BYTE_BITS | header[AT + i];
    *until_s = minute * MINUTE_S;
    return OK;
}
