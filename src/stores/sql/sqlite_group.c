/* Group commit. One thread at a time has the turn: it runs its transaction as a SAVEPOINT within the group's
 * transaction. When it is done and others wait, it runs the work they wait with, or hands the turn to one who wants it
 * for itself (sql_begin), and waits for the group's end; who finds nobody waiting commits for all. So a lone writer
 * pays one fsync, and sixty-four together pay one, too.
 * Flat combining: D. Hendler, I. Incze, N. Shavit, M. Tzafrir, SPAA 2010. */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "stores/sql/sqlite.h"

enum {
    GROUP_MAX_MEMBERS = 256,
    GROUP_MAX_AGE_MS = 50,    /* how long the first member may wait for others to join */
    CHECKPOINT_FRAMES = 8192, /* of 4 KiB: checkpoint when the log has 32 MiB more than after the last one */
    MAX_WAL_FRAMES = 32768,   /* then wait for readers, so that the log starts again from its beginning */
    RESTART_WAIT_MS = 200,
};

/* On the stack of a thread that waits: for its turn, then for the end of its group. */
struct Waiter {
    Waiter *next;
    pthread_t thread;
    SqlWorkFn work; /* NULL: wants the turn for itself */
    void *context;
    bool queued; /* guarded by the mutex */
    Err result;  /* set before DONE */
    atomic_int news;
};

typedef enum News { NONE, TURN, DONE } News;

typedef struct Member {
    Tx tx;
    Err failure; /* of a statement; the transaction can then only be rolled back */
    bool lost;   /* SQLite rolled back the whole group */
} Member;

static const SqlStatement BEGIN = {.name = "begin", .sqlite = "BEGIN IMMEDIATE"};
static const SqlStatement SAVEPOINT = {.name = "savepoint", .sqlite = "SAVEPOINT member"};
static const SqlStatement RELEASE = {.name = "release", .sqlite = "RELEASE member"};
static const SqlStatement ROLLBACK_TO = {.name = "rollback to", .sqlite = "ROLLBACK TO member"};
static const SqlStatement COMMIT = {.name = "commit", .sqlite = "COMMIT"};
static const SqlStatement MAKE_NOISE = {
    .name = "make noise", .sqlite = "CREATE TABLE noise AS SELECT hex(randomblob(16)) AS noise"};
static const SqlStatement ROLLBACK = {.name = "rollback", .sqlite = "ROLLBACK"};

static Database *database_of(Tx *tx)
{
    return (Database *)tx->sql;
}

static Err run(Database *database, const SqlStatement *statement)
{
    return connection_run(&database->writer, statement, NULL, NULL, NULL, NULL);
}

/* --- waiting: by futex, since a condition variable would wake each thread twice, for itself and for the mutex --- */

/* NONE when until (monotonic) has passed first; NULL waits for good. */
static News wait_for_news(Waiter *waiter, const struct timespec *until)
{
    int news;

    while ((news = atomic_load_explicit(&waiter->news, memory_order_acquire)) == NONE) {
        long result = syscall(SYS_futex, &waiter->news, FUTEX_WAIT_BITSET_PRIVATE, NONE, until, NULL,
                              FUTEX_BITSET_MATCH_ANY);
        if (result != 0 && errno == ETIMEDOUT)
            return (News)atomic_load_explicit(&waiter->news, memory_order_acquire);
    }
    return (News)news;
}

/* The waiter may be gone as soon as it can know: waking an address nobody waits at is harmless. */
static void tell(Waiter *waiter, News news)
{
    atomic_store_explicit(&waiter->news, (int)news, memory_order_release);
    (void)syscall(SYS_futex, &waiter->news, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void finish(Waiter *waiter, Err result)
{
    waiter->result = result;
    tell(waiter, DONE);
}

/* --- the turn --- */

static void remove_waiter(Database *database, Waiter *waiter)
{
    Waiter *before = NULL;

    for (Waiter *w = database->first_waiter; w != waiter; w = w->next)
        before = w;
    if (before)
        before->next = waiter->next;
    else
        database->first_waiter = waiter->next;
    if (database->last_waiter == waiter)
        database->last_waiter = before;
    waiter->queued = false;
}

static void add_waiter(Database *database, Waiter *waiter)
{
    if (database->last_waiter)
        database->last_waiter->next = waiter;
    else
        database->first_waiter = waiter;
    database->last_waiter = waiter;
    waiter->queued = true;
}

/* Takes the turn, or queues for it. */
static bool turn_is_free(Database *database, Waiter *waiter)
{
    pthread_mutex_lock(&database->mutex);
    bool is_free = !database->turn_taken;
    if (is_free) {
        database->turn_taken = true;
        database->turn_owner = waiter->thread;
    } else {
        assert(!pthread_equal(database->turn_owner, waiter->thread)); /* a transaction within a transaction */
        add_waiter(database, waiter);
    }
    pthread_mutex_unlock(&database->mutex);
    return is_free;
}

/* False when the turn is already on its way. */
static bool give_up(Database *database, Waiter *waiter)
{
    pthread_mutex_lock(&database->mutex);
    bool queued = waiter->queued;
    if (queued)
        remove_waiter(database, waiter);
    pthread_mutex_unlock(&database->mutex);
    return queued;
}

/* TURN, DONE when another has run the waiter's work, or NONE when it took too long. */
static News take_turn(Database *database, Waiter *waiter)
{
    struct timespec until;

    waiter->thread = pthread_self();
    if (turn_is_free(database, waiter))
        return TURN;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += SQL_TURN_TIMEOUT_MS / 1000;
    News news = wait_for_news(waiter, &until);
    if (news == NONE && !give_up(database, waiter))
        news = wait_for_news(waiter, NULL);
    return news;
}

static Err too_busy(void)
{
    return err_retry_after(err(UNAVAILABLE, "the database is busy writing; try again"), 1);
}

/* The first who waits, or NULL. */
static Waiter *pop_waiter(Database *database)
{
    pthread_mutex_lock(&database->mutex);
    Waiter *next = database->first_waiter;
    if (next)
        remove_waiter(database, next);
    pthread_mutex_unlock(&database->mutex);
    return next;
}

static void give_turn(Database *database, Waiter *next)
{
    pthread_mutex_lock(&database->mutex);
    database->turn_owner = next->thread;
    pthread_mutex_unlock(&database->mutex);
    tell(next, TURN);
}

/* The turn is never free while someone waits. */
static void pass_turn(Database *database)
{
    pthread_mutex_lock(&database->mutex);
    Waiter *next = database->first_waiter;
    if (next) {
        remove_waiter(database, next);
        database->turn_owner = next->thread;
    }
    database->turn_taken = next != NULL;
    pthread_mutex_unlock(&database->mutex);
    if (next)
        tell(next, TURN);
}

/* --- the group: what the turn's owner does with it --- */

static void join_group(Database *database, Waiter *waiter)
{
    waiter->next = database->group.members;
    database->group.members = waiter;
    database->group.count++;
}

static void end_group(Database *database, Err result)
{
    Waiter *member = database->group.members;

    database->group = (Group){0};
    while (member) {
        Waiter *next = member->next; /* before the member can leave */
        finish(member, result);
        member = next;
    }
}

/* Takes the frames of a failed COMMIT out of the log, for a crash could bring them back: when its fsync fails they
 * have been written, with their commit mark. Frames that are spilled without a commit overwrite the first of them, and
 * what follows no longer fits the running checksum (https://www.sqlite.org/fileformat2.html, 4.1). The noise makes
 * sure that they differ. This needs no fsync, so it works while the disk refuses them. */
static Err clean_log(Database *database)
{
    TRY(run(database, &BEGIN));
    Err e = run(database, &MAKE_NOISE);
    int code = failed(&e) ? SQLITE_OK : sqlite3_db_cacheflush(database->writer.db);
    if (code != SQLITE_OK)
        e = connection_error(&database->writer, code, "clean the log after a failed commit");
    if (!sqlite3_get_autocommit(database->writer.db))
        (void)run(database, &ROLLBACK);
    database->unclean = failed(&e);
    return e;
}

static Err begin_group(Database *database)
{
    if (database->unclean)
        TRY(clean_log(database));
    TRY(run(database, &BEGIN));
    database->group = (Group){.is_open = true, .begun_ms = now_ms()};
    return OK;
}

/* While readers never pause, the log can only start again when someone waits for those who read now. */
static int restart_log(sqlite3 *db)
{
    sqlite3_busy_timeout(db, RESTART_WAIT_MS);
    int code = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    sqlite3_busy_timeout(db, SQL_TURN_TIMEOUT_MS);
    return code;
}

static void checkpoint_if_due(Database *database)
{
    sqlite3 *db = database->writer.db;

    if (database->wal_frames < database->checkpoint_at)
        return;
    int code = database->wal_frames < MAX_WAL_FRAMES
                   ? sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL)
                   : restart_log(db);
    if (code !=
        SQLITE_OK) { /* nothing is lost: the log stays, and the next try is due after as many frames more */
        Err e = connection_error(&database->writer, code, "checkpoint");
        log_warn("the database's log could not be written back", log_err(&e),
                 log_int("frames", database->wal_frames));
    }
    database->checkpoint_at = database->wal_frames + CHECKPOINT_FRAMES;
}

static int note_frames(void *context, sqlite3 *db, const char *name, int frames)
{
    Database *database = context;

    (void)db;
    (void)name;
    if (frames < database->wal_frames)
        database->checkpoint_at = CHECKPOINT_FRAMES; /* the log began again */
    database->wal_frames = frames;
    return SQLITE_OK;
}

void group_count_frames(Database *database)
{
    database->checkpoint_at = CHECKPOINT_FRAMES;
    sqlite3_wal_hook(database->writer.db, note_frames, database);
}

static Err commit_all(Database *database)
{
    if (database->group.count == 0)
        return run(database, &ROLLBACK);

    Err e = run(database, &COMMIT);

    if (failed(&e)) {
        database->unclean = true;
        if (!sqlite3_get_autocommit(database->writer.db))
            (void)run(database, &ROLLBACK);
        (void)clean_log(database); /* if it fails, the next group tries again before it begins */
    }
    return e;
}

/* --- a member's transaction --- */

/* After an error: on a full disk or a failed write SQLite rolls back everything, not just the statement. */
static void note_failure(Database *database, Member *member, Err failure)
{
    member->failure = failure;
    if (sqlite3_get_autocommit(database->writer.db)) {
        member->lost = true;
        end_group(database, failure);
    }
}

static void undo(Database *database, Member *member)
{
    if (member->lost)
        return;
    Err e = run(database, &ROLLBACK_TO);
    if (!failed(&e))
        e = run(database, &RELEASE);
    if (failed(&e)) { /* nobody can tell what is in the group now */
        (void)run(database, &ROLLBACK);
        end_group(database, e);
    }
}

static Err begin_member(Database *database, Member *member)
{
    *member = (Member){.tx.sql = &database->sql};
    if (!database->group.is_open)
        TRY(begin_group(database));
    return run(database, &SAVEPOINT);
}

/* After it the member is one of the group, or undone. */
static Err end_member(Database *database, Member *member)
{
    if (!failed(&member->failure)) {
        Err e = run(database, &RELEASE);
        if (failed(&e))
            note_failure(database, member, e);
    }
    if (failed(&member->failure))
        undo(database, member);
    return member->failure;
}

static Err do_work(Database *database, const Waiter *waiter)
{
    Member member;

    TRY(begin_member(database, &member));
    Err e = waiter->work(waiter->context, &member.tx);
    if (failed(&e)) {
        undo(database, &member);
        return e;
    }
    return end_member(database, &member);
}

/* Tells the waiter at once when its work failed; otherwise when the group ends. */
static void do_work_and_join(Database *database, Waiter *waiter)
{
    Err e = do_work(database, waiter);

    if (failed(&e))
        finish(waiter, e);
    else
        join_group(database, waiter);
}

/* --- the end of a turn --- */

static bool is_open_for_more(const Group *group)
{
    return group->is_open && group->count < GROUP_MAX_MEMBERS &&
           (group->count == 0 || now_ms() - group->begun_ms < GROUP_MAX_AGE_MS);
}

/* While the group is open for more: does the work of those who wait, or gives the turn to one who wants it.
 * Otherwise commits for all, and the next turn begins a new group. */
static void leave_turn(Database *database)
{
    Waiter *next;

    while (is_open_for_more(&database->group) && (next = pop_waiter(database)) != NULL) {
        if (!next->work) {
            give_turn(database, next);
            return;
        }
        do_work_and_join(database, next);
    }
    if (database->group.is_open) {
        end_group(database, commit_all(database));
        checkpoint_if_due(database); /* the members needn't wait for it */
    }
    pass_turn(database);
}

/* --- the interface --- */

Err group_transact(Sql *sql, SqlWorkFn work, void *context)
{
    Database *database = (Database *)sql;
    Waiter waiter = {.work = work, .context = context};
    News news = take_turn(database, &waiter);

    if (news == NONE)
        return too_busy();
    if (news == TURN) {
        atomic_store_explicit(&waiter.news, NONE, memory_order_relaxed);
        do_work_and_join(database, &waiter);
        leave_turn(database);
        (void)wait_for_news(&waiter, NULL);
    }
    return waiter.result;
}

Err group_begin(Sql *sql, Tx **out)
{
    Database *database = (Database *)sql;
    Waiter waiter = {0};
    Member *member;

    if (take_turn(database, &waiter) == NONE)
        return too_busy();
    member = memory_new(Member);
    Err e = begin_member(database, member);
    if (failed(&e)) {
        memory_free(member);
        leave_turn(database);
        return e;
    }
    *out = &member->tx;
    return OK;
}

Err group_commit(Tx *tx)
{
    Database *database = database_of(tx);
    Waiter waiter = {0};
    Err e = end_member(database, (Member *)tx);

    memory_free(tx);
    if (!failed(&e))
        join_group(database, &waiter);
    leave_turn(database);
    if (failed(&e))
        return e;
    (void)wait_for_news(&waiter, NULL);
    return waiter.result;
}

void group_rollback(Tx *tx)
{
    Database *database = database_of(tx);

    undo(database, (Member *)tx);
    memory_free(tx);
    leave_turn(database);
}

Err group_write(Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                void *context, int64_t *changed)
{
    Database *database = database_of(tx);
    Member *member = (Member *)tx;

    if (failed(&member->failure))
        return member->failure;
    assert(pthread_equal(database->turn_owner, pthread_self()));
    Err e = connection_run(&database->writer, statement, parameters, on_row, context, changed);
    if (failed(&e))
        note_failure(database, member, e);
    return e;
}

Err group_script(Tx *tx, const char *text)
{
    Database *database = database_of(tx);
    Member *member = (Member *)tx;

    if (failed(&member->failure))
        return member->failure;
    Err e = connection_script(&database->writer, text);
    if (failed(&e))
        note_failure(database, member, e);
    return e;
}
