#include "services/auth/accounts/merge.h"

#include "base/log.h"
#include "services/auth/ages_sql.h"
#include "services/auth/merges_sql.h"
#include "services/auth/privacy/belongings.h"
#include "services/auth/sign_ins/sign_ins.h"
#include "services/auth/tell.h"

/* A try that failed doubles what the next one waits. What can't be reached is never far from being tried again, and for ever; what is
 * refused is given up after as many times, which is a quarter of an hour. */
enum { MOST_DUE = 20, WAIT_S = 3, MOST_WAIT_S = 30, MOST_REFUSED_WAIT_S = 600, MOST_REFUSALS = 9 };

/* ---- noting it */

typedef struct Merging {
    const Auth *auth;
    Arena *arena;
    MergesSqlMerge merge;
    int64_t taken; /* 0: somebody has, or it is no guest */
} Merging;

static Err note(void *context, Tx *tx)
{
    Merging *merging = context;
    const MergesSqlMerge *merge = &merging->merge;
    AuditEvent event = {STR("guest-merged"), merge->user_id, merge->user_id, merge->guest_id};

    TRY(merges_sql_take_guest(tx, merge->guest_id, &merging->taken));
    if (merging->taken == 0)
        return OK;
    TRY(ages_sql_move(tx, merge->guest_id, merge->user_id, NULL));
    TRY(ages_sql_erase(tx, merge->guest_id, NULL)); /* who had one keeps it */
    TRY(merges_sql_add(tx, merge->guest_id, merge->user_id, merge->begun_us, NULL));
    TRY(tell_merged(merging->auth, tx, merging->arena, merge->user_id, merge->guest_id));
    return audit_add(tx, merging->arena, merge->begun_us, &event);
}

/* ---- moving */

typedef struct Moved {
    Str guest_id;
    int64_t now_us;
    bool is_last;
} Moved;

static Err note_moved(void *context, Tx *tx)
{
    const Moved *moved = context;

    return moved->is_last ? merges_sql_drop(tx, moved->guest_id, NULL)
                          : merges_sql_note_moved(tx, moved->guest_id, moved->now_us, NULL);
}

/* ---- what can't be moved now */

typedef struct PuttingOff {
    MergesSqlMerge merge;
    int64_t next_us;
    int64_t parked_us;
    Str reason;
} PuttingOff;

static Err note_failed(void *context, Tx *tx)
{
    const PuttingOff *late = context;

    return merges_sql_note_failed(tx, late->merge.guest_id, late->merge.tries, late->merge.refusals,
                                  late->next_us, late->parked_us, late->reason, NULL);
}

static bool is_for_now(const Err *why)
{
    return why->code == UNAVAILABLE || why->code == TIMED_OUT || why->code == LIMITED;
}

static int64_t wait_s(int64_t tries, int64_t most_s)
{
    int64_t wait = WAIT_S;

    for (int64_t i = 1; i < tries && wait < most_s; i++)
        wait *= 2;
    return wait < most_s ? wait : most_s;
}

static Err put_off(const Auth *auth, const MergesSqlMerge *merge, const Err *why)
{
    int64_t now_us = auth_now_us(auth);
    PuttingOff late = {.merge = *merge, .reason = str_from(why->message)};
    bool is_refused = !is_for_now(why);

    late.merge.tries++;
    late.merge.refusals += is_refused;
    late.next_us =
        now_us + wait_s(late.merge.tries, is_refused ? MOST_REFUSED_WAIT_S : MOST_WAIT_S) * US_PER_S;
    late.parked_us = late.merge.refusals >= MOST_REFUSALS ? now_us : 0;
    log_warn(late.parked_us > 0 ? "what a guest did can't be brought along: nerdx doctor names it"
                                : "what a guest did waits to be brought along",
             log_err(why));
    return sql_transact(auth->sql, note_failed, &late);
}

/* Each step may have been done before, by another node, too: then it finds nothing. */
static Err move(const Auth *auth, Arena *arena, const MergesSqlMerge *merge, GuestMerged *out)
{
    Moved moved = {.guest_id = merge->guest_id, .now_us = auth_now_us(auth)};
    Call call = {.arena = arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    int64_t ended;

    TRY(sign_in_end_all(auth, arena, merge->guest_id, STR("merged"), &ended));
    TRY(belongings_move(auth, &call, merge->guest_id, merge->user_id, out));
    moved.is_last = merge->begun_us < moved.now_us - (int64_t)MERGE_LATE_S * US_PER_S;
    return sql_transact(auth->sql, note_moved, &moved);
}

Err merge_guest_of(const Auth *auth, Call *call, Str guest_id, Str user_id, const GuestMerged **out)
{
    Merging merging = {auth, call->arena, {guest_id, user_id, auth_now_us(auth), 0, 0}, 0};
    GuestMerged *merged = arena_new(call->arena, GuestMerged);

    *out = NULL;
    TRY(sql_transact(auth->sql, note, &merging));
    if (merging.taken == 0)
        return OK;
    Err e = move(auth, call->arena, &merging.merge, merged);
    if (failed(&e))
        TRY(put_off(auth, &merging.merge, &e));
    merged->guest_id = guest_id;
    merged->state = failed(&e) ? GUEST_MERGED_STATE_LATER : GUEST_MERGED_STATE_DONE;
    *out = merged;
    return OK;
}

Err merge_guest(const Auth *auth, Call *call, Str user_id, const GuestMerged **out)
{
    *out = NULL;
    if (call->identity.kind != IDENTITY_GUEST || str_equal(call->identity.subject, user_id))
        return OK;
    return merge_guest_of(auth, call, call->identity.subject, user_id, out);
}

/* ---- later */

Err merge_go_on(const Auth *auth)
{
    AUTO_ARENA Arena arena = {0};
    MergesSqlMerge *due;
    size_t count;

    arena_init(&arena);
    if (auth->agents == NULL) /* a node that has them will */
        return OK;
    int64_t now_us = auth_now_us(auth);
    TRY(merges_sql_list_due(auth->sql, NULL, &arena, now_us, now_us - (int64_t)MERGE_LATE_S * US_PER_S,
                            MOST_DUE, &due, &count));
    for (size_t i = 0; i < count; i++) {
        GuestMerged ignored;
        Err e = move(auth, &arena, &due[i], &ignored);
        if (failed(&e))
            TRY(put_off(auth, &due[i], &e));
    }
    return OK;
}

static Err unpark(void *context, Tx *tx)
{
    (void)context;
    return merges_sql_try_parked_again(tx, MOST_REFUSALS - 1, NULL);
}

Err merge_try_parked(const Auth *auth)
{
    return sql_transact(auth->sql, unpark, NULL);
}

Err merge_check(Sql *sql, Arena *arena)
{
    MergesSqlListParked *rows;
    int64_t parked;
    size_t count;

    TRY(merges_sql_count_parked(sql, NULL, &parked));
    if (parked == 0)
        return OK;
    TRY(merges_sql_list_parked(sql, NULL, arena, 1, &rows, &count));
    return err(CONFLICT,
               "guests whose history can't become their account's: %lld; the first is %.*s: %.*s "
               "(tried again when nerdx starts)",
               (long long)parked, STR_ARG(rows[0].guest_id), STR_ARG(rows[0].reason));
}

Err merge_erase(const Auth *auth, Arena *arena, Str user_id)
{
    MergesSqlMerge *rows;
    size_t count;

    TRY(merges_sql_list_of(auth->sql, NULL, arena, user_id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        Call call = {.arena = arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
        call.identity.subject = rows[i].guest_id;
        TRY(belongings_erase(auth, &call));
    }
    return OK;
}
