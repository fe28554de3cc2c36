#include "services/world/cursor.h"

#include "base/buf.h"
#include "base/hex.h"
#include "base/utf8.h"

/* Stands between the parts, which hold no control characters. */
static const char BETWEEN = '\n';

enum { PARTS = 5, RELATIONSHIP = 0, AT, KEY, DIRECTION, ID };

Str cursor_print(Arena *arena, const GraphNeighbour *last)
{
    Str plain =
        str_format(arena, "%.*s\n%lld\n%.*s\n%d\n%lld", STR_ARG(last->relationship), (long long)last->at_us,
                   STR_ARG(last->key), last->direction == GRAPH_OUT, (long long)last->id);

    return hex_text(arena, plain);
}

static bool read_parts(Str plain, GraphPlace *out)
{
    Str parts[PARTS];
    int64_t is_out;

    for (size_t i = 0; i < PARTS; i++)
        if (!str_split(&plain, BETWEEN, &parts[i]))
            return false;
    out->relationship = parts[RELATIONSHIP];
    out->key = parts[KEY];
    if (plain.data != NULL || !str_to_int(parts[AT], &out->at_us) || !str_to_int(parts[DIRECTION], &is_out) ||
        !str_to_int(parts[ID], &out->id))
        return false;
    out->direction = is_out != 0 ? GRAPH_OUT : GRAPH_IN;
    return out->relationship.len > 0 && out->key.len > 0;
}

Err cursor_read(Arena *arena, Str text, GraphPlace *out)
{
    Str plain;

    *out = (GraphPlace){0};
    if (hex_bytes(arena, text, &plain) && utf8_valid(plain) && read_parts(plain, out))
        return OK;
    return err_at(err(INVALID, "cursor: is none of ours; take next_cursor of the page before"), "/cursor");
}
