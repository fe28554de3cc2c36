/* An append-only, bounded log of server-sent events (WHATWG HTML, section 9.2): the one thing an event stream
 * is made of. A producer appends and closes; any number of readers follow at their own pace, each with a
 * cursor. Therefore a slow reader never holds up the producer, a dropped one resumes with Last-Event-ID, and
 * nothing is buffered twice. Thread-safe; counted: create gives one reference, release takes one away. */
#ifndef NERDX_HTTP_EVENTS_H
#define NERDX_HTTP_EVENTS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

typedef struct EventLog EventLog;

/* max_bytes bounds the sum of names and data. */
EventLog *event_log_create(size_t max_bytes);

/* The same for what goes on elsewhere: whoever reads it comes back to another node and has missed nothing, so that a server which
 * stops ends its streams at once. */
EventLog *event_log_create_to_come_back(size_t max_bytes);
bool event_log_is_to_come_back(const EventLog *log);

EventLog *event_log_retain(EventLog *log);
void event_log_release(EventLog *log); /* accepts NULL */

/* Appends an event; ids count 1, 2, 3 … Errors: LIMITED past max_bytes, CONFLICT after close. data: one line
 * of JSON. */
Err event_log_append(EventLog *log, Str name, Json data);

/* Appends those of another log behind *cursor, which moves; readers are told once, of the end of this one, too, if it closes. Whoever
 * takes over from a log isn't taken over from by it. Errors: as event_log_append. */
Err event_log_take_over(EventLog *log, EventLog *from, uint64_t *cursor, bool closes);

/* No more events will come: readers end after the last one. */
void event_log_close(EventLog *log);

/* Writes the events after *cursor as SSE text ("id: 3\nevent: delta\ndata: {…}\n\n") until about max_bytes
 * are written; moves *cursor. Returns false when the log is closed and everything has been read. Never waits.
 */
bool event_log_read(EventLog *log, uint64_t *cursor, size_t max_bytes, Buf *out);

/* The same of one event, as JSON, {"id":3,"event":"delta","data":{…}}; nothing while there is none. */
bool event_log_read_one(EventLog *log, uint64_t *cursor, Buf *out);

/* The event with that id, in the arena; false when there is none (yet). */
bool event_log_get(EventLog *log, uint64_t id, Arena *arena, Str *name, Json *data);

/* The whole log as a JSON array [{"id","event","data"}], and back: how a finished turn is stored. */
Json event_log_to_json(EventLog *log, Arena *arena);
Err event_log_from_json(Json text, EventLog **out);

/* Whether its last event has this data: whoever tells how something is has nothing to tell then. */
bool event_log_ends_with(EventLog *log, Json data);

/* Whether somebody else holds it, too. Who gives references away under a lock learns under it that nobody reads any more. */
bool event_log_is_shared(const EventLog *log);

/* Calls notify(context) after each append and close until removed. notify must not block nor call the log. */
void event_log_watch(EventLog *log, void (*notify)(void *context), void *context);
void event_log_unwatch(EventLog *log, void *context);

#endif
