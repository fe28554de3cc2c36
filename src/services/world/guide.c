#include "services/world/guide.h"

#include <math.h>

#include "base/memory.h"
#include "services/world/guide_making.h"
#include "services/world/recommend/tune.h"

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
        (void)guide_new_item(making, likes->items[i]);
    guide_number_items(making->guide);
    guide_list_items(making->guide, 0); /* nothing is known of what they share */
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
    TRY(guide_load_items(making));
    TRY(guide_load_features(making));
    if (depth != GUIDE_ITEMS)
        TRY(learn_model(making, depth));
    guide_weigh_shares(making->guide);
    return OK;
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
    memory_free(guide->share_of);
    arena_finish(&guide->text);
    memory_free(guide);
}
