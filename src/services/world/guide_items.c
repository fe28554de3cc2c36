/* What there is to be recommended. */
#include <stdlib.h>

#include "base/memory.h"
#include "services/world/guide_making.h"

static Str kept_text(Arena *arena, const json_t *value)
{
    return json_is_string(value) ? str_copy(arena, json_str(value)) : (Str){0};
}

static size_t count_words(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) : json_is_string(value) ? 1 : 0;
}

static void add_words(Arena *arena, const json_t *value, Str *words, size_t *count)
{
    if (json_is_string(value))
        words[(*count)++] = kept_text(arena, value);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (json_is_string(json_array_get(value, i)))
            words[(*count)++] = kept_text(arena, json_array_get(value, i));
}

/* A property, or the same in Korean. */
static const json_t *property(const json_t *properties, Str name, bool korean)
{
    char key[128];

    (void)snprintf(key, sizeof key, "%.*s%s", STR_ARG(name), korean ? "_ko" : "");
    return json_object_get(properties, key);
}

static StrSet read_words(Arena *arena, StrSet names, const json_t *properties)
{
    size_t most = 0;
    size_t count = 0;
    Str *words;

    for (size_t i = 0; i < 2 * names.count; i++)
        most += count_words(property(properties, names.items[i / 2], i % 2));
    words = arena_array(arena, Str, most);
    for (size_t i = 0; i < 2 * names.count; i++)
        add_words(arena, property(properties, names.items[i / 2], i % 2), words, &count);
    return (StrSet){words, count};
}

GuideItem *guide_new_item(Making *making, Str id)
{
    Guide *guide = making->guide;

    if (guide->item_count == making->capacity) {
        making->capacity = making->capacity > 0 ? making->capacity * 2 : 256;
        guide->items = memory_grow(guide->items, making->capacity, sizeof(GuideItem));
    }
    guide->items[guide->item_count] = (GuideItem){.id = str_copy(&guide->text, id)};
    return &guide->items[guide->item_count++];
}

static Err load_item(void *context, const GraphNode *node)
{
    AUTO_JSON json_t *properties = NULL;
    Making *making = context;
    Arena *arena = &making->guide->text;
    const json_t *abv;
    GuideItem *item;

    TRY(json_read(node->properties, &properties));
    abv = json_object_get(properties, "abv");
    item = guide_new_item(making, node->key);
    item->category = kept_text(arena, json_object_get(properties, "category"));
    item->category_ko = kept_text(arena, json_object_get(properties, "category_ko"));
    item->has_abv = json_is_number(abv);
    item->abv = json_number_value(abv);
    item->words = read_words(arena, making->label->recommended_by, properties);
    return OK;
}

static int by_id(const void *a, const void *b)
{
    return str_compare(((const GuideItem *)a)->id, ((const GuideItem *)b)->id);
}

void guide_number_items(Guide *guide)
{
    if (guide->item_count > 0)
        qsort(guide->items, guide->item_count, sizeof(GuideItem), by_id);
    guide->liked_of = memory_grow(guide->liked_of, guide->item_count + 1, sizeof(uint32_t));
    for (size_t i = 0; i < guide->item_count; i++) {
        *keymap_place(&guide->by_id, guide->items[i].id) = (uint32_t)i;
        guide->liked_of[i] = GUIDE_NONE;
    }
}

Err guide_load_items(Making *making)
{
    size_t count;
    const SchemaLabel *labels = schema_labels(making->schema, &count);

    for (size_t i = 0; i < count; i++) {
        if (labels[i].recommended_by.count == 0)
            continue;
        making->label = &labels[i];
        TRY(graph_scan_nodes(making->graph, labels[i].name, load_item, making));
    }
    guide_number_items(making->guide);
    return OK;
}
