/* A row of the table visit: what one visitor did on one day, as bytes. `events` is 17 bytes for each: its id, a UUID of version 7, and its
 * kind's code. Such an id begins with the moment in milliseconds: sorted by id they are sorted by time, and an event that comes again
 * is found by halving. `details` is a line for each, in the same order: its properties as JSON, or nothing. */
#ifndef NERDX_SERVICES_ANALYTICS_ROW_H
#define NERDX_SERVICES_ANALYTICS_ROW_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { EVENT_ID_BYTES = 16, EVENT_BYTES = EVENT_ID_BYTES + 1, VISITOR_BYTES = 16 };

typedef struct RowEvent {
    uint8_t id[EVENT_ID_BYTES];
    uint8_t code;
    Str details; /* without a line's end */
} RowEvent;

typedef struct Row {
    Str events;
    Str details;
} Row;

/* The moment an id was made, in milliseconds since 1970. */
int64_t event_id_ms(const uint8_t *id);

/* The row with these events in it, which are sorted by id; *added: those that weren't there. Errors: INTERNAL (the row is damaged). */
Err row_merge(Arena *arena, Row old, const RowEvent *events, size_t count, Row *out, size_t *added);

/* Takes the next event off a row; false at its end. */
bool row_next(Row *rest, RowEvent *out);

/* Events of a row's bytes; what is behind the last whole one isn't any. */
static inline size_t row_count(size_t bytes)
{
    return bytes / EVENT_BYTES;
}

#endif
