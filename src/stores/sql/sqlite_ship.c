/* What an archive writes: the log's frames into the chain that is, and another chain when that is due. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/thread.h"
#include "stores/sql/sqlite_archive_inside.h"
#include "stores/sql/sqlite_backup.h"
#include "stores/sql/sqlite_connection.h"
#include "stores/sql/sqlite_chain.h"

static const char MAGIC[8] = "NRDXARC1";

enum { NS_PER_S = 1000000000, US_PER_S = 1000000, FOLDER_MODE = 0700 };

/* ---- where it stands */

static FileSeen see_file(const Archive *archive)
{
    struct stat found = {0};

    if (stat(archive->path, &found) != 0)
        return (FileSeen){0};
    return (FileSeen){(int64_t)found.st_ino, found.st_size,
                      found.st_mtim.tv_sec * (int64_t)NS_PER_S + found.st_mtim.tv_nsec};
}

static bool is_as_it_was_left(const Archive *archive)
{
    FileSeen now = see_file(archive);

    return memcmp(&now, &archive->state.file, sizeof now) == 0;
}

/* Where it fails, the next one finds a gap: nothing is called whole that isn't. */
static void keep_state(const Archive *archive)
{
    if (pwrite(archive->state_file, &archive->state, sizeof archive->state, 0) !=
        (ssize_t)sizeof archive->state)
        log_warn("an archive's state can't be written", log_chars("database", archive->name));
}

void archive_remember_file(Archive *archive)
{
    archive->state.file = see_file(archive);
    keep_state(archive);
}

static const char *path_of_chain(Arena *arena, const Archive *archive)
{
    return chain_path(arena, archive->folder, archive->state.chain, archive->state.is_gap != 0);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* A power cut may have left an older state than the segments, which are on disk before they have their names. */
static void count_segments(Archive *archive, const char *chain)
{
    AUTO_ARENA Arena arena = {0};

    while (is_there(chain_segment(&arena, chain, archive->state.segments + 1)))
        archive->state.segments++;
}

static Err stand_behind(Archive *archive, const char *segment_path)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_CLOSE int file = -1;
    Segment segment;

    TRY(segment_open(&arena, segment_path, &segment, &file));
    memcpy(archive->salts, segment.head.salts, sizeof archive->salts);
    archive->frames = segment.head.first + segment.head.frames - 1;
    archive->last_us = segment.commits[segment.head.commits - 1].time_us;
    return OK;
}

static Err stand_at_end(Archive *archive, const char *chain)
{
    AUTO_ARENA Arena arena = {0};

    archive->frames = 0;
    memset(archive->salts, 0, sizeof archive->salts);
    archive->last_us = archive->state.chain;
    return archive->state.segments == 0
               ? OK
               : stand_behind(archive, chain_segment(&arena, chain, archive->state.segments));
}

/* What others have shipped meanwhile, or the process before this one. */
static Err learn(Archive *archive)
{
    AUTO_ARENA Arena arena = {0};
    ArchiveState state = {0};

    if (pread(archive->state_file, &state, sizeof state, 0) != (ssize_t)sizeof state ||
        memcmp(state.magic, MAGIC, sizeof MAGIC) != 0)
        state = (ArchiveState){0};
    bool is_known = state.chain == archive->state.chain && state.segments == archive->state.segments;
    archive->state = state;
    if (state.chain == 0)
        return OK;
    const char *chain = path_of_chain(&arena, archive);
    if (!is_there(chain_base(&arena, chain))) /* thrown away */
        archive->state.chain = 0;
    else if (!is_known) {
        count_segments(archive, chain);
        return stand_at_end(archive, chain);
    }
    return OK;
}

/* ---- commits */

static bool is_commit(int log, uint32_t page_size, uint32_t frame)
{
    enum { SIZE_AFTER = 4 };
    uint32_t pages = 0;
    off_t at = LOG_HEAD + (off_t)(frame - 1) * (LOG_FRAME_HEAD + (off_t)page_size) + SIZE_AFTER;

    return pread(log, &pages, sizeof pages, at) == (ssize_t)sizeof pages && pages != 0;
}

static uint32_t page_size_of(int log)
{
    enum { AT = 8 };
    uint32_t size = 0;

    return pread(log, &size, sizeof size, AT) == (ssize_t)sizeof size ? __builtin_bswap32(size) : 0;
}

/* The clock may go back; an archive's moments don't. */
static int64_t no_earlier(int64_t time_us, int64_t than_us)
{
    return time_us > than_us ? time_us : than_us;
}

bool archive_read_moment(const Archive *archive, const LogEnd *end, uint32_t frame, Moment *out)
{
    return pread(archive->moments, out, sizeof *out, (off_t)(frame % MOMENTS * sizeof *out)) ==
               (ssize_t)sizeof *out &&
           out->salt == end->salts[0] && out->frame == frame;
}

/* Of one that nobody has told the moment of it was before now. */
static size_t collect_commits(const Archive *archive, int log, const LogEnd *end, uint32_t first,
                              int64_t now_us, SegmentCommit *out)
{
    uint32_t page_size = page_size_of(log), last = first - 1;
    int64_t last_us = archive->last_us;
    size_t count = 0;
    Moment moment;

    for (uint32_t frame = first; frame <= end->frames && count + 1 < SEGMENT_MOST_COMMITS; frame++) {
        if (!archive_read_moment(archive, end, frame, &moment) || !is_commit(log, page_size, frame))
            continue;
        last = frame;
        last_us = no_earlier(moment.time_us, last_us);
        out[count++] = (SegmentCommit){last, last_us};
    }
    if (last != end->frames)
        out[count++] = (SegmentCommit){end->frames, no_earlier(now_us, last_us)};
    return count;
}

/* ---- segments */

static int open_log(const Archive *archive)
{
    AUTO_ARENA Arena arena = {0};

    return open(str_format(&arena, "%s-wal", archive->path).data, O_RDONLY | O_CLOEXEC);
}

static Err write_segment(Archive *archive, SegmentPlan *plan, const char *path)
{
    uint64_t bytes = 0;

    plan->database = archive->name;
    TRY(segment_write(plan, path, &bytes));
    metrics_add(archive->metrics, ARCHIVE_SEGMENTS, 0, 1);
    metrics_add(archive->metrics, ARCHIVE_BYTES, 0, (int64_t)bytes);
    return OK;
}

static bool is_same_generation(const Archive *archive, const LogEnd *end)
{
    return memcmp(archive->salts, end->salts, sizeof end->salts) == 0;
}

static Err ship_until(Archive *archive, const LogEnd *end, int64_t now_us)
{
    AUTO_ARENA Arena arena = {0};
    uint32_t first = is_same_generation(archive, end) ? archive->frames + 1 : 1;

    if (end->frames < first)
        return OK;
    AUTO_CLOSE int log = open_log(archive);
    SegmentCommit *commits = arena_alloc(&arena, SEGMENT_MOST_COMMITS * sizeof *commits);
    size_t count = collect_commits(archive, log, end, first, now_us, commits);
    SegmentPlan plan = {.log = log, .end = *end, .first = first, .commits = commits, .commit_count = count};
    TRY(write_segment(archive, &plan,
                      chain_segment(&arena, path_of_chain(&arena, archive), archive->state.segments + 1)));
    archive->state.segments++;
    memcpy(archive->salts, end->salts, sizeof end->salts);
    archive->frames = end->frames;
    archive->last_us = commits[count - 1].time_us;
    keep_state(archive);
    return OK;
}

/* Who writes it may have lost its processor meanwhile: a yield may come back at once, a second of sleep doesn't. */
static Err read_end(const Archive *archive, LogEnd *end)
{
    enum { TRIES = 1000 };
    static const struct timespec PAUSE = {.tv_nsec = 1000000};

    for (int i = 0; i < TRIES; i++) {
        if (log_end_read(archive->index, end))
            return OK;
        (void)nanosleep(&PAUSE, NULL);
    }
    return err(UNAVAILABLE, "the log's index can't be read now");
}

Err archive_ship(Archive *archive)
{
    LogEnd end;

    TRY(learn(archive));
    archive->needs_base = archive->state.chain == 0 || !is_as_it_was_left(archive);
    if (archive->needs_base)
        return OK;
    TRY(read_end(archive, &end));
    archive->needs_base = is_same_generation(archive, &end) && end.frames < archive->frames;
    return archive->needs_base ? OK : ship_until(archive, &end, clock_wall_us(archive->clock));
}

/* ---- chains */

bool archive_is_due(const Archive *archive)
{
    int64_t age_us = clock_wall_us(archive->clock) - archive->state.chain;

    return archive_now_ms(archive) >= archive->base_after_ms &&
           (archive->needs_base || age_us >= (int64_t)ARCHIVE_CHAIN_S * US_PER_S);
}

static Err has_chains(const Archive *archive, bool *has)
{
    AUTO_ARENA Arena arena = {0};
    Chain *chains;
    size_t count;

    TRY(chain_list(&arena, archive->folder, &chains, &count));
    *has = count > 0;
    return OK;
}

static Err make_base(const Archive *archive, const char *part, int64_t until_s)
{
    AUTO_ARENA Arena arena = {0};

    TRY(chain_remove(part));
    if (mkdir(part, FOLDER_MODE) != 0)
        return file_error(part);
    return sqlite_backup(archive->path, chain_base(&arena, part), until_s);
}

/* What the log has up to the base's end is one commit of it: earlier moments are the chain's before. */
static Err write_first(Archive *archive, const char *part, const LogEnd *end, int64_t now_us)
{
    AUTO_ARENA Arena arena = {0};
    const SegmentCommit whole = {end->frames, now_us};

    if (end->frames == 0)
        return OK;
    AUTO_CLOSE int log = open_log(archive);
    SegmentPlan plan = {.log = log, .end = *end, .first = 1, .commits = &whole, .commit_count = 1};
    return write_segment(archive, &plan, chain_segment(&arena, part, 1));
}

static void go_on_with(Archive *archive, const ArchiveState *state, const LogEnd *end)
{
    archive->state = *state;
    memcpy(archive->salts, end->salts, sizeof end->salts);
    archive->frames = end->frames;
    archive->last_us = state->chain;
    archive->needs_base = false;
    keep_state(archive);
}

/* Until the base's end the chain before has all: both end and begin at the same place of the log. */
static Err change_chain(Archive *archive, const char *part, ArchiveState *state)
{
    AUTO_ARENA Arena arena = {0};
    LogEnd end;

    TRY(read_end(archive, &end));
    state->chain = no_earlier(clock_wall_us(archive->clock), archive->last_us + 1);
    state->segments = end.frames > 0;
    if (!archive->needs_base)
        TRY(ship_until(archive, &end, state->chain));
    TRY(write_first(archive, part, &end, state->chain));
    TRY(segment_sync_folder(chain_base(&arena, part)));
    TRY(segment_put_in_place(part, chain_path(&arena, archive->folder, state->chain, state->is_gap)));
    go_on_with(archive, state, &end);
    return OK;
}

static void tell(const Archive *archive)
{
    if (archive->state.is_gap) {
        metrics_add(archive->metrics, ARCHIVE_GAPS, 0, 1);
        log_warn("the archive has a gap: something was written that it never saw; a new base was taken",
                 log_chars("database", archive->name));
    } else
        log_info("the archive has a new base", log_chars("database", archive->name));
}

/* The file is looked at before: nobody who ships first writes back meanwhile, as that takes the same locks. */
Err archive_begin_chain(Archive *archive, int64_t keep_s)
{
    enum { AGAIN_MS = 60 * 1000 };
    AUTO_ARENA Arena arena = {0};
    const char *part = chain_part(&arena, archive->folder);
    ArchiveState state = {.file = see_file(archive)};
    bool has;

    memcpy(state.magic, MAGIC, sizeof MAGIC);
    archive->base_after_ms = archive_now_ms(archive) + AGAIN_MS;
    TRY(has_chains(archive, &has));
    state.is_gap = has && archive->needs_base;
    TRY(make_base(archive, part, clock_wall_us(archive->clock) / US_PER_S + keep_s));
    TRY(change_chain(archive, part, &state));
    archive->base_after_ms = 0;
    tell(archive);
    return OK;
}
