#include "base/template.h"

#include "base/buf.h"
#include "base/particle.h"

static void put_slot(Str gap, const Slot *slots, size_t count, Buf *out)
{
    size_t colon = str_find(gap, STR(":"), 0);
    Str name = str_slice(gap, 0, colon);

    for (size_t i = 0; i < count && slots[i].name != NULL; i++) {
        if (!str_equal(name, str_from(slots[i].name)))
            continue;
        buf_put(out, slots[i].value);
        if (colon != SIZE_MAX)
            buf_put(out, particle_after(slots[i].value, str_slice(gap, colon + 1, gap.len)));
    }
}

Str template_fill(Arena *arena, Str text, const Slot *slots, size_t count)
{
    Buf out;
    size_t at = 0;

    buf_init(&out, arena, text.len * 2 + 64);
    while (at < text.len) {
        size_t open = str_find(text, STR("{"), at);
        size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(text, STR("}"), open);

        buf_put(&out, str_slice(text, at, close == SIZE_MAX ? text.len : open));
        if (close == SIZE_MAX)
            break;
        put_slot(str_slice(text, open + 1, close), slots, count, &out);
        at = close + 1;
    }
    return buf_str(&out);
}
