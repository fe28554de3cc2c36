#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
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

Err file_read(Arena *arena, const char *path, size_t max_bytes, Str *out)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    Buf text = {.arena = arena};

    if (fd < 0)
        return file_error(path);
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
