#include "services/analytics/row.h"

#include <string.h>

#include "base/buf.h"

int64_t event_id_ms(const uint8_t *id)
{
    enum { TIME_BYTES = 6, BYTE = 8 };
    uint64_t ms = 0;

    for (size_t i = 0; i < TIME_BYTES; i++)
        ms = ms << BYTE | id[i];
    return (int64_t)ms;
}

bool row_next(Row *rest, RowEvent *out)
{
    if (rest->events.len < EVENT_BYTES)
        return false;
    memcpy(out->id, rest->events.data, EVENT_ID_BYTES);
    out->code = (uint8_t)rest->events.data[EVENT_ID_BYTES];
    rest->events = str_slice(rest->events, EVENT_BYTES, rest->events.len);
    if (!str_split(&rest->details, '\n', &out->details))
        out->details = STR("");
    return true;
}

typedef struct Writing {
    Buf events;
    Buf details;
    RowEvent last;
    bool is_begun;
    size_t count;
} Writing;

/* Unless it is the one that was written last. */
static void write_event(Writing *writing, const RowEvent *event)
{
    if (writing->is_begun && memcmp(writing->last.id, event->id, EVENT_ID_BYTES) == 0)
        return;
    buf_put(&writing->events, (Str){(const char *)event->id, EVENT_ID_BYTES});
    buf_put_char(&writing->events, (char)event->code);
    buf_put(&writing->details, event->details);
    buf_put_char(&writing->details, '\n');
    writing->last = *event;
    writing->is_begun = true;
    writing->count++;
}

/* Of two with one id the one that was there stays. */
static void merge(Row *old, const RowEvent *events, size_t count, Writing *writing)
{
    RowEvent there;
    bool is_there = row_next(old, &there);

    for (size_t i = 0; i < count;)
        if (is_there && memcmp(there.id, events[i].id, EVENT_ID_BYTES) <= 0) {
            write_event(writing, &there);
            is_there = row_next(old, &there);
        } else {
            write_event(writing, &events[i++]);
        }
    while (is_there) {
        write_event(writing, &there);
        is_there = row_next(old, &there);
    }
}

Err row_merge(Arena *arena, Row old, const RowEvent *events, size_t count, Row *out, size_t *added)
{
    Writing writing = {0};
    size_t room = old.events.len + count * EVENT_BYTES + 1;

    if (old.events.len % EVENT_BYTES != 0)
        return err(INTERNAL, "a visit's row is damaged");
    buf_init(&writing.events, arena, room);
    buf_init(&writing.details, arena, old.details.len + count + 1);
    size_t before = row_count(old.events.len);
    merge(&old, events, count, &writing);
    *out = (Row){buf_str(&writing.events), buf_str(&writing.details)};
    *added = writing.count - before;
    return OK;
}
