/* The outbox: turns that are stored but not yet confirmed by the world are delivered to it as CHATTED_WITH, with
 * the turn as event id, until it confirms. The world knows an event it has seen, so that a turn delivered twice
 * (killed between the two) counts once. What was said is not told, only that, when, how and in which language. */
#ifndef NERDX_SERVICES_AGENTS_RECORD_H
#define NERDX_SERVICES_AGENTS_RECORD_H

#include "api/world.h"
#include "base/clock.h"
#include "services/agents/agent.h"
#include "services/agents/memory/memory.h"
#include "stores/sql/sql.h"

typedef struct Recorder Recorder;

typedef struct RecorderConfig {
    Sql *sql;
    const WorldClient *world;
    const AgentBook *agents;
    const Clock *clock;
    Memory *memory;  /* whose outbox goes the same way */
    int64_t keep_us; /* sessions that nobody has spoken in for so long are deleted; 0 = never */
} RecorderConfig;

/* How many turns go in one delivery, how long they gather for it, and after how long one is tried again unasked. */
enum { RECORD_BATCH = 200, RECORD_GATHER_MS = 20, RECORD_RETRY_MS = 2000 };

Recorder *recorder_start(const RecorderConfig *config);
void recorder_wake(Recorder *recorder); /* there is something new */
void recorder_stop(Recorder *recorder); /* tries once more, then ends; accepts NULL */

#endif
