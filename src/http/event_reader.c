#include "http/event_reader.h"

void event_reader_init(EventReader *reader, Arena *arena, size_t max_bytes)
{
    *reader = (EventReader){.max_bytes = max_bytes};
    buf_init(&reader->line, arena, 0);
    buf_init(&reader->data, arena, 0);
    buf_init(&reader->name, arena, 0);
}

static Err put(const EventReader *reader, Buf *buf, Str text)
{
    if (text.len > reader->max_bytes - buf->len)
        return err(TOO_LARGE, "an event is longer than %zu bytes", reader->max_bytes);
    buf_put(buf, text);
    return OK;
}

/* An event without data is none, whatever its name. */
static Err dispatch(EventReader *reader, EventTaker take, void *context)
{
    Str name = buf_str(&reader->name), data = buf_str(&reader->data);
    bool has_data = reader->has_data;

    reader->name.len = reader->data.len = 0;
    reader->has_data = false;
    return has_data ? take(context, name, data) : OK;
}

static Err add_data(EventReader *reader, Str value)
{
    if (reader->has_data)
        TRY(put(reader, &reader->data, STR("\n")));
    reader->has_data = true;
    return put(reader, &reader->data, value);
}

/* "field: value", "field:value" or "field"; a line that begins with a colon is a comment. */
static Err take_field(EventReader *reader, Str line)
{
    size_t colon = str_find(line, STR(":"), 0);
    Str field = colon == SIZE_MAX ? line : str_slice(line, 0, colon);
    Str value = colon == SIZE_MAX ? STR("") : str_slice(line, colon + 1, line.len);

    if (str_starts(value, STR(" ")))
        value = str_slice(value, 1, value.len);
    if (str_equal(field, STR("data")))
        return add_data(reader, value);
    if (!str_equal(field, STR("event")))
        return OK; /* id and retry are for who reconnects */
    reader->name.len = 0;
    return put(reader, &reader->name, value);
}

static Err take_line(EventReader *reader, Str line, EventTaker take, void *context)
{
    if (!reader->begun && str_starts(line, STR("\xEF\xBB\xBF")))
        line = str_slice(line, 3, line.len);
    reader->begun = true;
    return line.len == 0 ? dispatch(reader, take, context) : take_field(reader, line);
}

static size_t line_length(Str bytes)
{
    size_t len = 0;

    while (len < bytes.len && bytes.data[len] != '\n' && bytes.data[len] != '\r')
        len++;
    return len;
}

/* A line whose end has come; its start may have come before. */
static Err end_line(EventReader *reader, Str rest, EventTaker take, void *context)
{
    if (reader->line.len == 0 && rest.len <= reader->max_bytes)
        return take_line(reader, rest, take, context);
    TRY(put(reader, &reader->line, rest));
    Str line = buf_str(&reader->line);
    reader->line.len = 0;
    return take_line(reader, line, take, context);
}

Err event_reader_feed(EventReader *reader, Str bytes, EventTaker take, void *context)
{
    while (bytes.len > 0) {
        if (reader->after_cr && bytes.data[0] == '\n')
            bytes = str_slice(bytes, 1, bytes.len);
        reader->after_cr = false;
        size_t len = line_length(bytes);
        Str part = str_slice(bytes, 0, len);
        if (len == bytes.len)
            return put(reader, &reader->line, part);
        reader->after_cr = bytes.data[len] == '\r';
        bytes = str_slice(bytes, len + 1, bytes.len);
        TRY(end_line(reader, part, take, context));
    }
    return OK;
}

Err event_reader_end(EventReader *reader, EventTaker take, void *context)
{
    if (reader->line.len > 0)
        TRY(end_line(reader, STR(""), take, context));
    return dispatch(reader, take, context);
}
