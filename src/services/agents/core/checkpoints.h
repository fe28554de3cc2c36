/* What runs that are going on have done so far, so that a run whose process was killed goes on where it was: a file of
 * slots, one a run, each a list of records that grows with the run and is given up at its end.
 *
 * A record is written, not flushed: what was written survives the process (kill -9, a crash) and costs microseconds, where
 * a flush costs milliseconds. A power cut may lose it. Therefore the rule for nodes: nothing leaves before its record is
 * written, so that no client has seen what a resumed run doesn't know; and nothing is acknowledged (`done`, an approval)
 * before the store has committed it durably. A run that a power cut takes has acknowledged nothing, and is sent again.
 *
 *     TRY(checkpoints_open("data/agents.runs", &checkpoints));
 *     checkpoint_begin(checkpoints, &mine);  TRY(checkpoint_add(checkpoints, &mine, record)); …  checkpoint_end(checkpoints, &mine);
 *
 * Thread-safe; a slot belongs to one thread at a time. */
#ifndef NERDX_SERVICES_AGENTS_CORE_CHECKPOINTS_H
#define NERDX_SERVICES_AGENTS_CORE_CHECKPOINTS_H

#include "base/err.h"
#include "base/str.h"

typedef struct Checkpoints Checkpoints;

/* The file is sparse, and has as many slots in use as there were runs at once. */
enum { CHECKPOINT_SLOTS = 1024, CHECKPOINT_BYTES = 256 << 10, CHECKPOINT_RECORDS = 256 };

typedef struct Checkpoint {
    int slot;  /* -1: none; then records go nowhere, and the run can't be resumed */
    size_t at; /* where the next record goes */
} Checkpoint;

/* A run that was cut off. */
typedef struct CheckpointRun {
    Checkpoint checkpoint; /* records may be added; to be ended */
    Str records[CHECKPOINT_RECORDS];
    size_t count;
} CheckpointRun;

/* path NULL: nothing is kept. When another process has the file, nothing is kept either, and *out says so by keeping
 * nothing. Errors: UNAVAILABLE when it can't be opened or made. */
Err checkpoints_open(const char *path, Checkpoints **out);
void checkpoints_close(Checkpoints *checkpoints); /* accepts NULL */

/* Calls back for each run that was cut off before the file was opened; its texts are the arena's. Once, before any
 * checkpoint_begin. */
Err checkpoints_each(Checkpoints *checkpoints, Arena *arena,
                     Err (*each)(void *context, const CheckpointRun *run), void *context);

void checkpoint_begin(Checkpoints *checkpoints, Checkpoint *out);
/* Errors: TOO_LARGE when the slot is full; UNAVAILABLE when it can't be written (a full disk). */
Err checkpoint_add(Checkpoints *checkpoints, Checkpoint *checkpoint, Str record);
void checkpoint_end(Checkpoints *checkpoints, Checkpoint *checkpoint);

#endif
