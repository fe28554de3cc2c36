/* Group commit. One thread at a time has the turn: it runs its transaction as a SAVEPOINT within the group's
 * transaction. When it is done and others wait, it runs the work they wait with, or hands the turn to one who wants it
 * for itself (sql_begin), and waits for the group's end; who finds nobody waiting commits for all. So a lone writer
 * pays one fsync, and sixty-four together pay one, too.
 * Flat combining: D. Hendler, I. Incze, N. Shavit, M. Tzafrir, SPAA 2010. */
#include "base/log.h"
#include "base/memory.h"
#include "stores/sql/sqlite.h"

enum { GROUP_MAX_AGE_MS = 50 }; /* how long the first member may wait for others to join */

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

static Err too_busy(void)
{
    return err_retry_after(err(UNAVAILABLE, "the database is busy writing; try again"), 1);
}

/* --- the group: what the turn's owner does with it --- */

static void join_group(Database *database, Waiter *waiter)
{
    waiter->next = database->group.members;
    database->group.members = waiter;
    database->group.count++;
}

/* In a settlement nobody sleeps: the call goes on, and its answer waits. */
static void join_unsettled(Database *database, Settlement *settlement)
{
    Group *group = &database->group;

    assert(group->owed_count < GROUP_MAX_MEMBERS);
    settlement_owe(settlement);
    group->owed[group->owed_count++] = settlement;
    group->count++;
}

static void end_group(Database *database, Err result)
{
    Group *group = &database->group;
    Waiter *member = group->members;

    for (int i = 0; i < group->owed_count; i++)
        settlement_pay(group->owed[i], result);
    *group = (Group){0};
    archive_leave_group(database->archive);
    while (member) {
        Waiter *next = member->next; /* before the member can leave */
        waiter_finish(member, result);
        member = next;
    }
}

static Err begin_transaction(Database *database)
{
    if (database->unclean)
        TRY(wal_clean(database));
    return run(database, &BEGIN);
}

static Err begin_group(Database *database)
{
    archive_enter_group(database->archive);
    Err e = begin_transaction(database);
    if (failed(&e)) {
        archive_leave_group(database->archive);
        return e;
    }
    database->group.is_open = true;
    database->group.begun_ms = now_ms();
    return OK;
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
        (void)wal_clean(database); /* if it fails, the next group tries again before it begins */
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
        waiter_finish(waiter, e);
    else
        join_group(database, waiter);
}

/* --- the end of a turn --- */

static bool is_open_for_more(const Group *group)
{
    return group->is_open && group->count < GROUP_MAX_MEMBERS &&
           (group->count == 0 || now_ms() - group->begun_ms < GROUP_MAX_AGE_MS);
}

static void finish_group(Database *database)
{
    if (database->group.is_open) {
        end_group(database, commit_all(database));
        wal_checkpoint_if_due(database); /* the members needn't wait for it */
    }
    turn_pass(&database->turn);
}

/* Returns when the thread's calls are settled, by this commit or another's, however long its turn takes. */
static void settle_group(void *context)
{
    Database *database = context;
    Waiter waiter = {0};

    while (turn_take(&database->turn, &waiter) == NONE)
        log_warn("a commit waits long for the writer's turn");
    finish_group(database);
}

/* While the group is open for more: does the work of those who wait, or gives the turn to one who wants it.
 * Otherwise commits for all, and the next turn begins a new group. In a settlement the group stays open: the
 * thread's next call may join it, and settle_all sees to its end. */
static void leave_turn(Database *database)
{
    bool in_settlement = settlement_of_thread() != NULL;
    Waiter *next;

    if (in_settlement)
        settle_later(settle_group, database);
    while (is_open_for_more(&database->group) && (next = turn_next(&database->turn)) != NULL) {
        if (!next->work) {
            turn_give(&database->turn, next);
            return;
        }
        do_work_and_join(database, next);
    }
    if (in_settlement && is_open_for_more(&database->group))
        turn_pass(&database->turn);
    else
        finish_group(database);
}

/* --- the interface --- */

/* In a settlement the thread takes the turn itself: who did its work for it could wake it only after the commit. */
static Err transact_here(Sql *sql, SqlWorkFn work, void *context)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sql, &tx));
    TRY(work(context, tx));
    return sql_commit(&tx);
}

static Err transact_or_wait(Sql *sql, SqlWorkFn work, void *context)
{
    Database *database = (Database *)sql;
    Waiter waiter = {.work = work, .context = context};
    News news = turn_take(&database->turn, &waiter);

    if (news == NONE)
        return too_busy();
    if (news == TURN) {
        atomic_store_explicit(&waiter.news, NONE, memory_order_relaxed);
        do_work_and_join(database, &waiter);
        leave_turn(database);
        (void)waiter_wait(&waiter, NULL);
    }
    return waiter.result;
}

Err group_transact(Sql *sql, SqlWorkFn work, void *context)
{
    return settlement_of_thread() ? transact_here(sql, work, context) : transact_or_wait(sql, work, context);
}

Err group_begin(Sql *sql, Tx **out)
{
    Database *database = (Database *)sql;
    Waiter waiter = {0};
    Member *member;

    if (turn_take(&database->turn, &waiter) == NONE)
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
    Settlement *settlement = settlement_of_thread();
    Waiter waiter = {0};
    Err e = end_member(database, (Member *)tx);

    memory_free(tx);
    if (!failed(&e) && settlement)
        join_unsettled(database, settlement);
    else if (!failed(&e))
        join_group(database, &waiter);
    leave_turn(database);
    if (failed(&e) || settlement)
        return e;
    (void)waiter_wait(&waiter, NULL);
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
    assert(turn_is_mine(&database->turn));
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
