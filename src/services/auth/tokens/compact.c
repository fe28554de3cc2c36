#include "services/auth/tokens/compact.h"

#include "base/base64url.h"

Err compact_read(Arena *arena, Str text, size_t most, CompactJws *out)
{
    size_t first = str_find(text, STR("."), 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : str_find(text, STR("."), first + 1);

    *out = (CompactJws){0};
    if (text.len > most)
        return err(INVALID, "%zu bytes are more than %zu", text.len, most);
    if (second == SIZE_MAX)
        return err(INVALID, "fewer than three parts");
    out->signed_text = str_slice(text, 0, second);
    if (!base64url_read(arena, str_slice(text, 0, first), &out->head) ||
        !base64url_read(arena, str_slice(text, first + 1, second), &out->payload) ||
        !base64url_read(arena, str_slice(text, second + 1, text.len), &out->signature))
        return err(INVALID, "a part isn't base64url as it must be");
    return OK;
}
