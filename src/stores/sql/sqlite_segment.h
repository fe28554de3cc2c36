/* A piece of a database's write-ahead log as a file of its archive: whole frames up to a commit, and when each commit was.
 *
 *     head | commits | frames as the log has them (https://www.sqlite.org/fileformat2.html, 4)
 *
 * Numbers are little endian. The log's own head is kept in each, so that the frames of a generation from its first, behind it, are a
 * log again, whose running checksum SQLite verifies. */
#ifndef NERDX_STORES_SQL_SQLITE_SEGMENT_H
#define NERDX_STORES_SQL_SQLITE_SEGMENT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "stores/sql/sqlite_log_end.h"

enum {
    SEGMENT_NAME = 64,           /* of a database, with its NUL */
    SEGMENT_MOST_COMMITS = 4096, /* told apart; more in one segment are one with the last of them */
    LOG_HEAD = 32,               /* bytes */
    LOG_FRAME_HEAD = 24,
};

typedef struct SegmentCommit {
    uint64_t frame; /* its last */
    int64_t time_us;
} SegmentCommit;

typedef struct SegmentHead {
    char magic[8];
    char database[SEGMENT_NAME];
    uint32_t salts[2];
    uint32_t page_size;
    uint32_t first; /* frame of the generation, from 1 */
    uint32_t frames;
    uint32_t commits;
    uint8_t log[LOG_HEAD];
    uint64_t hash; /* of the commits and what is above: frames have checksums of their own */
} SegmentHead;

typedef struct Segment {
    SegmentHead head;
    const SegmentCommit *commits;
} Segment;

/* One that is to be written: frames after the first until the log's end. */
typedef struct SegmentPlan {
    const char *database;
    int log; /* descriptor */
    LogEnd end;
    uint32_t first;
    const SegmentCommit *commits;
    size_t commit_count;
} SegmentPlan;

/* There as a whole and on disk, or not at all; what has the name already gives way. Errors: UNAVAILABLE (no room, the log isn't as its
 * index says: try again), FORBIDDEN. */
Err segment_write(const SegmentPlan *plan, const char *path, uint64_t *bytes);

/* bytes: the file's beginning, head and commits at least, where it has as many. The commits lie in bytes. Errors: INVALID says what is
 * wrong with it; TOO_LARGE where only its frames are cut short or too many: what *out says is true then. */
Err segment_parse(Str bytes, uint64_t file_size, Segment *out);

/* *file: to be closed by the caller, also on errors. Errors: those of segment_parse, file_error. */
Err segment_open(Arena *arena, const char *path, Segment *out, int *file);

/* Puts its frames from the first to `last` behind what the log has; in front of the generation's first goes the log's head. */
Err segment_append(const Segment *segment, int file, uint64_t last, int log);

/* Bytes from one file to another, from and to any place. Errors: UNAVAILABLE. */
Err segment_copy(int from, int64_t from_at, int64_t size, int to, int64_t to_at);

/* Of a file that is whole: on disk and then in the place of what has the name. Errors: those of file_error. */
Err segment_put_in_place(const char *part, const char *path);
Err segment_sync_folder(const char *path); /* the one that a file lies in */

#endif
