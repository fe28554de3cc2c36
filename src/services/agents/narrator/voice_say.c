#include "base/template.h"
#include "services/agents/narrator/voice_tables.h"

static Str pick(const json_t *list, size_t turn)
{
    size_t count = json_array_size(list);

    return count == 0 ? (Str){NULL, 0} : json_str(json_array_get(list, turn % count));
}

Str voice_phrase(const Voice *voice, Tongue tongue, const char *key, size_t turn)
{
    return pick(json_object_get(voice->words[tongue], key), turn);
}

static const json_t *find(const Voice *voice, Tongue tongue, const char *group, Str key)
{
    const json_t *found = json_object_get(voice->words[tongue], group);

    return key.data == NULL ? found : json_object_getn(found, key.data, key.len);
}

Texts voice_phrases(const Voice *voice, Arena *arena, Tongue tongue, const char *group, Str key)
{
    const json_t *found = find(voice, tongue, group, key);
    size_t count = json_is_string(found) ? 1 : json_array_size(found);
    Str *items = arena_array(arena, Str, count + 1);

    for (size_t i = 0; i < count; i++)
        items[i] = json_is_string(found) ? json_str(found) : json_str(json_array_get(found, i));
    return (Texts){items, count};
}

Str voice_template(const Voice *voice, Tongue tongue, const char *group, Str key)
{
    return json_str(find(voice, tongue, group, key));
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
                                  : template_fill(arena, json_str(json_object_get(list, key)), &slot, 1));
    }
    return buf_str(&out);
}

Str voice_retell(const Voice *voice, Arena *arena, const StoryVoice *story, Tongue tongue, Str sentence)
{
    const char *end;
    json_t *becomes;

    (void)voice;
    if (story == NULL || story->endings[tongue] == NULL)
        return sentence;
    json_object_foreach((json_t *)story->endings[tongue], end, becomes)
    {
        if (!str_ends(sentence, str_from(end)))
            continue;
        Str stem = str_slice(sentence, 0, sentence.len - str_from(end).len);
        return str_format(arena, "%.*s%s", STR_ARG(stem), json_string_value(becomes));
    }
    return sentence;
}
