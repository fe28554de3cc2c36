#include "services/world/front_matter.h"

static const Str FENCE = STR("---");

static Str without_return(Str line)
{
    return line.len > 0 && line.data[line.len - 1] == '\r' ? str_slice(line, 0, line.len - 1) : line;
}

Err front_matter_split(Str file, FrontMatter *out)
{
    Str rest = str_starts(file, STR("\xEF\xBB\xBF")) ? str_slice(file, 3, file.len) : file;
    const char *start;
    Str line;

    if (!str_split(&rest, '\n', &line) || !str_equal(without_return(line), FENCE))
        return err(INVALID, "expected --- on the first line, then front matter, then --- again");
    start = rest.data;
    while (str_split(&rest, '\n', &line)) {
        if (!str_equal(without_return(line), FENCE))
            continue;
        out->yaml = (Str){start, (size_t)(line.data - start)};
        out->body = rest.data != NULL ? rest : STR("");
        return OK;
    }
    return err(INVALID, "the front matter doesn't end: expected a line with --- behind it");
}

static bool is_heading(Str line)
{
    return str_starts(line, STR("## "));
}

Str markdown_section(Str body, Str name)
{
    const char *start = NULL;
    const char *end = body.data + body.len;
    Str rest = body;
    Str line;

    while (str_split(&rest, '\n', &line)) {
        if (!is_heading(line))
            continue;
        if (start != NULL) {
            end = line.data;
            break;
        }
        if (str_equal(str_trim(str_slice(line, 3, line.len)), name))
            start = line.data + line.len;
    }
    return start != NULL ? str_trim((Str){start, (size_t)(end - start)}) : (Str){0};
}

size_t front_matter_line(Str file, const char *key)
{
    Str name = str_from(key);
    size_t number = 0;
    Str rest = file;
    Str line;

    while (str_split(&rest, '\n', &line)) {
        number++;
        if (str_starts(line, name) && line.len > name.len && line.data[name.len] == ':')
            return number;
    }
    return 1;
}
