#include "stores/sql/sqlite_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "stores/sql/sql.h"
#include "stores/sql/sqlite_archive_inside.h"

enum {
    PRIVATE = 0600,
    FOLDER_MODE = 0700, /* as the data folder's */
    US_PER_MS = 1000,
    MS_PER_S = 1000,
    TAKE_MS =
        100, /* a turn to write back waits so long for who ships; a base takes longer, and then it is tried again later */
    TAKE_AGAIN_NS = 1000000,
};

/* What app/ has said, before there were databases. */
static struct {
    char *folder;
    int64_t keep_s;
} wanted;

void sql_archive_to(const char *folder, int64_t keep_s)
{
    memory_free(wanted.folder);
    wanted.folder = memory_copy_text(folder);
    wanted.keep_s = keep_s;
}

void archive_spare_log(Connection *connection, bool spare)
{
    if (wanted.folder != NULL && connection->db != NULL)
        (void)sqlite3_db_config(connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, spare, NULL);
}

/* ---- how it goes */

static int64_t ask_failing(void *context)
{
    const Archive *archive = context;
    int64_t since_ms = atomic_load(&archive->failing_shown_ms);

    return since_ms == 0 ? 0 : (archive_now_ms(archive) - since_ms) / MS_PER_S;
}

static const Metric ROWS[ARCHIVE_ROWS] = {
    [ARCHIVE_SEGMENTS] = {METRIC_COUNTER, "nerdx_archive_segments_total",
                          "Pieces of a database's log that were put into its archive.",
                          .labels = {{"store"}}},
    [ARCHIVE_BYTES] = {METRIC_COUNTER, "nerdx_archive_bytes_total", "How large they were.",
                       .labels = {{"store"}}},
    [ARCHIVE_GAPS] = {METRIC_COUNTER, "nerdx_archive_gaps_total",
                      "Times that something was written that an archive never saw.", .labels = {{"store"}}},
    [ARCHIVE_FAILURES] = {METRIC_COUNTER, "nerdx_archive_failures_total",
                          "Times that an archive couldn't be written.", .labels = {{"store"}}},
    [ARCHIVE_FAILING] = {METRIC_GAUGE, "nerdx_archive_failing_seconds",
                         "How long an archive can't be written by now; 0: it can.", .labels = {{"store"}}},
};

/* Told when it begins and when it is over, not each second. */
static void note(Archive *archive, Err result)
{
    bool was_failing = archive->failing_since_ms != 0;

    if (failed(&result)) {
        metrics_add(archive->metrics, ARCHIVE_FAILURES, 0, 1);
        if (!was_failing)
            log_warn("the archive can't be written: the log is kept, and it is tried again",
                     log_chars("database", archive->name), log_err(&result));
        archive->failing_since_ms = was_failing ? archive->failing_since_ms : archive_now_ms(archive);
    } else {
        if (was_failing)
            log_info("the archive can be written again", log_chars("database", archive->name));
        archive->failing_since_ms = 0;
    }
    atomic_store(&archive->failing_shown_ms, archive->failing_since_ms);
}

/* What has lost its place and has no new base yet isn't well, though there is nothing to ship. */
static void note_shipping(Archive *archive, Err result)
{
    if (failed(&result) || !archive->needs_base)
        note(archive, result);
}

/* ---- locks */

static bool try_take(Archive *archive)
{
    if (pthread_mutex_trylock(&archive->shipping) != 0)
        return false;
    if (flock(archive->ships, LOCK_EX | LOCK_NB) == 0)
        return true;
    pthread_mutex_unlock(&archive->shipping);
    return false;
}

static bool take(Archive *archive)
{
    static const struct timespec PAUSE = {.tv_nsec = TAKE_AGAIN_NS};
    int64_t until_ms = now_ms() + TAKE_MS;

    while (!try_take(archive)) {
        if (now_ms() >= until_ms)
            return false;
        nanosleep(&PAUSE, NULL);
    }
    return true;
}

static void give_back(Archive *archive)
{
    (void)flock(archive->ships, LOCK_UN);
    pthread_mutex_unlock(&archive->shipping);
}

void archive_enter_group(Archive *archive)
{
    while (archive != NULL && flock(archive->writes, LOCK_SH) != 0 && errno == EINTR)
        continue;
}

void archive_leave_group(Archive *archive)
{
    if (archive != NULL)
        (void)flock(archive->writes, LOCK_UN);
}

/* ---- before the log is written back */

static bool lets_go(const Archive *archive)
{
    LogEnd end;

    return archive_now_ms(archive) - archive->failing_since_ms >= ARCHIVE_PATIENCE_MS ||
           (log_end_read(archive->index, &end) && end.frames >= ARCHIVE_MOST_UNSHIPPED_FRAMES);
}

static bool ship_or_let_go(Archive *archive)
{
    Err e = archive_ship(archive);

    note_shipping(archive, e);
    archive->is_whole = !failed(&e) && !archive->needs_base;
    return !failed(&e) || lets_go(archive);
}

bool archive_begin_checkpoint(Archive *archive)
{
    if (archive == NULL)
        return true;
    if (!take(archive))
        return false;
    while (flock(archive->writes, LOCK_EX) != 0 && errno == EINTR)
        continue;
    if (ship_or_let_go(archive))
        return true;
    (void)flock(archive->writes, LOCK_UN);
    give_back(archive);
    return false;
}

/* What was let go leaves another file than the state says: the next who looks finds the gap. */
void archive_end_checkpoint(Archive *archive)
{
    if (archive == NULL)
        return;
    if (archive->is_whole)
        archive_remember_file(archive);
    (void)flock(archive->writes, LOCK_UN);
    give_back(archive);
}

/* ---- each second */

/* Without it the commit is one with the next whose moment is known: later, never earlier. */
static void tell_moment(const Archive *archive, Moment moment)
{
    off_t at = (off_t)(moment.frame % MOMENTS * sizeof moment);

    if (pwrite(archive->moments, &moment, sizeof moment, at) != (ssize_t)sizeof moment)
        log_debug("a commit's moment can't be told", log_chars("database", archive->name));
}

void archive_note_commit(Archive *archive, int frames)
{
    LogEnd end;

    if (archive != NULL && log_end_read(archive->index, &end))
        tell_moment(archive, (Moment){end.salts[0], (uint32_t)frames, clock_wall_us(archive->clock)});
}

static Err ship_and_renew(Archive *archive)
{
    TRY(archive_ship(archive));
    return archive_is_due(archive) ? archive_begin_chain(archive, archive->keep_s) : OK;
}

void archive_keep_up(Archive *archive)
{
    if (!take(archive))
        return; /* somebody does it */
    note_shipping(archive, ship_and_renew(archive));
    give_back(archive);
}

static Err begin_now(Archive *archive)
{
    TRY(archive_ship(archive));
    return archive_begin_chain(archive, archive->keep_s);
}

Err archive_begin_now(Archive *archive)
{
    int64_t until_ms = now_ms() + SQL_TURN_TIMEOUT_MS;

    if (archive == NULL)
        return err(INVALID, "there is no archive: name its folder with --archive");
    while (!take(archive))
        if (now_ms() >= until_ms)
            return err(UNAVAILABLE, "a base is being taken already");
    Err e = begin_now(archive);
    note(archive, e);
    give_back(archive);
    return e;
}

static void *run(void *context)
{
    Archive *archive = context;
    bool is_stopping = false;

    while (!is_stopping) {
        archive_keep_up(archive);
        int64_t until_us = clock_monotonic_us(clock_system()) + (int64_t)ARCHIVE_SHIP_MS * US_PER_MS;
        MUTEX_HOLD(&archive->lock);
        while (!archive->is_stopping && cond_wait_until(&archive->changed, &archive->lock, until_us))
            continue;
        is_stopping = archive->is_stopping;
    }
    return NULL;
}

void archive_stop(Archive *archive)
{
    if (archive == NULL || !archive->has_thread)
        return;
    pthread_mutex_lock(&archive->lock);
    archive->is_stopping = true;
    pthread_cond_signal(&archive->changed);
    pthread_mutex_unlock(&archive->lock);
    thread_join(archive->thread);
    archive->has_thread = false;
}

/* ---- open and close */

static Err make_folder(const char *path)
{
    if (mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST)
        return OK;
    return err(FORBIDDEN, "%.80s can't be made the archive (%s): choose a folder that this user may make",
               path, strerror(errno));
}

static Err open_file(const Archive *archive, const char *name, int *out)
{
    AUTO_ARENA Arena arena = {0};
    const char *path = str_format(&arena, "%s/%s", archive->folder, name).data;

    *out = open(path, O_RDWR | O_CREAT | O_CLOEXEC, PRIVATE);
    return *out >= 0 ? OK : file_error(path);
}

static Err open_files(Archive *archive)
{
    TRY(make_folder(wanted.folder));
    TRY(make_folder(archive->folder));
    TRY(open_file(archive, "owner", &archive->owner));
    TRY(archive_own(archive));
    TRY(open_file(archive, "ships", &archive->ships));
    TRY(open_file(archive, "writes", &archive->writes));
    TRY(open_file(archive, "moments", &archive->moments));
    (void)posix_fallocate(archive->moments, 0,
                          MOMENTS * sizeof(Moment)); /* so that they can be told on a full disk */
    return open_file(archive, "state", &archive->state_file);
}

/* After a power cut nobody knows when the last commits were but the log's file, when it was written last. */
static void tell_what_is_left(const Archive *archive)
{
    enum { NS_PER_US = 1000, US_PER_S = 1000000 };
    AUTO_ARENA Arena arena = {0};
    struct stat log;
    Moment known;
    LogEnd end;

    if (!log_end_read(archive->index, &end) || end.frames == 0 ||
        archive_read_moment(archive, &end, end.frames, &known) ||
        stat(str_format(&arena, "%s-wal", archive->path).data, &log) != 0)
        return;
    tell_moment(archive, (Moment){end.salts[0], end.frames,
                                  log.st_mtim.tv_sec * (int64_t)US_PER_S + log.st_mtim.tv_nsec / NS_PER_US});
}

static Archive *make(const char *path, const volatile uint32_t *index)
{
    AUTO_ARENA Arena arena = {0};
    Archive *archive = memory_new(Archive);
    const char *slash = strrchr(path, '/');

    archive->path = path;
    archive->name = slash ? slash + 1 : path;
    archive->index = index;
    archive->folder = memory_copy_text(str_format(&arena, "%s/%s", wanted.folder, archive->name).data);
    archive->keep_s = wanted.keep_s;
    archive->clock = clock_system();
    archive->owner = archive->ships = archive->writes = archive->moments = archive->state_file = -1;
    (void)pthread_mutex_init(&archive->shipping, NULL);
    (void)pthread_mutex_init(&archive->lock, NULL);
    cond_init(&archive->changed);
    archive->metrics = metrics_create_for(ROWS, ARCHIVE_ROWS, archive->name);
    metrics_ask(archive->metrics, ARCHIVE_FAILING, 0, ask_failing, archive);
    metrics_publish(archive->metrics);
    return archive;
}

Err archive_open(const char *path, const volatile uint32_t *index, Archive **out)
{
    *out = NULL;
    if (wanted.folder == NULL)
        return OK;
    if (index == NULL)
        return err(UNAVAILABLE, "the log's index can't be seen, and so not be archived: leave out --archive");
    Archive *archive = make(path, index);
    Err e = open_files(archive);
    if (failed(&e)) {
        archive_close(archive);
        return e;
    }
    tell_what_is_left(archive);
    archive->has_thread = true;
    archive->thread = thread_start("archive", run, archive);
    *out = archive;
    return OK;
}

void archive_close(Archive *archive)
{
    if (archive == NULL)
        return;
    archive_stop(archive);
    metrics_destroy(archive->metrics);
    file_close(&archive->owner);
    file_close(&archive->ships);
    file_close(&archive->writes);
    file_close(&archive->moments);
    file_close(&archive->state_file);
    (void)pthread_cond_destroy(&archive->changed);
    (void)pthread_mutex_destroy(&archive->lock);
    (void)pthread_mutex_destroy(&archive->shipping);
    memory_free(archive->folder);
    memory_free(archive);
}
