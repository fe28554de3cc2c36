/* Who likes this likes that: between each two items a weight, learned from everybody's likes (EASE, ease.h, and what it
 * misses, smooth.h). What somebody would like is the sum of the weights of what they like. Built once, then only read. */
#ifndef NERDX_SERVICES_WORLD_RECOMMEND_MODEL_H
#define NERDX_SERVICES_WORLD_RECOMMEND_MODEL_H

#include "services/world/recommend/ease.h"
#include "services/world/recommend/likes.h"

/* Up to so many items every weight is kept. Beyond that the exact model is kept as a product, if people are few enough
 * that it is no larger; otherwise each item has its NEIGHBOURS. */
enum { MODEL_DENSE_ITEMS = 8000, MODEL_DUAL_PEOPLE = 4096, MODEL_NEIGHBOURS = 100, MODEL_DIRECTIONS = 128 };

/* A model that is kept answers quickly, one that is only tried is built quickly. */
typedef enum ModelUse { MODEL_TO_KEEP, MODEL_TO_TRY } ModelUse;

/* What a model of so many items and people costs to build, in multiplications. */
double model_cost(size_t items, size_t people, ModelUse use);

typedef struct ModelSettings {
    double lambda;       /* of EASE, as a multiple of what the rule gives (model.c) */
    double score_power;  /* how much the height of a score matters: 1 as it is, 0 not at all */
    double person_power; /* somebody with n likes has the weight n^-power among all people */
    double smooth_rank;  /* directions of taste, as a multiple of √items; 0 = none */
    double smooth_share; /* how loud they are beside EASE */
    double memory;       /* a like with so many newer ones counts half; 0 = all alike */
} ModelSettings;

/* For what is too small to learn settings from (tune.h). */
extern const ModelSettings MODEL_DEFAULTS;

typedef struct Model {
    ModelSettings settings;
    size_t items;
    float *dense; /* items × items, or NULL */
    Sparse near;  /* items × items, or zeroed */
    Factor dual;  /* or zeroed */
    Factor smooth;
} Model;

/* Errors: INTERNAL when the likes can't be solved for. */
Err model_build(const Likes *likes, const ModelSettings *settings, Model *out);

/* The same in two steps, with the smooth part beside the other, so that its share can still be changed. */
Err model_build_apart(const Likes *likes, const ModelSettings *settings, ModelUse use, Model *out);
void model_set_share(Model *model, double share);
void model_fold(Model *model);

void model_finish(Model *model); /* accepts a zeroed one */

/* What a like says of somebody's taste. */
Taste model_taste(const ModelSettings *settings, const Like *like);

/* What these tastes say of every item, into scores[items]; what was liked itself too. */
void model_score(const Model *model, const Taste *tastes, size_t count, float *scores);

/* The same for many people at once: those of person p are tastes[first[p]] to tastes[first[p + 1]]; scores has a row a
 * person. */
void model_score_many(const Model *model, const Taste *tastes, const size_t *first, size_t people,
                      float *scores);

/* What liking i says of j: the part that i has in the score of j is this times its taste. */
double model_between(const Model *model, uint32_t i, uint32_t j);

#endif
