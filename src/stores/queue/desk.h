/* A worker's dealings with the queue: everything that is to be written goes in one transaction, a turn. No threads here: worker.c
 * has them, tests have what they please. */
#ifndef NERDX_STORES_QUEUE_DESK_H
#define NERDX_STORES_QUEUE_DESK_H

#include "stores/queue/inside.h"

enum { DESK_MOST = 256 /* jobs a turn, of each sort */, DESK_SWEEP_S = 5 };

/* One that runs here. */
typedef struct JobKeep {
    Str job_id;
    int64_t fence;
    int progress;
    Str message;
    bool is_lost; /* told by the turn: it is somebody else's */
} JobKeep;

typedef struct DeskTurn {
    const JobEnd *ends;
    size_t end_count;
    JobKeep *keeps;
    size_t keep_count;
    bool asks;   /* whether somebody has cancelled what this worker has */
    size_t most; /* to be taken */
    bool
        sweep; /* what the clock asks for: the lost, the expired, the calendar. Every DESK_SWEEP_S by some worker */
    JobHold *taken; /* told: of the arena */
    size_t taken_count;
    QueueSqlListAsked *asked; /* told: of the arena */
    size_t asked_count;
    int64_t next_due_us; /* told: when to look again at the latest; 0: nothing is known to come */
} DeskTurn;

/* What failed may be tried again as it is: what had an effect is refused by the fence then. Errors: those of the database. */
Err desk_turn(Queue *queue, Str worker, Arena *arena, DeskTurn *turn);

#endif
