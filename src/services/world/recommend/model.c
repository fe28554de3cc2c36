#include "services/world/recommend/model.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "services/world/recommend/smooth.h"

enum { SAMPLE_PEOPLE = 256, LEAST_DIRECTIONS = 4, UNFOLDED = 2 << 20 /* items × directions */ };

/* λ = RULE · (likes a person) · √(likes an item) · (a like's mean square). Fitted to where λ is best on public
 * collections from 40 thousand to a million likes, within a factor of two on each; tune.c finds the rest. */
static const double RULE = 0.6;
static const double SMALLEST_LAMBDA = 1e-3;

const ModelSettings MODEL_DEFAULTS = {
    .lambda = 1,
    .score_power = 0.5,
    .person_power = 0.25,
    .smooth_rank = 1,
    .smooth_share = 0.2,
};

static float powered(float score, double power)
{
    if (score == 0 || power == 1)
        return score;
    return copysignf((float)pow(fabs((double)score), power), score);
}

Taste model_taste(const ModelSettings *settings, const Like *like)
{
    float value = powered(like->score, settings->score_power);

    if (settings->memory > 0)
        value = (float)((double)value / (1 + (double)like->newer / settings->memory));
    return (Taste){like->item, value};
}

/* People as rows, each weighed. */
static Sparse rows_of(const Likes *likes, const ModelSettings *settings)
{
    size_t count = likes->first[likes->people_count];
    Sparse out = sparse_new(likes->people_count, likes->item_count, count);
    double mean = likes->people_count > 0 ? (double)count / (double)likes->people_count : 1;

    for (size_t p = 0; p < likes->people_count; p++) {
        size_t mine = likes->first[p + 1] - likes->first[p];
        double weight = pow((double)(mine + 1) / (mean + 1), -settings->person_power / 2);

        out.first[p + 1] = out.first[p];
        for (size_t i = likes->first[p]; i < likes->first[p + 1]; i++) {
            float value = powered(likes->likes[i].score, settings->score_power);

            if (value == 0)
                continue;
            out.column[out.first[p + 1]] = likes->likes[i].item;
            out.value[out.first[p + 1]++] = (float)((double)value * weight);
        }
    }
    return out;
}

static double ruled_lambda(const Sparse *x)
{
    double count = (double)sparse_count(x);
    double square = 0;
    double lambda;

    for (size_t i = 0; i < sparse_count(x); i++)
        square += (double)x->value[i] * (double)x->value[i];
    lambda = RULE * square / (double)(x->rows + 1) * sqrt(count / (double)(x->columns + 1));
    return lambda > SMALLEST_LAMBDA ? lambda : SMALLEST_LAMBDA;
}

typedef enum Form { DENSE, DUAL, NEAR } Form;

static double dense_cost(size_t items)
{
    return (double)items * (double)items * (double)items;
}

static double dual_cost(size_t items, size_t people)
{
    return (double)people * (double)people * ((double)items + (double)people);
}

static Form form_of(size_t items, size_t people, ModelUse use)
{
    bool dual_fits =
        people <= MODEL_DUAL_PEOPLE && people * items <= (size_t)MODEL_DENSE_ITEMS * MODEL_DENSE_ITEMS;
    bool hurry = use == MODEL_TO_TRY && dual_cost(items, people) < dense_cost(items);

    if (items <= MODEL_DENSE_ITEMS && !(dual_fits && hurry))
        return DENSE;
    return dual_fits ? DUAL : NEAR;
}

double model_cost(size_t items, size_t people, ModelUse use)
{
    switch (form_of(items, people, use)) {
    case DENSE:
        return dense_cost(items);
    case DUAL:
        return dual_cost(items, people);
    default:
        return (double)items * (double)(MODEL_NEIGHBOURS * MODEL_NEIGHBOURS * MODEL_NEIGHBOURS);
    }
}

static Err build_ease(const Sparse *x, double lambda, ModelUse use, Model *model)
{
    switch (form_of(x->columns, x->rows, use)) {
    case DENSE:
        return ease_dense(x, lambda, &model->dense);
    case DUAL:
        return ease_dual(x, lambda, &model->dual);
    default:
        model->near = ease_sparse(x, lambda, MODEL_NEIGHBOURS);
        return OK;
    }
}

static double loudness(const float *scores, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += fabs((double)scores[i]);
    return sum;
}

static size_t tastes_of(const Likes *likes, const ModelSettings *settings, size_t person, Taste *out)
{
    size_t count = 0;

    for (size_t i = likes->first[person]; i < likes->first[person + 1]; i++)
        out[count++] = model_taste(settings, &likes->likes[i]);
    return count;
}

/* How much louder EASE is than the smooth part, over some of the people. */
static double louder(const Likes *likes, const Model *model, const Factor *factor)
{
    size_t step = likes->people_count / SAMPLE_PEOPLE + 1;
    float *scores = memory_alloc((likes->item_count + 1) * sizeof(float));
    Taste *tastes = memory_alloc((likes->item_count + 1) * sizeof(Taste));
    double ease = 0;
    double other = 0;

    for (size_t p = 0; p < likes->people_count; p += step) {
        size_t count = tastes_of(likes, &model->settings, p, tastes);

        model_score(model, tastes, count, scores);
        ease += loudness(scores, likes->item_count);
        memset(scores, 0, likes->item_count * sizeof(float));
        factor_add(factor, tastes, count, scores);
        other += loudness(scores, likes->item_count);
    }
    memory_free(scores);
    memory_free(tastes);
    return other > 0 ? ease / other : 0;
}

/* Beside a whole model they cost nothing, because they are folded into it; others have to be gone through each time. */
static size_t directions(double wanted, const Model *model)
{
    size_t most = MODEL_DIRECTIONS;

    if (model->dense == NULL && model->items > 0 && UNFOLDED / model->items < most)
        most = UNFOLDED / model->items;
    return wanted < (double)most ? (size_t)wanted : most;
}

/* A collection without directions of taste stays as EASE has it. */
static void build_smooth(const Likes *likes, const Sparse *x, Model *model)
{
    size_t rank = directions(model->settings.smooth_rank * sqrt((double)x->columns), model);
    Factor factor;
    double louder_by;
    Err e;

    if (rank < LEAST_DIRECTIONS)
        return;
    e = smooth(x, rank, &factor);
    if (failed(&e))
        return;
    louder_by = louder(likes, model, &factor);
    for (size_t i = 0; i < factor.items; i++)
        factor.from[i] = (float)((double)factor.from[i] * model->settings.smooth_share * louder_by);
    model->smooth = factor;
}

Err model_build_apart(const Likes *likes, const ModelSettings *settings, ModelUse use, Model *out)
{
    Sparse x = rows_of(likes, settings);
    Err e;

    *out = (Model){.settings = *settings, .items = likes->item_count};
    e = build_ease(&x, settings->lambda * ruled_lambda(&x), use, out);
    if (!failed(&e) && settings->smooth_rank > 0 && settings->smooth_share > 0)
        build_smooth(likes, &x, out);
    sparse_finish(&x);
    return e;
}

void model_set_share(Model *model, double share)
{
    for (size_t i = 0; i < model->smooth.items; i++)
        model->smooth.from[i] = (float)((double)model->smooth.from[i] * share / model->settings.smooth_share);
    model->settings.smooth_share = share;
}

void model_fold(Model *model)
{
    if (model->dense == NULL || model->smooth.items == 0)
        return;
    factor_add_to(&model->smooth, model->dense);
    factor_finish(&model->smooth);
}

Err model_build(const Likes *likes, const ModelSettings *settings, Model *out)
{
    TRY(model_build_apart(likes, settings, MODEL_TO_KEEP, out));
    model_fold(out);
    return OK;
}

void model_finish(Model *model)
{
    memory_free(model->dense);
    sparse_finish(&model->near);
    factor_finish(&model->dual);
    factor_finish(&model->smooth);
    *model = (Model){0};
}

static void score_dense(const Model *model, const Taste *tastes, size_t count, float *scores)
{
    for (size_t t = 0; t < count; t++) {
        const float *row = model->dense + tastes[t].item * model->items;
        float value = tastes[t].value;

        for (size_t j = 0; j < model->items; j++)
            scores[j] += value * row[j];
    }
}

static void score_near(const Sparse *near, const Taste *tastes, size_t count, float *scores)
{
    for (size_t t = 0; t < count; t++)
        for (size_t i = near->first[tastes[t].item]; i < near->first[tastes[t].item + 1]; i++)
            scores[near->column[i]] += tastes[t].value * near->value[i];
}

void model_score(const Model *model, const Taste *tastes, size_t count, float *scores)
{
    memset(scores, 0, model->items * sizeof(float));
    if (model->dense != NULL)
        score_dense(model, tastes, count, scores);
    if (model->near.rows > 0)
        score_near(&model->near, tastes, count, scores);
    if (model->dual.items > 0)
        factor_add(&model->dual, tastes, count, scores);
    if (model->smooth.items > 0)
        factor_add(&model->smooth, tastes, count, scores);
}

void model_score_many(const Model *model, const Taste *tastes, const size_t *first, size_t people,
                      float *scores)
{
    memset(scores, 0, people * model->items * sizeof(float));
    for (size_t p = 0; p < people; p++) {
        float *row = scores + p * model->items;
        size_t count = first[p + 1] - first[p];

        if (model->dense != NULL)
            score_dense(model, tastes + first[p], count, row);
        if (model->near.rows > 0)
            score_near(&model->near, tastes + first[p], count, row);
    }
    if (model->dual.items > 0)
        factor_add_many(&model->dual, tastes, first, people, scores);
    if (model->smooth.items > 0)
        factor_add_many(&model->smooth, tastes, first, people, scores);
}

static double between_near(const Sparse *near, uint32_t i, uint32_t j)
{
    size_t low = near->first[i];
    size_t high = near->first[i + 1];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (near->column[middle] < j)
            low = middle + 1;
        else
            high = middle;
    }
    return low < near->first[i + 1] && near->column[low] == j ? (double)near->value[low] : 0;
}

double model_between(const Model *model, uint32_t i, uint32_t j)
{
    double sum = 0;

    if (model->dense != NULL)
        sum += (double)model->dense[i * model->items + j];
    if (model->near.rows > 0)
        sum += between_near(&model->near, i, j);
    if (model->dual.items > 0)
        sum += factor_between(&model->dual, i, j);
    if (model->smooth.items > 0)
        sum += factor_between(&model->smooth, i, j);
    return sum;
}
