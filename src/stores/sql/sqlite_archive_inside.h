/* The archive from inside: sqlite_archive.c has its thread and locks, sqlite_ship.c what is written. */
#ifndef NERDX_STORES_SQL_SQLITE_ARCHIVE_INSIDE_H
#define NERDX_STORES_SQL_SQLITE_ARCHIVE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/metrics.h"
#include "stores/sql/sqlite_log_end.h"
#include "stores/sql/sqlite_segment.h"

enum {
    ARCHIVE_SHIP_MS = 1000,      /* what is committed is in the archive this much later at the most */
    ARCHIVE_CHAIN_S = 24 * 3600, /* then another base is taken */
    ARCHIVE_PATIENCE_MS =
        10 * 60 * 1000, /* while it can't be written the log grows; then it is let go, and there is a gap */
    ARCHIVE_MOST_UNSHIPPED_FRAMES = 128 * 1024, /* or when it has as many, 512 MiB */
};

typedef struct Archive Archive;

/* When a commit was, in the file `moments`, at its frame's place: told by whoever commits, read by whoever ships, also when the one was
 * killed. A later frame takes the place of one so many before: that one's moment is the next commit's then. */
typedef struct Moment {
    uint32_t salt; /* of its generation, the first */
    uint32_t frame;
    int64_t time_us;
} Moment;

enum { MOMENTS = 32 * 1024 };

/* The database's file as it was left by who shipped first. */
typedef struct FileSeen {
    int64_t inode, size, changed_ns;
} FileSeen;

/* Where an archive stands, in its file `state`: for the other processes, and the next start. Not flushed, as the folder says the rest. */
typedef struct ArchiveState {
    char magic[8];
    int64_t chain; /* its beginning; 0: there is none */
    int64_t is_gap;
    int64_t segments;
    FileSeen file;
} ArchiveState;

struct Archive {
    char *folder;
    const char *path; /* of the database */
    const char *name;
    const volatile uint32_t *index;
    int64_t keep_s;
    const Clock *clock; /* of moments and terms; tests have one of their own */

    int owner;                /* the mark */
    pthread_mutex_t shipping; /* with the lock of the file: who has both may touch what follows */
    int ships;
    int state_file;
    ArchiveState state;
    uint32_t salts[2]; /* up to where it has shipped */
    uint32_t frames;
    int64_t last_us; /* the latest commit in the chain */
    bool needs_base;
    int64_t base_after_ms; /* another try */
    bool is_whole;         /* a checkpoint's frames have all been shipped */
    int64_t failing_since_ms;

    int writes;
    int moments;
    Metrics *metrics;
    atomic_llong failing_shown_ms; /* the same for who asks; 0: it works */

    pthread_t thread;
    pthread_mutex_t lock; /* of these two */
    pthread_cond_t changed;
    bool is_stopping;
    bool has_thread;
};

enum { ARCHIVE_SEGMENTS, ARCHIVE_BYTES, ARCHIVE_GAPS, ARCHIVE_FAILURES, ARCHIVE_FAILING, ARCHIVE_ROWS };

static inline int64_t archive_now_ms(const Archive *archive) /* monotonic */
{
    enum { US_PER_MS = 1000 };

    return clock_monotonic_us(archive->clock) / US_PER_MS;
}

/* For as long as its file is open. Errors: CONFLICT (another database's: says which), UNAVAILABLE. */
Err archive_own(const Archive *archive);

void archive_keep_up(Archive *archive); /* what its thread does each second */

/* Into the chain, all that is in the log; needs_base: there is none that goes on. With both locks. */
Err archive_ship(Archive *archive);

/* Another chain, and until its base the one before. Takes as long as a copy of the database. */
Err archive_begin_chain(Archive *archive, int64_t keep_s);
bool archive_is_due(const Archive *archive); /* for that */

/* False: nobody has told it. */
bool archive_read_moment(const Archive *archive, const LogEnd *end, uint32_t frame, Moment *out);

void archive_remember_file(Archive *archive);

#endif
