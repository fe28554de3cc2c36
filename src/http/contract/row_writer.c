#include "http/contract/row_writer.h"

#include <string.h>

#include "http/contract/binding.h"

#define LINE_END STR("\r\n")

const char *row_form_content_type(RowForm form)
{
    return form == ROWS_CSV ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
}

/* ---- CSV */

/* What spreadsheets begin a formula with, in their full width, too, or skip before one. */
static bool is_formula(Str text)
{
    static const char *const BEGINNINGS[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};

    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof *BEGINNINGS; i++)
        if (str_starts(text, str_from(BEGINNINGS[i])))
            return true;
    return false;
}

static bool needs_quotes(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr(",\"\r\n ", text.data[i]) != NULL)
            return true;
    return text.len == 0; /* not to be taken for absent */
}

static void put_text(Buf *out, Str text)
{
    bool is_guarded = is_formula(text);

    if (!is_guarded && !needs_quotes(text)) {
        buf_put(out, text);
        return;
    }
    buf_put(out, is_guarded ? STR("\"'") : STR("\""));
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"')
            buf_put_char(out, '"');
        buf_put_char(out, text.data[i]);
    }
    buf_put_char(out, '"');
}

static void put_cell(Buf *out, const Field *field, const void *row)
{
    unsigned position;

    if (!field_is_present(field, row))
        return;
    const void *value = field_value(field, row);
    if (field->shape->kind == STRING_SHAPE) {
        put_text(out, *(const Str *)value);
    } else if (field->shape->kind == ENUM_SHAPE) {
        memcpy(&position, value, sizeof position);
        put_text(out, field->shape->enumeration.texts[position]);
    } else {
        shape_encode(field->shape, value, out);
    }
}

static void put_line(Buf *out, const ObjectRules *rules, const void *row)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        put_cell(out, &rules->fields[i], row);
    }
    buf_put(out, LINE_END);
}

void row_writer_begin(RowWriter *rows, const Shape *shape)
{
    const ObjectRules *rules = &shape->object;

    for (size_t i = 0; rows->form == ROWS_CSV && i < rules->count; i++) {
        if (i > 0)
            buf_put_char(&rows->out, ',');
        put_text(&rows->out, rules->fields[i].name);
    }
    if (rows->form == ROWS_CSV)
        buf_put(&rows->out, LINE_END);
}

Err row_writer_put(RowWriter *rows, const Shape *shape, const void *row)
{
    Err e = shape_check_trusted(shape, row);

    if (failed(&e))
        return binding_broken(&e);
    if (rows->form == ROWS_CSV) {
        put_line(&rows->out, &shape->object, row);
        return OK;
    }
    shape_encode(shape, row, &rows->out);
    buf_put_char(&rows->out, '\n');
    return OK;
}
