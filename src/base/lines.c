#include "base/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum { ROOM_MIN = 256 * 1024 };

struct Lines {
    int fd;
    char *room; /* [start, end) of it is read and not given yet */
    size_t capacity;
    size_t start;
    size_t end;
    size_t max_bytes;
    bool at_end; /* of the file */
    int64_t number;
    int64_t before; /* bytes of the file in front of room[0] */
    int64_t size;
};

Err lines_open(const char *path, size_t max_bytes, Lines **out)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    Lines *lines;

    if (fd < 0)
        return file_error(path);
    lines = memory_new(Lines);
    lines->fd = fd;
    lines->max_bytes = max_bytes;
    lines->capacity = 2 * max_bytes > ROOM_MIN ? 2 * max_bytes : ROOM_MIN;
    lines->room = memory_alloc(lines->capacity);
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        lines->size = about.st_size;
    *out = lines;
    return OK;
}

void lines_close(Lines *lines)
{
    if (lines == NULL)
        return;
    file_close(&lines->fd);
    memory_free(lines->room);
    memory_free(lines);
}

static void make_room(Lines *lines)
{
    memmove(lines->room, lines->room + lines->start, lines->end - lines->start);
    lines->before += (int64_t)lines->start;
    lines->end -= lines->start;
    lines->start = 0;
}

static Err read_more(Lines *lines)
{
    ssize_t got;

    make_room(lines);
    do
        got = read(lines->fd, lines->room + lines->end, lines->capacity - lines->end);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        lines->at_end = true;
    if (got < 0)
        return err(UNAVAILABLE, "can't be read on: %s", strerror(errno));
    lines->end += (size_t)got;
    return OK;
}

/* Where the line that begins at start ends, reading on as far as needed; the end of what there is when it has no end. */
static Err find_end(Lines *lines, size_t *length)
{
    size_t looked = 0;

    for (;;) {
        char *begin = lines->room + lines->start;
        char *found = memchr(begin + looked, '\n', lines->end - lines->start - looked);

        *length = found != NULL ? (size_t)(found - begin) : lines->end - lines->start;
        if (found != NULL || lines->at_end || *length > lines->max_bytes)
            return OK;
        looked = *length;
        TRY(read_more(lines));
    }
}

static void skip_rest(Lines *lines)
{
    Err e = OK;

    while (!failed(&e)) {
        char *found = memchr(lines->room + lines->start, '\n', lines->end - lines->start);

        lines->start = found != NULL ? (size_t)(found - lines->room) + 1 : lines->end;
        if (found != NULL || lines->at_end)
            return;
        e = read_more(lines);
    }
}

static Str without_return(Str line)
{
    return line.len > 0 && line.data[line.len - 1] == '\r' ? str_slice(line, 0, line.len - 1) : line;
}

bool lines_next(Lines *lines, Str *line, Err *error)
{
    size_t length;

    *error = find_end(lines, &length);
    if (failed(error))
        return true;
    if (length == 0 && lines->start == lines->end)
        return false;
    lines->number++;
    *line = without_return((Str){lines->room + lines->start, length});
    if (length > lines->max_bytes) {
        *error = err(TOO_LARGE, "longer than %zu bytes", lines->max_bytes);
        skip_rest(lines);
        return true;
    }
    lines->start += length;
    lines->start += lines->start < lines->end; /* the \n */
    return true;
}

int64_t lines_number(const Lines *lines)
{
    return lines->number;
}

int64_t lines_read(const Lines *lines)
{
    return lines->before + (int64_t)lines->start;
}

int64_t lines_size(const Lines *lines)
{
    return lines->size;
}
