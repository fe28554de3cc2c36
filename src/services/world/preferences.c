#include "services/world/preferences.h"

static void add(Preferences *preferences, Preference one)
{
    if (preferences->count < PREFERENCES_MAX)
        preferences->items[preferences->count++] = one;
}

void preferences_add(Preferences *preferences, const Str *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(preferences, (Preference){.words = {&words[i], 1}, .value = 1});
}

static size_t add_text(Arena *arena, const json_t *value, Str *words, size_t count)
{
    if (!json_is_string(value))
        return count;
    words[count] = str_copy(arena, json_str(value));
    return count + 1;
}

static StrSet read_texts(Arena *arena, const json_t *list, size_t more, Str **words)
{
    size_t count = 0;

    *words = arena_array(arena, Str, json_array_size(list) + more);
    for (size_t i = 0; i < json_array_size(list); i++)
        count = add_text(arena, json_array_get(list, i), *words, count);
    return (StrSet){*words, count};
}

Err preferences_read_stored(Preferences *preferences, Str user)
{
    AUTO_JSON json_t *properties = NULL;
    GraphNode node;
    StrSet stored;
    Str *words;
    Err e = graph_get_node(preferences->world->graph, preferences->arena, user, GRAPH_NOW, &node);

    if (e.code == NOT_FOUND)
        return OK;
    TRY(e);
    TRY(json_read(node.properties, &properties));
    stored = read_texts(preferences->arena, json_object_get(properties, "preferences"), 0, &words);
    preferences_add(preferences, stored.items, stored.count);
    return OK;
}

/* What a thing is called: its names and aliases. */
static Err read_names(const Preferences *preferences, Str key, StrSet *out)
{
    static const char *const NAMES[] = {"name", "name_ko"};
    AUTO_JSON json_t *properties = NULL;
    GraphNode node;
    Str *words;

    TRY(graph_get_node(preferences->world->graph, preferences->arena, key, GRAPH_NOW, &node));
    TRY(json_read(node.properties, &properties));
    *out = read_texts(preferences->arena, json_object_get(properties, "aliases"), 2, &words);
    for (size_t i = 0; i < 2; i++)
        out->count = add_text(preferences->arena, json_object_get(properties, NAMES[i]), words, out->count);
    return OK;
}

Err preferences_read_told(Preferences *preferences, const GraphNeighbour *list,
                          const SchemaRelationship *const *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Preference one = {0};
        Err e;

        if (!kinds[i]->words)
            continue;
        one.value = kinds[i]->taste * guide_score(list[i].properties);
        e = read_names(preferences, list[i].key, &one.words);
        if (e.code == NOT_FOUND)
            continue;
        TRY(e);
        add(preferences, one);
    }
    return OK;
}
