#include "services/world/guide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "services/world/recommend/tune.h"

/* A guide while it is put together. */
typedef struct Making {
    Guide *guide;
    Graph *graph;
    const Schema *schema;
    const Catalogue *catalogue;
    const SchemaLabel *label;
    const SchemaRelationship *kind;
    size_t capacity;
    size_t feature_capacity;
    uint64_t *pairs; /* an item's number above, a feature's below */
    size_t pair_count;
    size_t pair_capacity;
} Making;

/* ---- what is there */

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

static GuideItem *new_item(Making *making, Str id)
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
    item = new_item(making, node->key);
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

static void number_items(Guide *guide)
{
    if (guide->item_count > 0)
        qsort(guide->items, guide->item_count, sizeof(GuideItem), by_id);
    guide->liked_of = memory_grow(guide->liked_of, guide->item_count + 1, sizeof(uint32_t));
    for (size_t i = 0; i < guide->item_count; i++) {
        *keymap_place(&guide->by_id, guide->items[i].id) = (uint32_t)i;
        guide->liked_of[i] = GUIDE_NONE;
    }
}

static Err load_items(Making *making)
{
    size_t count;
    const SchemaLabel *labels = schema_labels(making->schema, &count);

    for (size_t i = 0; i < count; i++) {
        if (labels[i].recommended_by.count == 0)
            continue;
        making->label = &labels[i];
        TRY(graph_scan_nodes(making->graph, labels[i].name, load_item, making));
    }
    number_items(making->guide);
    return OK;
}

/* ---- what it shares */

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
    uint32_t *features = arena_array(&guide->text, uint32_t, making->pair_count);
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
        features[count++] = feature;
        item->feature_count++;
        guide->features[feature].rarity += 1;
    }
}

/* The lists turned round. */
static void list_items(Guide *guide, size_t pair_count)
{
    size_t *next = arena_array(&guide->text, size_t, guide->feature_count + 2);

    guide->items_of = arena_array(&guide->text, uint32_t, pair_count);
    for (size_t i = 0; i < guide->item_count; i++)
        for (size_t f = 0; f < guide->items[i].feature_count; f++)
            next[guide->items[i].features[f] + 2]++;
    for (size_t f = 0; f < guide->feature_count; f++)
        next[f + 2] += next[f + 1];
    /* next[f + 1] is where the list of f goes on, and at the end where it ended: one further on than it began. */
    for (size_t i = 0; i < guide->item_count; i++)
        for (size_t f = 0; f < guide->items[i].feature_count; f++)
            guide->items_of[next[guide->items[i].features[f] + 1]++] = (uint32_t)i;
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

        for (size_t f = 0; f < item->feature_count; f++)
            square += guide->features[item->features[f]].rarity * guide->features[item->features[f]].rarity;
        item->length = sqrtf(square);
    }
}

static Err load_features(Making *making)
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
    list_items(making->guide, making->pair_count);
    weigh_features(making->guide);
    return OK;
}

/* ---- who likes it */

double guide_score(Json properties)
{
    AUTO_JSON json_t *values = NULL;
    const json_t *score;
    double quick = 1;
    Err e;

    if (json_peek_number(properties, STR("score"), &quick) != JSON_PEEK_UNSURE)
        return fmax(-1, fmin(1, quick));
    e = json_read(properties, &values);
    score = failed(&e) ? NULL : json_object_get(values, "score");
    return json_is_number(score) ? fmax(-1, fmin(1, json_number_value(score))) : 1;
}

/* Things that can't be found, such as somebody's orders, are no taste that others could share. */
static Err load_like(void *context, const GraphRelationship *r)
{
    Making *making = context;

    if (!schema_is_open(making->schema) && keymap_get(&making->guide->by_id, r->to) == KEYMAP_NONE &&
        catalogue_find(making->catalogue, r->to) == NULL)
        return OK;
    likes_add(&making->guide->likes, r->from, r->to, making->kind->taste * guide_score(r->properties),
              r->at_us);
    return OK;
}

static Err load_likes(Making *making)
{
    size_t count;
    const SchemaRelationship *kinds = schema_relationships(making->schema, &count);

    for (size_t i = 0; i < count; i++) {
        if (kinds[i].taste == 0 || kinds[i].words)
            continue;
        making->kind = &kinds[i];
        TRY(graph_scan_relationships(making->graph, kinds[i].name, load_like, making));
    }
    likes_seal(&making->guide->likes);
    return OK;
}

/* A collection that has other labels than the world: whatever somebody liked can be recommended. */
static void recommend_whatever_was_liked(Making *making)
{
    const Likes *likes = &making->guide->likes;

    for (size_t i = 0; i < likes->item_count; i++)
        if (keymap_get(&making->guide->by_id, likes->items[i]) != KEYMAP_NONE)
            return;
    making->guide->item_count = 0;
    keymap_finish(&making->guide->by_id);
    for (size_t i = 0; i < likes->item_count; i++)
        (void)new_item(making, likes->items[i]);
    number_items(making->guide);
    list_items(making->guide, 0); /* nothing is known of what they share */
}

static void match_items(Guide *guide)
{
    uint32_t *people = likes_popularity(&guide->likes);

    guide->item_of = memory_alloc((guide->likes.item_count + 1) * sizeof(uint32_t));
    guide->feature_of = memory_alloc((guide->likes.item_count + 1) * sizeof(uint32_t));
    for (size_t i = 0; i < guide->likes.item_count; i++) {
        uint32_t item = keymap_get(&guide->by_id, guide->likes.items[i]);

        guide->item_of[i] = item;
        guide->feature_of[i] = keymap_get(&guide->by_feature, guide->likes.items[i]);
        if (item == KEYMAP_NONE)
            continue;
        guide->liked_of[item] = (uint32_t)i;
        guide->items[item].people = people[i];
        guide->most_people = people[i] > guide->most_people ? people[i] : guide->most_people;
    }
    memory_free(people);
}

static Err learn_model(Making *making, GuideDepth depth)
{
    Guide *guide = making->guide;
    ModelSettings settings;

    TRY(load_likes(making));
    guide->like_count = guide->likes.first[guide->likes.people_count];
    if (schema_is_open(making->schema) && guide->like_count > 0)
        recommend_whatever_was_liked(making);
    match_items(guide);
    settings = tune(&guide->likes, &guide->ndcg);
    TRY(model_build(&guide->likes, &settings, &guide->model));
    if (depth != GUIDE_PEOPLE)
        likes_forget_people(&guide->likes);
    return OK;
}

/* ---- the whole */

static Err load(Making *making, GuideDepth depth)
{
    TRY(graph_get_version(making->graph, &making->guide->version));
    TRY(load_items(making));
    TRY(load_features(making));
    return depth != GUIDE_ITEMS ? learn_model(making, depth) : OK;
}

Err guide_load(Graph *graph, const Schema *schema, const Catalogue *catalogue, GuideDepth depth, Guide **out)
{
    Making making = {.guide = memory_new(Guide), .graph = graph, .schema = schema, .catalogue = catalogue};
    Guide *guide = making.guide;
    Err e;

    arena_init(&guide->text);
    likes_init(&guide->likes);
    guide->holders = 1;
    e = load(&making, depth);
    memory_free(making.pairs);
    if (failed(&e)) {
        guide_release(&guide);
        return e;
    }
    *out = guide;
    return OK;
}

void guide_release(Guide **held)
{
    Guide *guide = *held;

    *held = NULL;
    if (guide == NULL || atomic_fetch_sub(&guide->holders, 1) > 1)
        return;
    model_finish(&guide->model);
    likes_finish(&guide->likes);
    keymap_finish(&guide->by_id);
    keymap_finish(&guide->by_feature);
    memory_free(guide->items);
    memory_free(guide->features);
    memory_free(guide->liked_of);
    memory_free(guide->item_of);
    memory_free(guide->feature_of);
    arena_finish(&guide->text);
    memory_free(guide);
}
