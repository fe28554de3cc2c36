#include "base/template.h"
#include "services/agents/narrator/voice_tables.h"

static Str pick(const json_t *list, size_t turn)
{
    size_t count = json_array_size(list);

    return count == 0 ? (Str){NULL, 0} : voice_text(json_array_get(list, turn % count));
}

Str voice_phrase(const Voice *voice, Tongue tongue, const char *key, size_t turn)
{
    return pick(json_object_get(voice->words[tongue], key), turn);
}

Str voice_template(const Voice *voice, Tongue tongue, const char *group, Str key)
{
    const json_t *templates = json_object_get(voice->words[tongue], group);

    if (key.data == NULL)
        return voice_text(templates);
    return voice_text(json_object_getn(templates, key.data, key.len));
}

Str voice_list(const Voice *voice, Tongue tongue, Arena *arena, Texts items)
{
    const json_t *list = json_object_get(voice->words[tongue], "list");
    Buf out;

    buf_init(&out, arena, 64);
    for (size_t i = 0; i < items.count; i++) {
        size_t after = items.count - i - 1;
        const char *key = after == 0 ? NULL : after == 1 ? "last" : "between";
        const Slot slot = {"item", items.items[i]};
        buf_put(&out, key == NULL ? items.items[i]
                                  : template_fill(arena, voice_text(json_object_get(list, key)), &slot, 1));
    }
    return buf_str(&out);
}
