/* A database as it was at a moment, from its archive: a base, and the log's generations behind it in order. SQLite takes each in as
 * it does after a power cut, and verifies the checksum that runs through it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "stores/sql/sql.h"
#include "stores/sql/sqlite_chain.h"
#include "stores/sql/sqlite_connection.h"
#include "stores/sql/sqlite_segment.h"
#include "stores/sql/term.h"

enum { PRIVATE = 0600, US_PER_S = 1000000 };

typedef struct Restoring {
    Arena *arena;
    const char *path;
    const char *log_path;
    int64_t at_us;
    int log; /* descriptor; -1: nothing of a generation is there yet */
    uint32_t salts[2];
    uint64_t frames;      /* of that generation */
    int64_t before_us;    /* the last commit of those before */
    bool is_over;         /* the moment lies before what comes */
    SqlRestored restored; /* so far */
} Restoring;

/* ---- which chain */

typedef struct Choice {
    Chain chain;
    const Chain *next; /* NULL: there is none */
} Choice;

static const char *moment(Arena *arena, int64_t time_us)
{
    char text[TIME_TEXT];

    time_print(text, time_us);
    return str_c(arena, str_from(text));
}

static Err too_early(Arena *arena, const Chain *first)
{
    return err(GONE, "that moment isn't in the archive: those from %s on are",
               moment(arena, first->begin_us));
}

/* The latest that begins at or before the moment. */
static Err choose(Arena *arena, const char *archive, int64_t at_us, Choice *out)
{
    Chain *chains;
    size_t count;

    TRY(chain_list(arena, archive, &chains, &count));
    if (count == 0)
        return err(INVALID, "%.100s: no archive of a database, or nothing is in it yet", archive);
    if (chains[0].begin_us > at_us)
        return too_early(arena, &chains[0]);
    size_t i = count - 1;
    while (chains[i].begin_us > at_us)
        i--;
    *out = (Choice){chains[i], i + 1 < count ? &chains[i + 1] : NULL};
    return OK;
}

/* Behind its last commit nobody knows what was until a chain begins that says it is behind a gap. */
static Err check_gap(const Restoring *restoring, const Choice *choice)
{
    if (restoring->is_over || choice->next == NULL || !choice->next->is_gap ||
        restoring->at_us == restoring->restored.commit_us)
        return OK;
    return err(UNPROCESSABLE, "the archive has a gap there: moments until %s and from %s on can be had",
               moment(restoring->arena, restoring->restored.commit_us),
               moment(restoring->arena, choice->next->begin_us));
}

/* ---- the base */

static Err copy_base(const Restoring *restoring, const char *base)
{
    AUTO_CLOSE int from = open(base, O_RDONLY | O_CLOEXEC);
    struct stat found;

    if (from < 0 || fstat(from, &found) != 0)
        return file_error(base);
    AUTO_CLOSE int to = open(restoring->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, PRIVATE);
    if (to < 0)
        return errno == EEXIST
                   ? err(CONFLICT, "%.120s is there already: nothing is restored over it", restoring->path)
                   : file_error(restoring->path);
    return segment_copy(from, 0, found.st_size, to, 0);
}

static Err check_base_term(const char *base, int64_t *until_s)
{
    TRY(sql_backup_until(base, until_s));
    return sql_check_term("a chain of an archive", *until_s * US_PER_S);
}

/* ---- a generation of the log */

static Err damaged(const Restoring *restoring, const char *what, int64_t until_us)
{
    return err(UNPROCESSABLE, "%s: moments until %s can be had", what, moment(restoring->arena, until_us));
}

static void remove_log(const Restoring *restoring)
{
    (void)unlink(restoring->log_path);
    (void)unlink(str_format(restoring->arena, "%s-shm", restoring->path).data);
}

/* SQLite stops at the first frame whose checksum isn't right: all must have been taken in, and be in the file now. */
static Err take_in(const Restoring *restoring, Connection *connection)
{
    int64_t tables;
    int frames = 0, written = 0;

    TRY(connection_get_int(connection, "SELECT count(*) FROM sqlite_master", &tables));
    int code = sqlite3_wal_checkpoint_v2(connection->db, NULL, SQLITE_CHECKPOINT_FULL, &frames, &written);
    if (code != SQLITE_OK)
        return connection_error(connection, code, "take in a log");
    return (uint64_t)frames == restoring->frames && written == frames
               ? OK
               : damaged(restoring, "a segment is damaged, as its checksums say", restoring->before_us);
}

static Err apply_log(Restoring *restoring)
{
    Connection connection;

    if (restoring->log < 0)
        return OK;
    file_close(&restoring->log);
    Err e = connection_open(&connection, restoring->path, SQLITE_OPEN_READWRITE, "PRAGMA synchronous = OFF");
    if (!failed(&e))
        e = take_in(restoring, &connection);
    connection_close(&connection);
    remove_log(restoring);
    return e;
}

static Err begin_log(Restoring *restoring, const SegmentHead *head, int64_t before_us)
{
    TRY(apply_log(restoring));
    restoring->log = open(restoring->log_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, PRIVATE);
    if (restoring->log < 0)
        return file_error(restoring->log_path);
    memcpy(restoring->salts, head->salts, sizeof restoring->salts);
    restoring->frames = 0;
    restoring->before_us = before_us;
    return OK;
}

/* ---- segments */

/* The last frame that is wanted; 0: none. */
static uint64_t last_wanted(Restoring *restoring, const Segment *segment)
{
    uint64_t last = 0;

    for (uint32_t i = 0; i < segment->head.commits && !restoring->is_over; i++) {
        restoring->is_over = segment->commits[i].time_us > restoring->at_us;
        if (!restoring->is_over) {
            last = segment->commits[i].frame;
            restoring->restored.commit_us = segment->commits[i].time_us;
            restoring->restored.commits++;
        }
    }
    return last;
}

static Err add_segment(Restoring *restoring, const Segment *segment, int file)
{
    const SegmentHead *head = &segment->head;
    bool goes_on = restoring->log >= 0 && memcmp(head->salts, restoring->salts, sizeof head->salts) == 0;

    int64_t before_us = restoring->restored.commit_us;

    if (head->first != (goes_on ? restoring->frames + 1 : 1))
        return damaged(restoring, "a segment doesn't follow the one before", restoring->restored.commit_us);
    uint64_t last = last_wanted(restoring, segment);
    if (last == 0)
        return OK;
    if (!goes_on)
        TRY(begin_log(restoring, head, before_us));
    TRY(segment_append(segment, file, last, restoring->log));
    restoring->frames = last;
    return OK;
}

static Err name_segment(const Restoring *restoring, const char *path, Err e)
{
    AUTO_ARENA Arena arena = {0};

    if (e.code != INVALID && e.code != TOO_LARGE)
        return e;
    const char *what = str_format(&arena, "%.60s: %.60s", strrchr(path, '/') + 1, e.message).data;
    return damaged(restoring, what, restoring->restored.commit_us);
}

static Err read_segment(Restoring *restoring, const char *path)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_CLOSE int file = -1;
    Segment segment;

    Err e = segment_open(&arena, path, &segment, &file);
    restoring->is_over = e.code == TOO_LARGE && segment.commits[0].time_us > restoring->at_us;
    if (restoring->is_over)
        return OK; /* whatever became of it */
    return failed(&e) ? name_segment(restoring, path, e) : add_segment(restoring, &segment, file);
}

/* One that is missing within is damage; behind the last there is none. */
static Err read_segments(Restoring *restoring, const char *chain)
{
    size_t count;

    TRY(chain_count_segments(chain, &count));
    for (size_t i = 1; i <= count && !restoring->is_over; i++) {
        AUTO_ARENA Arena arena = {0};
        Err e = read_segment(restoring, chain_segment(&arena, chain, (int64_t)i));
        if (e.code == NOT_FOUND)
            return damaged(restoring, "a segment is missing", restoring->restored.commit_us);
        TRY(e);
    }
    return OK;
}

/* ---- all of it */

static int take_verdict(void *context, int count, char **values, char **names)
{
    char *verdict = context;

    (void)names;
    if (count > 0 && values[0] != NULL && verdict[0] == '\0')
        (void)snprintf(verdict, ERR_TEXT, "%s", values[0]);
    return 0;
}

static Err check_whole(Connection *connection)
{
    char verdict[ERR_TEXT] = "";

    int code = sqlite3_exec(connection->db, "PRAGMA integrity_check(1)", take_verdict, verdict, NULL);
    if (code != SQLITE_OK)
        return connection_error(connection, code, "integrity check");
    return strcmp(verdict, "ok") == 0
               ? OK
               : err(UNPROCESSABLE, "what was restored isn't sound (%.60s): the archive is damaged", verdict);
}

/* It may be opened as long as what it was made of: what people have had deleted since would come back. */
static Err finish(const Restoring *restoring, int64_t until_s)
{
    enum { MINUTE_S = 60 };
    Connection connection;
    char mark[64];

    (void)snprintf(mark, sizeof mark, "PRAGMA user_version = %lld", (long long)(until_s / MINUTE_S));
    Err e = connection_open(&connection, restoring->path, SQLITE_OPEN_READWRITE, "PRAGMA synchronous = FULL");
    if (!failed(&e))
        e = check_whole(&connection);
    if (!failed(&e))
        e = connection_script(&connection, mark);
    connection_close(&connection); /* writes its log back */
    return e;
}

static Err restore(Restoring *restoring, const char *archive)
{
    Choice choice = {0};
    int64_t until_s;

    TRY(choose(restoring->arena, archive, restoring->at_us, &choice));
    const char *base = chain_base(restoring->arena, choice.chain.path);
    TRY(check_base_term(base, &until_s));
    restoring->restored.commit_us = choice.chain.begin_us;
    TRY(copy_base(restoring, base));
    TRY(read_segments(restoring, choice.chain.path));
    TRY(check_gap(restoring, &choice));
    TRY(apply_log(restoring));
    TRY(finish(restoring, until_s));
    return segment_sync_folder(restoring->path);
}

Err sql_restore(const char *archive, int64_t at_us, const char *path, SqlRestored *out)
{
    AUTO_ARENA Arena arena = {0};
    Restoring restoring = {.arena = &arena,
                           .path = path,
                           .log_path = str_format(&arena, "%s-wal", path).data,
                           .at_us = at_us,
                           .log = -1};
    Err e = restore(&restoring, archive);

    file_close(&restoring.log);
    *out = restoring.restored;
    return e;
}
