/* Whose an archive is: one database's alone, as two that shipped into one would make gaps of each other.
 *
 * The mark, the file `owner`, says which; whoever has that database open with the archive shares a lock on it. The mark may be another's from
 * now on while nobody has the lock, and only where it names the same place, as after a restore, or one where nothing is any more, as after a
 * move. Two that call the same place by different names, or different places by the same one (containers), are told apart by their inodes. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "stores/sql/sqlite_archive_inside.h"

static const char MAGIC[8] = "NRDXOWN1";

typedef struct Owner {
    char magic[sizeof MAGIC];
    uint64_t device, inode;
    char path[PATH_MAX];
} Owner;

static bool see_database(const Archive *archive, Owner *out)
{
    struct stat found;

    *out = (Owner){0};
    memcpy(out->magic, MAGIC, sizeof MAGIC);
    if (realpath(archive->path, out->path) == NULL || stat(out->path, &found) != 0)
        return false;
    out->device = found.st_dev;
    out->inode = found.st_ino;
    return true;
}

/* False: nobody's, or torn by a power cut. */
static bool read_mark(const Archive *archive, Owner *out)
{
    return pread(archive->owner, out, sizeof *out, 0) == (ssize_t)sizeof *out &&
           memcmp(out->magic, MAGIC, sizeof MAGIC) == 0 && memchr(out->path, '\0', sizeof out->path) != NULL;
}

static bool may_be_taken(const Owner *mark, const Owner *by)
{
    if (strcmp(mark->path, by->path) == 0)
        return true;
    return access(mark->path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static bool is_same(const Owner *one, const Owner *other)
{
    return one->device == other->device && one->inode == other->inode;
}

/* An archive that is full already goes on without a mark: no program stays down for it. */
static void write_mark(const Archive *archive, const Owner *owner)
{
    if (pwrite(archive->owner, owner, sizeof *owner, 0) != (ssize_t)sizeof *owner)
        log_warn("whose the archive is can't be written", log_chars("database", archive->name));
}

static void lock(const Archive *archive, int how)
{
    while (flock(archive->owner, how) != 0 && errno == EINTR)
        continue;
}

Err archive_own(const Archive *archive)
{
    Owner ours, mark;

    if (!see_database(archive, &ours))
        return err(UNAVAILABLE, "%s: the file can't be found any more", archive->name);
    bool is_nobody_there = flock(archive->owner, LOCK_EX | LOCK_NB) == 0;
    if (is_nobody_there &&
        (!read_mark(archive, &mark) || is_same(&mark, &ours) || may_be_taken(&mark, &ours)))
        write_mark(archive, &ours);
    lock(archive, LOCK_SH);
    if (!read_mark(archive, &mark) || is_same(&mark, &ours))
        return OK;
    return err(CONFLICT, "its archive is that of %.100s: give each data folder its own", mark.path);
}
