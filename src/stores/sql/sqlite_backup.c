/* A copy of a database while others read and write it. SQLite's backup reads one committed state in one go: in WAL mode that
 * holds nobody up, and nobody who writes makes it begin again (https://www.sqlite.org/backup.html). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "stores/sql/sqlite.h"

static Err copy_pages(Connection *from, Connection *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");

    if (!backup)
        return connection_error(to, sqlite3_errcode(to->db), "begin a backup");
    (void)sqlite3_backup_step(backup, -1);
    int code = sqlite3_backup_finish(backup); /* what went wrong in a step is told here */
    return code == SQLITE_OK ? OK : connection_error(to, code, "backup");
}

static Err copy_into(Connection *from, const char *part)
{
    Connection to;
    Err e =
        connection_open(&to, part, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "PRAGMA synchronous = OFF");

    if (!failed(&e))
        e = copy_pages(from, &to);
    connection_close(&to);
    return e;
}

static Err copy_from(const char *address, const char *part)
{
    Connection from;
    Err e = connection_open(&from, address, SQLITE_OPEN_READWRITE, "PRAGMA query_only = ON");

    if (!failed(&e))
        e = copy_into(&from, part);
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
Err sqlite_backup(const char *address, const char *path)
{
    AUTO_ARENA Arena arena = {0};
    const char *part = str_format(&arena, "%s.part", path).data;
    struct stat found;

    if (stat(address, &found) != 0)
        return err(NOT_FOUND, "there is no such database yet");
    (void)unlink(part);
    Err e = copy_from(address, part);
    if (!failed(&e))
        e = put_in_place(&arena, part, path);
    if (failed(&e))
        (void)unlink(part);
    return e;
}
