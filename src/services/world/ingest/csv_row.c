#include "services/world/ingest/csv_row.h"

#include "base/buf.h"

/* A quoted cell that begins behind the quote at *at; false when its end isn't in the record. */
static bool read_quoted(Arena *arena, Str record, size_t *at, Str *cell)
{
    Buf text = {.arena = arena};

    for (; *at < record.len; (*at)++) {
        if (record.data[*at] != '"') {
            buf_put_char(&text, record.data[*at]);
        } else if (*at + 1 < record.len && record.data[*at + 1] == '"') {
            buf_put_char(&text, '"');
            (*at)++;
        } else {
            (*at)++;
            *cell = buf_str(&text);
            return true;
        }
    }
    return false;
}

static Str read_plain(Str record, size_t *at)
{
    size_t begin = *at;

    while (*at < record.len && record.data[*at] != ',')
        (*at)++;
    return str_slice(record, begin, *at);
}

Err csv_split(Arena *arena, Str record, CsvRow *row)
{
    size_t at = 0;

    row->count = 0;
    for (;;) {
        Str *cell = &row->cells[row->count++];

        if (at < record.len && record.data[at] == '"') {
            at++;
            if (!read_quoted(arena, record, &at, cell))
                return err(INVALID, "a cell's closing quote is missing");
        } else {
            *cell = read_plain(record, &at);
        }
        if (at == record.len)
            return OK;
        if (record.data[at++] != ',')
            return err(INVALID, "behind a closing quote a comma is expected");
        if (row->count == CSV_MAX_COLUMNS)
            return err(INVALID, "more than %d columns", CSV_MAX_COLUMNS);
    }
}
