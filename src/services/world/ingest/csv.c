/* CSV (RFC 4180) with a header. Columns named as the members of the interchange form (fact.h) mean the same; every other
 * column is a property, absent where the cell is empty. What reads as a JSON number, true or false becomes one. */
#include <string.h>

#include "base/lines.h"
#include "services/world/ingest/csv_row.h"
#include "services/world/ingest/reader.h"

static const char *const MEMBERS[] = {"label", "id", "type", "from", "to", "since", "until"};

typedef struct Table {
    Intake *intake;
    Lines *lines;
    Arena names; /* owns the header */
    CsvRow header;
    Arena scratch; /* owns the row */
} Table;

/* ---- cells to facts */

static bool is_member(Str name)
{
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++)
        if (str_equal(name, str_from(MEMBERS[i])))
            return true;
    return false;
}

static json_t *property_of(Str cell)
{
    json_t *value = NULL;
    Err e = json_read(cell, &value);

    if (!failed(&e) && (json_is_number(value) || json_is_boolean(value)))
        return value;
    json_decref(value);
    return json_stringn(cell.data, cell.len);
}

static Err add_cell(json_t *object, json_t *properties, Arena *arena, Str name, Str cell)
{
    bool member = is_member(name);
    json_t *value = member ? json_stringn(cell.data, cell.len) : property_of(cell);

    if (value == NULL)
        return err_at(err(INVALID, "%.*s: not UTF-8", STR_ARG(name)), "/%.*s", STR_ARG(name));
    json_object_set_new(member ? object : properties, str_c(arena, name), value);
    return OK;
}

static Err object_of(Table *table, const CsvRow *row, json_t *object)
{
    json_t *properties = json_object();

    json_object_set_new(object, "properties", properties);
    if (row->count != table->header.count)
        return err(INVALID, "%zu cells, but the header has %zu", row->count, table->header.count);
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].len > 0)
            TRY(add_cell(object, properties, &table->scratch, table->header.cells[i], row->cells[i]));
    return OK;
}

static Err take_row(Table *table, int64_t number, Str record, const CsvRow *row)
{
    AUTO_JSON json_t *object = json_object();
    Fact fact;
    Err e = object_of(table, row, object);

    if (!failed(&e))
        e = fact_from_json(intake_arena(table->intake), object, &fact);
    if (!failed(&e))
        return intake_take(table->intake, number, &fact);
    intake_reject(table->intake, number, &e, record);
    return OK;
}

/* ---- records */

static bool has_odd_quotes(Str line)
{
    bool odd = false;

    for (size_t i = 0; i < line.len; i++)
        odd ^= line.data[i] == '"';
    return odd;
}

/* The next record: lines until all quotes are closed. False at the end of the file. */
static bool next_record(Table *table, Str *record, CsvRow *row, Err *e)
{
    Buf text = {.arena = &table->scratch};
    bool is_open = false;
    Str line;

    arena_reset(&table->scratch);
    while (lines_next(table->lines, &line, e)) {
        if (failed(e))
            return true;
        if (is_open)
            buf_put_char(&text, '\n');
        buf_put(&text, line);
        is_open ^= has_odd_quotes(line);
        if (!is_open || text.len > INTAKE_MAX_LINE)
            break;
    }
    if (text.data == NULL)
        return false;
    *record = buf_str(&text);
    *e = text.len > INTAKE_MAX_LINE
             ? err(TOO_LARGE, "longer than %d bytes: is a closing quote missing?", INTAKE_MAX_LINE)
             : csv_split(&table->scratch, *record, row);
    return true;
}

static bool has_column(const CsvRow *header, const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (str_equal(header->cells[i], str_from(name)))
            return true;
    return false;
}

static Err read_header(Table *table)
{
    CsvRow *header = &table->header;
    Str record;
    Err e;

    if (!next_record(table, &record, header, &e))
        return err(INVALID, "empty: expected a header such as label,id,name");
    TRY(e);
    for (size_t i = 0; i < header->count; i++)
        header->cells[i] = str_copy(&table->names, str_trim(header->cells[i]));
    if (has_column(header, "label") ||
        (has_column(header, "type") && has_column(header, "from") && has_column(header, "to")))
        return OK;
    return err(INVALID, "line 1: expected the columns label and id, or type, from and to; found %.*s",
               STR_ARG(record));
}

static Err read_rows(Table *table)
{
    CsvRow row = {.count = 0};
    Str record = {0};
    Err e;

    for (;;) {
        int64_t number = lines_number(table->lines) + 1;

        if (!next_record(table, &record, &row, &e))
            return OK;
        if (e.code == UNAVAILABLE)
            return e;
        if (failed(&e))
            intake_reject(table->intake, number, &e, record);
        else if (record.len > 0)
            TRY(take_row(table, number, record, &row));
        intake_progress(table->intake, lines_read(table->lines));
    }
}

Err read_csv(Intake *intake, const char *path)
{
    Table table = {.intake = intake};
    Err e;

    TRY(lines_open(path, INTAKE_MAX_LINE, &table.lines));
    arena_init(&table.names);
    arena_init(&table.scratch);
    e = read_header(&table);
    if (!failed(&e))
        e = read_rows(&table);
    else
        e = err(e.code, "%s: %s", path, e.message);
    arena_finish(&table.names);
    arena_finish(&table.scratch);
    lines_close(table.lines);
    return e;
}
