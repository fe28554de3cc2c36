/* What the things of a guide share: stories, ingredients. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "services/world/guide_making.h"

static uint32_t feature_of(Making *making, Str id)
{
    Guide *guide = making->guide;
    uint32_t known = keymap_get(&guide->by_feature, id);
    GuideFeature feature = {0};

    if (known != KEYMAP_NONE)
        return known;
    if (guide->feature_count == making->feature_capacity) {
        making->feature_capacity = making->feature_capacity > 0 ? making->feature_capacity * 2 : 64;
        guide->features = memory_grow(guide->features, making->feature_capacity, sizeof(GuideFeature));
    }
    feature.id = str_copy(&guide->text, id);
    feature.kind = str_copy(&guide->text, making->kind->shared);
    guide->features[guide->feature_count] = feature;
    *keymap_place(&guide->by_feature, feature.id) = (uint32_t)guide->feature_count;
    return (uint32_t)guide->feature_count++;
}

/* Either end may be what is recommended: a bottle features in a story, a story is about a bottle. */
static Err load_shared(void *context, const GraphRelationship *r)
{
    Making *making = context;
    uint32_t item = keymap_get(&making->guide->by_id, r->from);
    Str other = r->to;

    if (item == KEYMAP_NONE) {
        item = keymap_get(&making->guide->by_id, r->to);
        other = r->from;
    }
    if (item == KEYMAP_NONE || keymap_get(&making->guide->by_id, other) != KEYMAP_NONE)
        return OK;
    if (making->pair_count == making->pair_capacity) {
        making->pair_capacity = making->pair_capacity > 0 ? making->pair_capacity * 2 : 1024;
        making->pairs = memory_grow(making->pairs, making->pair_capacity, sizeof(uint64_t));
    }
    making->pairs[making->pair_count++] = (uint64_t)item << 32 | feature_of(making, other);
    return OK;
}

static int by_number(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

/* The pairs, in order and each once, become the items' lists. */
static void spread_pairs(Making *making)
{
    Guide *guide = making->guide;
    GuideTrait *features = arena_array(&guide->text, GuideTrait, making->pair_count);
    size_t count = 0;

    if (making->pair_count > 0)
        qsort(making->pairs, making->pair_count, sizeof(uint64_t), by_number);
    for (size_t i = 0; i < making->pair_count; i++) {
        GuideItem *item = &guide->items[making->pairs[i] >> 32];
        uint32_t feature = (uint32_t)making->pairs[i];

        if (i > 0 && making->pairs[i] == making->pairs[i - 1])
            continue;
        if (item->feature_count == 0)
            item->features = &features[count];
        features[count++].feature = feature;
        item->feature_count++;
        guide->features[feature].rarity += 1;
    }
}

/* The lists turned round. */
void guide_list_items(Guide *guide, size_t pair_count)
{
    size_t *next = arena_array(&guide->text, size_t, guide->feature_count + 2);

    guide->items_of = arena_array(&guide->text, uint32_t, pair_count);
    for (size_t i = 0; i < guide->item_count; i++)
        for (size_t f = 0; f < guide->items[i].feature_count; f++)
            next[guide->items[i].features[f].feature + 2]++;
    for (size_t f = 0; f < guide->feature_count; f++)
        next[f + 2] += next[f + 1];
    /* next[f + 1] is where the list of f goes on, and at the end where it ended: one further on than it began. */
    for (size_t i = 0; i < guide->item_count; i++)
        for (size_t f = 0; f < guide->items[i].feature_count; f++)
            guide->items_of[next[guide->items[i].features[f].feature + 1]++] = (uint32_t)i;
    guide->first_item = next;
}

static void weigh_features(Guide *guide)
{
    for (size_t f = 0; f < guide->feature_count; f++)
        guide->features[f].rarity =
            (float)sqrt(log(1 + (double)guide->item_count / (double)guide->features[f].rarity));
    for (size_t i = 0; i < guide->item_count; i++) {
        GuideItem *item = &guide->items[i];
        float square = 0;

        for (size_t f = 0; f < item->feature_count; f++) {
            float rarity = guide->features[item->features[f].feature].rarity;

            item->features[f].rarity = rarity;
            square += rarity * rarity;
        }
        item->length = sqrtf(square);
    }
}

Err guide_load_features(Making *making)
{
    size_t count;
    const SchemaRelationship *kinds = schema_relationships(making->schema, &count);

    for (size_t i = 0; i < count; i++) {
        if (kinds[i].shared.len == 0)
            continue;
        making->kind = &kinds[i];
        TRY(graph_scan_relationships(making->graph, kinds[i].name, load_shared, making));
    }
    spread_pairs(making);
    guide_list_items(making->guide, making->pair_count);
    weigh_features(making->guide);
    return OK;
}

/* What people say counts more, the more of them there are: with FADING_PEOPLE what a thing shares counts half. */
void guide_weigh_shares(Guide *guide)
{
    static const double CONTENT_SHARE =
        0.3; /* a model's weights add up to about 1 for what is surely liked */
    static const double FADING_PEOPLE = 20;

    guide->share_of = memory_zalloc((guide->item_count + 1) * sizeof(double));
    for (size_t i = 0; i < guide->item_count; i++) {
        double length = (double)guide->items[i].length;

        if (length > 0)
            guide->share_of[i] =
                CONTENT_SHARE * FADING_PEOPLE / (length * (FADING_PEOPLE + (double)guide->items[i].people));
    }
}
