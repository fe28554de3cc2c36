/* Reads server-sent events (WHATWG HTML, section 9.2.6), the other end of events.h: bytes go in as they come off the
 * wire, cut anywhere; each event comes out once it is whole.
 *
 *     event_reader_init(&reader, arena, 1 << 20);
 *     TRY(event_reader_feed(&reader, bytes, take, context));     for each piece
 *     TRY(event_reader_end(&reader, take, context));             at the end of the answer */
#ifndef NERDX_HTTP_EVENT_READER_H
#define NERDX_HTTP_EVENT_READER_H

#include "base/buf.h"
#include "base/err.h"

typedef struct EventReader {
    size_t max_bytes; /* of a line, and of an event's data */
    Buf line;         /* the start of a line whose end hasn't come */
    Buf data;         /* of the event that is coming, each line with its line feed */
    Buf name;
    bool has_data;
    bool after_cr; /* a line feed that comes next belongs to the carriage return before it */
    bool begun;    /* the first line, which may begin with a byte order mark, is behind us */
} EventReader;

/* name: "" when the event has none; both last until the call returns. An error ends the reading with it. */
typedef Err (*EventTaker)(void *context, Str name, Str data);

void event_reader_init(EventReader *reader, Arena *arena, size_t max_bytes);

/* Errors: TOO_LARGE for a line or an event over max_bytes; what take says. */
Err event_reader_feed(EventReader *reader, Str bytes, EventTaker take, void *context);

/* Gives out an event whose last empty line was left out, as servers that end early do; the standard would drop it. */
Err event_reader_end(EventReader *reader, EventTaker take, void *context);

#endif
