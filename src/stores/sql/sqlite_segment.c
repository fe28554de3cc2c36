#include "stores/sql/sqlite_segment.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static const char MAGIC[8] = "NRDXSEG1";

enum {
    PRIVATE = 0600,
    LEAST_PAGE = 512,
    LARGEST_PAGE = 65536,
    COPY_AT_ONCE = 256 * 1024,
    AT_PAGE_SIZE = 8, /* in the log's head */
    AT_SALTS = 16,
    FRAME_SALTS = 8, /* in a frame's */
    FRAME_CHECK = 16,
};

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "segments are written as they lie in memory");
static_assert(sizeof(SegmentHead) == 136, "without padding");

/* ---- bytes */

static uint32_t big_endian(const uint8_t *bytes)
{
    enum { BITS = 8, BYTES = 4 };
    uint32_t value = 0;

    for (int i = 0; i < BYTES; i++)
        value = value << BITS | bytes[i];
    return value;
}

static Err read_all(int file, void *out, size_t size, int64_t at)
{
    return pread(file, out, size, at) == (ssize_t)size
               ? OK
               : err(UNAVAILABLE, "a file is shorter than it was: try again");
}

static Err write_all(int file, const void *data, size_t size, int64_t at)
{
    for (size_t done = 0; done < size;) {
        ssize_t count = pwrite(file, (const char *)data + done, size - done, at + (int64_t)done);
        if (count <= 0)
            return err(UNAVAILABLE, "the archive can't be written (%s): see that its disk has room",
                       strerror(errno));
        done += (size_t)count;
    }
    return OK;
}

Err segment_copy(int from, int64_t from_at, int64_t size, int to, int64_t to_at)
{
    AUTO_ARENA Arena arena = {0};
    char *room = arena_alloc(&arena, COPY_AT_ONCE);

    for (int64_t done = 0; done < size;) {
        size_t now = size - done < COPY_AT_ONCE ? (size_t)(size - done) : COPY_AT_ONCE;
        TRY(read_all(from, room, now, from_at + done));
        TRY(write_all(to, room, now, to_at + done));
        done += (int64_t)now;
    }
    return OK;
}

Err segment_sync_folder(const char *path)
{
    AUTO_ARENA Arena arena = {0};
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? str_format(&arena, "%.*s", (int)(slash - path), path).data : ".";
    AUTO_CLOSE int fd = open(folder[0] ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd >= 0 && fsync(fd) == 0 ? OK : file_error(folder);
}

Err segment_put_in_place(const char *part, const char *path)
{
    if (rename(part, path) != 0)
        return file_error(path);
    return segment_sync_folder(path);
}

/* ---- what is checked */

static uint64_t hash_of(const SegmentHead *head, const SegmentCommit *commits)
{
    Str before = {(const char *)head, offsetof(SegmentHead, hash)};

    return str_hash_more(str_hash(before), (Str){(const char *)commits, head->commits * sizeof *commits});
}

static int64_t frame_size(const SegmentHead *head)
{
    return LOG_FRAME_HEAD + (int64_t)head->page_size;
}

static int64_t frames_at(const SegmentHead *head)
{
    return (int64_t)sizeof *head + (int64_t)(head->commits * sizeof(SegmentCommit));
}

static bool is_page_size(uint32_t size)
{
    return size >= LEAST_PAGE && size <= LARGEST_PAGE && (size & (size - 1)) == 0;
}

static Err check_head(const SegmentHead *head)
{
    if (memcmp(head->magic, MAGIC, sizeof MAGIC) != 0)
        return err(INVALID, "not a segment of an archive");
    if (memchr(head->database, '\0', SEGMENT_NAME) == NULL || !is_page_size(head->page_size) ||
        head->first == 0 || head->frames == 0 || head->frames > UINT32_MAX - head->first ||
        head->commits == 0 || head->commits > SEGMENT_MOST_COMMITS)
        return err(INVALID, "a damaged segment: its head makes no sense");
    return OK;
}

/* In order, and the last ends it. */
static bool commits_are_right(const Segment *segment)
{
    const SegmentHead *head = &segment->head;
    const SegmentCommit *before = NULL;

    for (uint32_t i = 0; i < head->commits; i++) {
        const SegmentCommit *commit = &segment->commits[i];
        if (commit->frame < head->first ||
            (before && (commit->frame <= before->frame || commit->time_us < before->time_us)))
            return false;
        before = commit;
    }
    return before != NULL && before->frame == (uint64_t)head->first + head->frames - 1;
}

static Err check_size(const SegmentHead *head, uint64_t file_size)
{
    uint64_t whole = (uint64_t)frames_at(head) + (uint64_t)head->frames * (uint64_t)frame_size(head);

    if (file_size < whole)
        return err(TOO_LARGE, "a segment that is cut short: %llu of %llu bytes",
                   (unsigned long long)file_size, (unsigned long long)whole);
    return file_size == whole ? OK : err(TOO_LARGE, "a damaged segment: it is longer than its head says");
}

Err segment_parse(Str bytes, uint64_t file_size, Segment *out)
{
    *out = (Segment){0};
    if (bytes.len < sizeof out->head)
        return err(INVALID, "a segment that is cut short: it has no head");
    memcpy(&out->head, bytes.data, sizeof out->head);
    TRY(check_head(&out->head));
    if (bytes.len < (size_t)frames_at(&out->head))
        return err(INVALID, "a segment that is cut short: it has no commits");
    const void *commits = bytes.data + sizeof out->head;
    out->commits = commits;
    if (hash_of(&out->head, out->commits) != out->head.hash || !commits_are_right(out))
        return err(INVALID, "a damaged segment: its head isn't as it was written");
    return check_size(&out->head, file_size);
}

Err segment_open(Arena *arena, const char *path, Segment *out, int *file)
{
    enum { MOST = sizeof(SegmentHead) + SEGMENT_MOST_COMMITS * sizeof(SegmentCommit) };
    char *room = arena_alloc(arena, MOST);
    struct stat found;

    *out = (Segment){0};
    *file = open(path, O_RDONLY | O_CLOEXEC);
    if (*file < 0 || fstat(*file, &found) != 0)
        return file_error(path);
    ssize_t count = pread(*file, room, MOST, 0);
    if (count < 0)
        return file_error(path);
    return segment_parse((Str){room, (size_t)count}, (uint64_t)found.st_size, out);
}

/* ---- written */

static Err plan_head(const SegmentPlan *plan, SegmentHead *head)
{
    *head = (SegmentHead){.salts = {plan->end.salts[0], plan->end.salts[1]},
                          .first = plan->first,
                          .frames = plan->end.frames - plan->first + 1,
                          .commits = (uint32_t)plan->commit_count};
    memcpy(head->magic, MAGIC, sizeof MAGIC);
    (void)snprintf(head->database, sizeof head->database, "%s", plan->database);
    TRY(read_all(plan->log, head->log, LOG_HEAD, 0));
    head->page_size = big_endian(head->log + AT_PAGE_SIZE);
    if (!is_page_size(head->page_size) || memcmp(head->log + AT_SALTS, head->salts, sizeof head->salts) != 0)
        return err(UNAVAILABLE, "the log's head isn't as its index says");
    head->hash = hash_of(head, plan->commits);
    return OK;
}

static int64_t place_in_log(const SegmentHead *head, uint64_t frame)
{
    return LOG_HEAD + (int64_t)(frame - 1) * frame_size(head);
}

/* The last frame's checksum is over all that came before it. */
static Err check_end(const SegmentPlan *plan, const SegmentHead *head)
{
    uint8_t frame[LOG_FRAME_HEAD];

    TRY(read_all(plan->log, frame, sizeof frame, place_in_log(head, plan->end.frames)));
    if (memcmp(frame + FRAME_SALTS, head->salts, sizeof head->salts) != 0 ||
        big_endian(frame + FRAME_CHECK) != plan->end.check[0] ||
        big_endian(frame + FRAME_CHECK + sizeof(uint32_t)) != plan->end.check[1])
        return err(UNAVAILABLE, "the log's end isn't as its index says");
    return OK;
}

static Err write_part(const SegmentPlan *plan, const char *part, uint64_t *bytes)
{
    AUTO_CLOSE int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, PRIVATE);
    SegmentHead head;

    if (file < 0)
        return file_error(part);
    TRY(plan_head(plan, &head));
    TRY(check_end(plan, &head));
    int64_t size = (int64_t)head.frames * frame_size(&head);
    TRY(write_all(file, &head, sizeof head, 0));
    TRY(write_all(file, plan->commits, plan->commit_count * sizeof *plan->commits, sizeof head));
    TRY(segment_copy(plan->log, place_in_log(&head, head.first), size, file, frames_at(&head)));
    *bytes = (uint64_t)(frames_at(&head) + size);
    return fsync(file) == 0 ? OK : file_error(part);
}

Err segment_write(const SegmentPlan *plan, const char *path, uint64_t *bytes)
{
    AUTO_ARENA Arena arena = {0};
    const char *part = str_format(&arena, "%s.part", path).data;
    Err e = write_part(plan, part, bytes);

    if (!failed(&e))
        e = segment_put_in_place(part, path);
    if (failed(&e))
        (void)unlink(part);
    return e;
}

Err segment_append(const Segment *segment, int file, uint64_t last, int log)
{
    const SegmentHead *head = &segment->head;
    int64_t size = (int64_t)(last - head->first + 1) * frame_size(head);

    if (head->first == 1)
        TRY(write_all(log, head->log, LOG_HEAD, 0));
    return segment_copy(file, frames_at(head), size, log, place_in_log(head, head->first));
}
