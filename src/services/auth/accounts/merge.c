#include "services/auth/accounts/merge.h"

#include "base/log.h"
#include "services/auth/ages_sql.h"
#include "services/auth/merges_sql.h"
#include "services/auth/privacy/belongings.h"
#include "services/auth/sign_ins/sign_ins.h"

enum { MOST_DUE = 20 };

/* ---- noting it */

typedef struct Merging {
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
    Merging merging = {call->arena, {guest_id, user_id, auth_now_us(auth)}, 0};
    GuestMerged *merged = arena_new(call->arena, GuestMerged);

    *out = NULL;
    TRY(sql_transact(auth->sql, note, &merging));
    if (merging.taken == 0)
        return OK;
    Err e = move(auth, call->arena, &merging.merge, merged);
    if (failed(&e))
        log_warn("what a guest did waits to be brought along", log_err(&e));
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
    TRY(merges_sql_list_due(auth->sql, NULL, &arena, auth_now_us(auth) - (int64_t)MERGE_LATE_S * US_PER_S,
                            MOST_DUE, &due, &count));
    for (size_t i = 0; i < count; i++) {
        GuestMerged ignored;
        Err e = move(auth, &arena, &due[i], &ignored);
        if (failed(&e))
            log_warn("what a guest did waits to be brought along", log_err(&e));
    }
    return OK;
}

Err merge_finish(const Auth *auth, Arena *arena, Str user_id)
{
    MergesSqlMerge *rows;
    size_t count;

    TRY(merges_sql_list_of(auth->sql, NULL, arena, user_id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        GuestMerged ignored;
        TRY(move(auth, arena, &rows[i], &ignored));
    }
    return OK;
}
