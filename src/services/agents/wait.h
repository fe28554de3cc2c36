/* Turns that wait for their visitor's decision: a tool that needs approval isn't called before. They wait in the store, so that a
 * restart changes nothing. What was decided stays known after the turn's end, so that the same again gets the same answer. */
#ifndef NERDX_SERVICES_AGENTS_WAIT_H
#define NERDX_SERVICES_AGENTS_WAIT_H

#include "base/json.h"
#include "stores/sql/sql.h"

/* What a row of waiting_turn is made of. */
typedef struct WaitingRecord {
    Json message; /* turn_message_record */
    Json state;   /* turn_state_record */
    Json reply;   /* what was answered */
    Json talk;
    Str tool;
    Str call_id;
    Str arguments;
} WaitingRecord;

/* Texts are the arena's. Errors: INVALID. */
Err waiting_read(Arena *arena, Json record, WaitingRecord *out);

/* Those whose time was over at that moment go: nothing was done. */
Err wait_drop_late(Sql *sql, int64_t now_us);

#endif
