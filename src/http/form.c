#include "http/form.h"

#include "base/mime.h"
#include "http/negotiate.h"
#include "http/target.h"

static void put_pair(Buf *out, Str name, Str value)
{
    if (out->len > 1)
        buf_put_char(out, ',');
    json_put_string(out, name);
    buf_put_char(out, ':');
    json_put_string(out, value);
}

static Err read_pairs(Arena *arena, Str body, Buf *out)
{
    Params params;

    TRY(target_parse_query(arena, body, &params));
    for (size_t i = 0; i < params.count; i++)
        put_pair(out, params.items[i].name, params.items[i].value);
    return OK;
}

/* ---- in parts */

static Err read_head(Str head, Str *name)
{
    static const Str WANTED = {"content-disposition:", 20};
    Str line;

    *name = (Str){0};
    while (str_split(&head, '\n', &line)) {
        line = str_trim(line);
        if (line.len <= WANTED.len || !str_equal_nocase(str_slice(line, 0, WANTED.len), WANTED))
            continue;
        if (mime_parameter(line, STR("filename")).data != NULL)
            return err(INVALID, "the form: files are not taken");
        *name = mime_parameter(line, STR("name"));
    }
    return name->len > 0 ? OK : err(INVALID, "the form: a part has no name");
}

/* A part ends where "\r\n--boundary" begins. */
static Err read_part(Str *rest, Str fence, Buf *out)
{
    size_t gap = str_find(*rest, STR("\r\n\r\n"), 0);
    size_t end = gap == SIZE_MAX ? SIZE_MAX : str_find(*rest, fence, gap + 2);
    Str name;

    if (end == SIZE_MAX)
        return err(INVALID, "the form: a part has no end");
    TRY(read_head(str_slice(*rest, 0, gap), &name));
    put_pair(out, name, end > gap + 4 ? str_slice(*rest, gap + 4, end) : STR(""));
    *rest = str_slice(*rest, end + fence.len, rest->len);
    return OK;
}

static Err read_parts(Arena *arena, Str content_type, Str body, Buf *out)
{
    Str boundary = mime_parameter(content_type, STR("boundary"));
    size_t parts = 0;

    if (boundary.len == 0 || boundary.len > FORM_BOUNDARY_MAX)
        return err(INVALID, "Content-Type must have a boundary of 1 to %d characters", FORM_BOUNDARY_MAX);
    Str fence = str_format(arena, "\r\n--%.*s", STR_ARG(boundary));
    Str rest = str_format(arena, "\r\n%.*s", STR_ARG(body));
    size_t first = str_find(rest, fence, 0);
    if (first == SIZE_MAX)
        return err(INVALID, "the form: its boundary isn't in it");
    rest = str_slice(rest, first + fence.len, rest.len);
    while (!str_starts(rest, STR("--"))) {
        if (!str_starts(rest, STR("\r\n")) || ++parts > FORM_MAX_PARTS)
            return err(INVALID, "the form: more than %d parts, or none where one should begin",
                       FORM_MAX_PARTS);
        TRY(read_part(&rest, fence, out));
    }
    return OK;
}

Err form_read(Arena *arena, Str content_type, Str body, Json *out)
{
    Buf object = {.arena = arena};

    buf_put_char(&object, '{');
    if (media_type_is(content_type, STR(PARTS_MIME)))
        TRY(read_parts(arena, content_type, body, &object));
    else
        TRY(read_pairs(arena, body, &object));
    buf_put_char(&object, '}');
    *out = buf_str(&object);
    return OK;
}
