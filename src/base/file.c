#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

enum { READ_STEP = 64 * 1024 };

Err file_error(const char *path)
{
    int reason = errno;
    ErrCode code = reason == ENOENT || reason == ENOTDIR ? NOT_FOUND
                   : reason == EACCES || reason == EPERM ? FORBIDDEN
                                                         : UNAVAILABLE;

    return err(code, "%s: %s", path, strerror(reason));
}

void file_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static Err read_all(Arena *arena, int fd, const char *path, size_t max_bytes, Str *out)
{
    Buf text = {.arena = arena};

    for (;;) {
        ssize_t got = read(fd, buf_reserve(&text, READ_STEP), READ_STEP);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_error(path);
        if (got == 0)
            break;
        text.len += (size_t)got;
        if (text.len > max_bytes)
            return err(TOO_LARGE, "%s: larger than %zu bytes", path, max_bytes);
    }
    *out = buf_str(&text);
    return OK;
}

Err file_read(Arena *arena, const char *path, size_t max_bytes, Str *out)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

    return fd < 0 ? file_error(path) : read_all(arena, fd, path, max_bytes, out);
}

Err file_read_private(Arena *arena, const char *path, size_t max_bytes, Str *out)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;

    if (fd < 0 || fstat(fd, &about) != 0)
        return file_error(path);
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return err(FORBIDDEN, "%s: others than its owner have rights to it (%04o): chmod 600", path,
                   (unsigned)about.st_mode & 07777U);
    return read_all(arena, fd, path, max_bytes, out);
}

/* ---- out */

static Err write_all(int fd, const char *path, Str text)
{
    while (text.len > 0) {
        ssize_t written = write(fd, text.data, text.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return file_error(path);
        text = str_slice(text, (size_t)written, text.len);
    }
    return fsync(fd) == 0 ? OK : file_error(path);
}

/* A name is on the disk when its folder is. */
static Err sync_folder_of(Arena *arena, const char *path)
{
    char *folder = dirname(str_c(arena, str_from(path)));
    AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd >= 0 && fsync(fd) == 0 ? OK : file_error(folder);
}

/* Under a name of its own first: link(2) gives it the right one whole, and fails when somebody was faster. */
Err file_make_private(const char *path, Str text)
{
    AUTO_ARENA Arena scratch = {0};
    char *unfinished = str_c(&scratch, str_format(&scratch, "%s.XXXXXX", path));
    AUTO_CLOSE int fd = mkostemp(unfinished, O_CLOEXEC); /* 0600 */

    if (fd < 0)
        return file_error(path);
    Err e = write_all(fd, unfinished, text);
    if (!failed(&e) && link(unfinished, path) != 0)
        e = errno == EEXIST ? err(CONFLICT, "%s: there is one already", path) : file_error(path);
    (void)unlink(unfinished);
    return failed(&e) ? e : sync_folder_of(&scratch, path);
}
