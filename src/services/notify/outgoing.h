/* A notice on its way by a channel: once, and only when it may go. */
#ifndef NERDX_SERVICES_NOTIFY_OUTGOING_H
#define NERDX_SERVICES_NOTIFY_OUTGOING_H

#include "services/notify/core.h"
#include "services/notify/notify_sql.h"

/* The state of a row whose letter is still to go: note_delivery takes it up. */
#define OUTGOING_WAITING STR("waiting")
#define OUTGOING_OVER "over the day's"

typedef struct Outgoing Outgoing;

struct Outgoing {
    const Notify *notify;
    JobRun *run;
    Arena *arena;
    NoticeChannel channel;
    NotifySqlGetNotice notice;
    NotifySqlGetPerson person;
    Language language;
    Wording wording;
    int64_t now_us;
    int64_t due_us;    /* 0: now */
    const char *state; /* what its row says */
    Str address;       /* what it is known by; "" before it is */
    bool is_ours;      /* the row was written by this attempt */
    bool is_over;      /* it wasn't, for the day's cap */
    /* What sends it, in the transaction that ends it, unless it is over the day's cap; NULL: it was sent before, or isn't. */
    Err (*last)(const Outgoing *of, Tx *tx);
};

/* Adds the job that takes it that way, in the transaction that tells. Errors: those of the store. */
Err outgoing_add(const Notify *notify, Tx *tx, Arena *arena, NoticeChannel channel, Str notice_id,
                 int64_t due_us);

/* Of a job that outgoing_add added. found: false when its reader has deleted it. Errors: those of the store. */
Err outgoing_load(JobRun *run, NoticeChannel channel, Outgoing *out, bool *found);

/* Whether it may go, but for the day's cap: *state says why not, and is NULL when it may; due_us is when it is to be asked again. */
Err outgoing_check(Outgoing *of, const char **state);

/* Its row, before it is given away: is_ours is false where another attempt had got so far, or it is over the day's cap
 * (is_over), which is asked in the transaction that notes it: two at once don't pass it. And as one that waits: the row stays, so that no other
 * letter takes the notice along. */
Err outgoing_note(Outgoing *of, const char *state);
Err outgoing_take_back(Outgoing *of);

/* The end of its job, and what its row says of it; or it is put off until due_us. */
Err outgoing_end(Outgoing *of, const char *state);

#endif
