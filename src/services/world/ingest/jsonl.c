/* JSON Lines in the interchange form (fact.h). Empty lines are passed over. */
#include "base/lines.h"
#include "services/world/ingest/reader.h"

static Err take_object(Intake *intake, int64_t number, Str line, const json_t *object)
{
    Fact fact;
    Err e = fact_from_json(intake_arena(intake), object, &fact);

    if (!failed(&e))
        return intake_take(intake, number, &fact);
    intake_reject(intake, number, &e, line);
    return OK;
}

static Err take_line(Intake *intake, int64_t number, Str line)
{
    AUTO_JSON json_t *object = NULL;
    Err e;

    if (str_trim(line).len == 0)
        return OK;
    e = json_read(line, &object);
    if (!failed(&e))
        return take_object(intake, number, line, object);
    intake_reject(intake, number, &e, line);
    return OK;
}

static Err read_lines(Intake *intake, Lines *lines)
{
    Str line;
    Err e;

    while (lines_next(lines, &line, &e)) {
        if (e.code == UNAVAILABLE)
            return e;
        if (failed(&e))
            intake_reject(intake, lines_number(lines), &e, line);
        else
            TRY(take_line(intake, lines_number(lines), line));
        intake_progress(intake, lines_read(lines));
    }
    return OK;
}

Err read_jsonl(Intake *intake, const char *path)
{
    Lines *lines;
    Err e;

    TRY(lines_open(path, INTAKE_MAX_LINE, &lines));
    e = read_lines(intake, lines);
    lines_close(lines);
    return e;
}
