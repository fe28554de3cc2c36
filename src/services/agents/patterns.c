#include "services/agents/patterns.h"

#include "services/agents/text.h"

Str pattern_filled(Arena *arena, Str pattern, const json_t *parts)
{
    const char *name;
    json_t *part;

    json_object_foreach((json_t *)parts, name, part)
    {
        Str gap = str_format(arena, "{%s}", name);
        for (size_t at; (at = str_find(pattern, gap, 0)) != SIZE_MAX;)
            pattern =
                str_format(arena, "%.*s%.*s%.*s", STR_ARG(str_slice(pattern, 0, at)), STR_ARG(json_str(part)),
                           STR_ARG(str_slice(pattern, at + gap.len, pattern.len)));
    }
    return pattern;
}

static void fill_list(Arena *arena, json_t *list, const json_t *parts)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        Str filled = pattern_filled(arena, json_str(json_array_get(list, i)), parts);
        json_array_set_new(list, i, json_stringn(filled.data, filled.len));
    }
}

void patterns_fill(Arena *arena, json_t *row, const json_t *parts)
{
    static const char *const LISTS[] = {"says", "unless"};

    for (Tongue t = 0; t < TONGUE_COUNT; t++) {
        const json_t *mine = json_object_get(parts, tongue_code(t));
        for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
            fill_list(arena, json_object_get(json_object_get(row, tongue_code(t)), LISTS[i]), mine);
    }
}
