/* Group commit. One thread at a time has the turn: it runs its transaction as a SAVEPOINT within the group's
 * transaction. When it is done and others wait, it hands the turn over and waits for the group's end; the one
 * that finds nobody waiting commits for all. So a lone writer pays one fsync, and sixty-four together pay
 * one, too. */
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "stores/sql/sqlite.h"

enum {
    GROUP_MAX_MEMBERS = 256,
    GROUP_MAX_AGE_MS = 50,    /* how long the first member may wait for others to join */
    CHECKPOINT_FRAMES = 8192, /* of 4 KiB: checkpoint when the log has 32 MiB more than after the last one */
    MAX_WAL_FRAMES = 32768,   /* then wait for readers, so that the log starts again from its beginning */
};

struct Group {
    int members; /* committed, waiting for the end */
    int references;
    int64_t begun_ms;
    bool ended;
    Err result;
    pthread_cond_t end;
};

struct Waiter {
    Waiter *next;
    pthread_t thread;
    bool granted;
    pthread_cond_t turn;
};

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
static const SqlStatement ROLLBACK = {.name = "rollback", .sqlite = "ROLLBACK"};

static Database *database_of(Tx *tx)
{
    return (Database *)tx->sql;
}

static Err run(Database *database, const SqlStatement *statement)
{
    return connection_run(&database->writer, statement, NULL, NULL, NULL, NULL);
}

/* --- the turn --- */

static void remove_waiter(Database *database, const Waiter *waiter)
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
}

static void add_waiter(Database *database, Waiter *waiter)
{
    if (database->last_waiter)
        database->last_waiter->next = waiter;
    else
        database->first_waiter = waiter;
    database->last_waiter = waiter;
}

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

static bool wait_for_turn(Database *database)
{
    Waiter waiter = {.thread = pthread_self()};
    struct timespec until;
    int code = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += SQL_TURN_TIMEOUT_MS / 1000;
    init_condition(&waiter.turn);
    add_waiter(database, &waiter);
    while (!waiter.granted && code == 0)
        code = pthread_cond_timedwait(&waiter.turn, &database->mutex, &until);
    if (!waiter.granted)
        remove_waiter(database, &waiter);
    pthread_cond_destroy(&waiter.turn);
    return waiter.granted;
}

static Err take_turn(Database *database)
{
    bool granted = true;

    pthread_mutex_lock(&database->mutex);
    if (database->turn_taken) {
        assert(!pthread_equal(database->turn_owner, pthread_self())); /* a transaction within a transaction */
        granted = wait_for_turn(database);
    } else {
        database->turn_taken = true;
        database->turn_owner = pthread_self();
    }
    pthread_mutex_unlock(&database->mutex);
    if (!granted)
        return err_retry_after(err(UNAVAILABLE, "the database is busy writing; try again"), 1);
    return OK;
}

/* With the mutex held. The turn is never free while someone waits. */
static void pass_turn(Database *database)
{
    Waiter *next = database->first_waiter;

    database->turn_taken = next != NULL;
    if (next) {
        remove_waiter(database, next);
        database->turn_owner = next->thread;
        next->granted = true;
        pthread_cond_signal(&next->turn);
    }
}

/* --- the group --- */

static void release_group(Group *group)
{
    if (--group->references == 0) {
        pthread_cond_destroy(&group->end);
        memory_free(group);
    }
}

static void open_group(Database *database)
{
    Group *group = memory_new(Group);

    group->references = 1;
    group->begun_ms = now_ms();
    init_condition(&group->end);
    database->group = group;
}

/* With the mutex held. */
static void end_group(Database *database, Err result)
{
    Group *group = database->group;

    database->group = NULL;
    group->ended = true;
    group->result = result;
    pthread_cond_broadcast(&group->end);
    release_group(group);
}

static void end_group_now(Database *database, Err result)
{
    pthread_mutex_lock(&database->mutex);
    end_group(database, result);
    pthread_mutex_unlock(&database->mutex);
}

/* Takes the frames of a failed COMMIT out of the log, for a crash could bring them back: their fsync failed,
 * but the writes before it may be on the disk. Truncating keeps what was committed before. */
static Err clean_log(Database *database)
{
    int code = sqlite3_wal_checkpoint_v2(database->writer.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

    if (code != SQLITE_OK)
        return connection_error(&database->writer, code, "clean the log after a failed commit");
    database->unclean = false;
    return OK;
}

static Err begin_group(Database *database)
{
    if (database->unclean)
        TRY(clean_log(database));
    TRY(run(database, &BEGIN));
    open_group(database);
    return OK;
}

static void checkpoint_if_due(Database *database)
{
    if (database->wal_frames < database->checkpoint_at)
        return;
    int mode = database->wal_frames >= MAX_WAL_FRAMES ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    /* A failure loses nothing: the log stays, and the next one is due after as many frames more. */
    (void)sqlite3_wal_checkpoint_v2(database->writer.db, NULL, mode, NULL, NULL);
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
    if (database->group->members == 0)
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

/* The turn ends: to the next who waits, while the group is open for more; otherwise after the group's COMMIT.
 */
static void leave_turn(Database *database)
{
    pthread_mutex_lock(&database->mutex);
    Group *group = database->group;
    bool stays_open = group && database->first_waiter && group->members < GROUP_MAX_MEMBERS &&
                      (group->members == 0 || now_ms() - group->begun_ms < GROUP_MAX_AGE_MS);
    if (group && !stays_open) {
        pthread_mutex_unlock(&database->mutex);
        end_group_now(database, commit_all(database));
        checkpoint_if_due(database); /* the members needn't wait for it */
        pthread_mutex_lock(&database->mutex);
    }
    pass_turn(database);
    pthread_mutex_unlock(&database->mutex);
}

static Err wait_for_end(Database *database, Group *group)
{
    pthread_mutex_lock(&database->mutex);
    while (!group->ended)
        pthread_cond_wait(&group->end, &database->mutex);
    Err result = group->result;
    release_group(group);
    pthread_mutex_unlock(&database->mutex);
    return result;
}

/* --- the transaction --- */

/* After an error: on a full disk or a failed write SQLite rolls back everything, not just the statement. */
static void note_failure(Database *database, Member *member, Err failure)
{
    member->failure = failure;
    if (sqlite3_get_autocommit(database->writer.db)) {
        member->lost = true;
        end_group_now(database, failure);
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
        end_group_now(database, e);
    }
}

Err group_begin(Sql *sql, Tx **out)
{
    Database *database = (Database *)sql;

    TRY(take_turn(database));
    Err e = database->group ? OK : begin_group(database);
    if (!failed(&e))
        e = run(database, &SAVEPOINT);
    if (failed(&e)) {
        leave_turn(database);
        return e;
    }
    Member *member = memory_new(Member);
    member->tx.sql = sql;
    *out = &member->tx;
    return OK;
}

Err group_commit(Tx *tx)
{
    Database *database = database_of(tx);
    Member *member = (Member *)tx;

    if (!failed(&member->failure)) {
        Err e = run(database, &RELEASE);
        if (failed(&e))
            note_failure(database, member, e);
    }
    Err failure = member->failure;
    if (failed(&failure)) {
        group_rollback(tx);
        return failure;
    }
    Group *group = database->group; /* only the owner of the turn changes it */
    group->members++;
    group->references++;
    memory_free(member);
    leave_turn(database);
    return wait_for_end(database, group);
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
