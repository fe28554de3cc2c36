/* What recommendations are made from, as it was at one moment: the things that can be recommended, what they are joined to
 * and like, and who likes what (recommend/model.h). Made from a graph, then only read; counted, so that whoever is still
 * reading keeps it while a newer one takes its place (recommender.h). */
#ifndef NERDX_SERVICES_WORLD_GUIDE_H
#define NERDX_SERVICES_WORLD_GUIDE_H

#include <stdatomic.h>

#include "services/world/catalogue.h"
#include "services/world/recommend/model.h"

#define GUIDE_NONE KEYMAP_NONE

/* Something that what is recommended may share: a story, an ingredient. */
typedef struct GuideFeature {
    Str id;
    Str kind;     /* as the schema has it: "shared_story" */
    float rarity; /* √log(1 + things / things that have it): what few share tells more */
} GuideFeature;

/* One of a thing's features. */
typedef struct GuideTrait {
    uint32_t feature;
    float rarity; /* the feature's */
} GuideTrait;

typedef struct GuideItem {
    Str id;
    Str category;
    Str category_ko;
    double abv;
    bool has_abv;
    StrSet words; /* what it is like: taste, tags, category, in every language */
    GuideTrait *features;
    size_t feature_count;
    float length;    /* of its features as a vector; 0 = it has none */
    uint32_t people; /* who liked it */
} GuideItem;

typedef struct Guide {
    Arena text;
    GuideItem *items; /* by id */
    size_t item_count;
    StrIdMap by_id;
    GuideFeature *features;
    size_t feature_count;
    uint32_t
        *items_of; /* that have a feature, feature by feature: ascending from items_of[first_item[feature]] */
    size_t *first_item; /* of each feature, and one behind the last */
    StrIdMap by_feature;
    Likes likes;          /* without its rows, unless they were kept */
    uint32_t *liked_of;   /* of each item: its number in the model, GUIDE_NONE when nobody liked it */
    uint32_t *item_of;    /* of each liked thing: its place among items, or GUIDE_NONE */
    uint32_t *feature_of; /* likewise among features */
    double *share_of;     /* of each item: how loud it is that it shares something */
    uint32_t most_people; /* who liked the most liked item */
    Model model;          /* items is 0 before it is learned */
    double ndcg;          /* what the model's settings reached (tune.h), 0 = too little to tell */
    size_t like_count;
    int64_t version; /* of the graph */
    _Atomic int holders;
} Guide;

typedef enum GuideDepth {
    GUIDE_ITEMS, /* without a model: what is there is known at once, who likes it takes a while */
    GUIDE_MODEL,
    GUIDE_PEOPLE /* the rows of the likes too: to recommend to everybody */
} GuideDepth;

/* Errors: those of the graph; INTERNAL when the likes can't be solved for. The caller holds the result. */
Err guide_load(Graph *graph, const Schema *schema, const Catalogue *catalogue, GuideDepth depth, Guide **out);
void guide_release(Guide **held); /* accepts NULL in it */
#define AUTO_GUIDE __attribute__((cleanup(guide_release)))

/* What a relationship's properties say of taste: their score, 1 when there is none, from -1 to 1. */
double guide_score(Json properties);

#endif
