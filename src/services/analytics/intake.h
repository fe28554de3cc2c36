/* A batch of events, looked at one by one: what is right becomes rows' events, what isn't is told. */
#ifndef NERDX_SERVICES_ANALYTICS_INTAKE_H
#define NERDX_SERVICES_ANALYTICS_INTAKE_H

#include "http/call.h"
#include "services/analytics/room.h"
#include "services/analytics/row.h"

typedef struct Taken {
    int64_t day;
    uint8_t visitor[VISITOR_BYTES];
    size_t visitor_len; /* 1: nobody in particular */
    RowEvent event;
} Taken;

typedef struct Intake {
    Taken *items; /* sorted by day, visitor, id */
    size_t count;
    size_t ignored;
    EventRefusedList refused;
} Intake;

/* Errors: INVALID when the batch is none. */
Err intake_read(const Analytics *analytics, const Call *call, Json events, Intake *out);

/* A browser that objects to being recognised has the last word. */
bool intake_objects(const Call *call);

/* Whoever calls says so, or doesn't say what it is. */
bool intake_is_bot(const Analytics *analytics, const Call *call);

/* text: a UUID. */
void uuid_bytes(Str text, uint8_t out[EVENT_ID_BYTES]);

/* And back. */
Str uuid_text(Arena *arena, const uint8_t bytes[EVENT_ID_BYTES]);

/* Where its event belongs that is nobody's in particular: the same place, however often it comes. */
void taken_place_nobody(Taken *taken);

/* A visitor as the store has it. text: a UUID. */
void visitor_bytes(Str text, uint8_t out[VISITOR_BYTES]);

/* And back. */
Str visitor_text(Arena *arena, const uint8_t bytes[VISITOR_BYTES]);

static inline SqlBlob taken_visitor(const Taken *taken)
{
    return (SqlBlob){taken->visitor, taken->visitor_len};
}

#endif
