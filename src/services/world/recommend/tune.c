#include "services/world/recommend/tune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DEPTH = 10, HELD_OUT_OF = 5, LIKES_LEAST = 5, CROWD = 64 };

/* The defaults suit most collections, and what is held out of a sample tells only so much: a change must be worth it. */
static const double WORTH = 1.02;

/* All items take part when a model of them costs no more multiplications than this. */
static const double DEAREST = 2e10;

static const double SCORE_POWERS[] = {1, 0};
static const double SMOOTH_RANKS[] = {1, 2};
static const double SMOOTH_SHARES[] = {0.2, 0.1, 0.4, 0.8};
static const double MEMORIES[] = {300, 100, 30, 10};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What settings are tried on: `kept` is learned from, `judges` are people whose `held` likes should be ranked high. */
typedef struct Trial {
    Likes kept;
    uint32_t *judges;
    size_t judge_count;
    size_t *first; /* of each judge's held items, and one behind the last */
    uint32_t *held;
    bool is_whole; /* it has all items */
    ModelSettings best;
    double ndcg;
} Trial;

/* ---- the trial */

typedef struct Liked {
    uint32_t item;
    uint32_t people;
} Liked;

static int most_liked_first(const void *a, const void *b)
{
    const Liked *left = a;
    const Liked *right = b;

    if (left->people != right->people)
        return left->people > right->people ? -1 : 1;
    return (left->item > right->item) - (left->item < right->item);
}

/* The number of each item in the trial, UINT32_MAX where it isn't in it. */
static uint32_t *choose_items(const Likes *likes, size_t most, size_t *count)
{
    uint32_t *popularity = likes_popularity(likes);
    Liked *order = memory_alloc((likes->item_count + 1) * sizeof(Liked));
    uint32_t *number = memory_alloc((likes->item_count + 1) * sizeof(uint32_t));

    for (size_t i = 0; i < likes->item_count; i++)
        order[i] = (Liked){(uint32_t)i, popularity[i]};
    if (likes->item_count > 0)
        qsort(order, likes->item_count, sizeof(Liked), most_liked_first);
    *count = likes->item_count < most ? likes->item_count : most;
    memset(number, UINT8_MAX, (likes->item_count + 1) * sizeof(uint32_t));
    for (size_t i = 0; i < *count; i++)
        number[order[i].item] = 0;
    for (size_t i = 0, next = 0; i < likes->item_count; i++)
        if (number[i] != UINT32_MAX)
            number[i] = (uint32_t)next++;
    memory_free(popularity);
    memory_free(order);
    return number;
}

/* Chance that is the same each time: SplitMix64's last step. */
static bool is_held_out(size_t person, uint32_t item)
{
    uint64_t z = (uint64_t)person * 0x9E3779B97F4A7C15U + item;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return (z ^ (z >> 31)) % HELD_OUT_OF == 0;
}

static size_t count_liked(const Likes *likes, const uint32_t *number, size_t person)
{
    size_t liked = 0;

    for (size_t i = likes->first[person]; i < likes->first[person + 1]; i++)
        liked += number[likes->likes[i].item] != UINT32_MAX && likes->likes[i].score > 0;
    return liked;
}

/* Parts a person's likes into kept and held. */
static void part_likes(const Likes *likes, const uint32_t *number, size_t person, Trial *trial, size_t *held)
{
    bool judges = count_liked(likes, number, person) >= LIKES_LEAST;
    Likes *kept = &trial->kept;
    size_t end = kept->first[kept->people_count];

    for (size_t i = likes->first[person]; i < likes->first[person + 1]; i++) {
        Like like = likes->likes[i];

        like.item = number[like.item];
        if (like.item == UINT32_MAX)
            continue;
        if (judges && like.score > 0 && is_held_out(person, like.item))
            trial->held[(*held)++] = like.item;
        else
            kept->likes[end++] = like;
    }
    kept->first[++kept->people_count] = end;
}

/* Of all who had something held out, evenly so many as there may be. */
static void thin_judges(Trial *trial)
{
    size_t step = trial->judge_count / TUNE_JUDGES + 1;
    size_t count = 0;

    for (size_t j = 0; j < trial->judge_count; j += step) {
        trial->judges[count] = trial->judges[j];
        memmove(&trial->first[2 * count], &trial->first[2 * j], 2 * sizeof(size_t));
        count++;
    }
    trial->judge_count = count;
}

static Trial make_trial(const Likes *likes)
{
    size_t step = likes->people_count / TUNE_PEOPLE + 1;
    size_t most = likes->people_count / step + 1;
    Trial trial = {.judges = memory_alloc((most + 1) * sizeof(uint32_t)),
                   .first = memory_alloc((2 * most + 2) * sizeof(size_t)),
                   .held = memory_alloc((likes->first[likes->people_count] + 1) * sizeof(uint32_t))};
    uint32_t *number;
    size_t held = 0;

    trial.is_whole = model_cost(likes->item_count, most, MODEL_TO_TRY) <= DEAREST;
    number = choose_items(likes, trial.is_whole ? likes->item_count : TUNE_ITEMS, &trial.kept.item_count);
    trial.kept.first = memory_zalloc((most + 1) * sizeof(size_t));
    trial.kept.likes = memory_alloc((likes->first[likes->people_count] + 1) * sizeof(Like));
    for (size_t person = 0; person < likes->people_count; person += step) {
        size_t begin = held;

        part_likes(likes, number, person, &trial, &held);
        if (held == begin)
            continue;
        trial.first[2 * trial.judge_count] = begin;
        trial.first[2 * trial.judge_count + 1] = held;
        trial.judges[trial.judge_count++] = (uint32_t)(trial.kept.people_count - 1);
    }
    thin_judges(&trial);
    memory_free(number);
    return trial;
}

static void trial_finish(Trial *trial)
{
    memory_free(trial->kept.first);
    memory_free(trial->kept.likes);
    memory_free(trial->judges);
    memory_free(trial->first);
    memory_free(trial->held);
}

/* ---- judging */

/* The DEPTH best items, of equal ones the first; what was kept of the person is left out. */
static size_t rank(const Likes *kept, size_t person, float *scores, uint32_t best[DEPTH])
{
    size_t count = 0;

    for (size_t i = kept->first[person]; i < kept->first[person + 1]; i++)
        scores[kept->likes[i].item] = -INFINITY;
    for (size_t j = 0; j < kept->item_count; j++) {
        size_t place = count;

        if (count == DEPTH && scores[j] <= scores[best[DEPTH - 1]])
            continue;
        while (place > 0 && scores[best[place - 1]] < scores[j])
            place--;
        count += count < DEPTH;
        memmove(best + place + 1, best + place, (count - place - 1) * sizeof *best);
        best[place] = (uint32_t)j;
    }
    return count;
}

static bool has(const uint32_t *items, size_t count, uint32_t item)
{
    for (size_t i = 0; i < count; i++)
        if (items[i] == item)
            return true;
    return false;
}

static double gain(size_t place)
{
    return 1 / log2((double)place + 2);
}

static double ndcg_of(const uint32_t *best, size_t count, const uint32_t *held, size_t held_count)
{
    double reached = 0;
    double possible = 0;

    for (size_t place = 0; place < count; place++)
        reached += has(held, held_count, best[place]) ? gain(place) : 0;
    for (size_t place = 0; place < held_count && place < DEPTH; place++)
        possible += gain(place);
    return reached / possible;
}

/* Some judges and their tastes. */
typedef struct Crowd {
    Taste *tastes;
    size_t first[CROWD + 1];
    float *scores;
} Crowd;

static size_t gather(const Trial *trial, const ModelSettings *settings, size_t begin, Crowd *crowd)
{
    size_t people = 0;
    size_t count = 0;

    for (; people < CROWD && begin + people < trial->judge_count; people++) {
        size_t person = trial->judges[begin + people];

        crowd->first[people] = count;
        for (size_t i = trial->kept.first[person]; i < trial->kept.first[person + 1]; i++)
            crowd->tastes[count++] = model_taste(settings, &trial->kept.likes[i]);
    }
    crowd->first[people] = count;
    return people;
}

static double judge_one(const Trial *trial, size_t j, float *scores)
{
    uint32_t best[DEPTH];
    size_t count = rank(&trial->kept, trial->judges[j], scores, best);

    return ndcg_of(best, count, trial->held + trial->first[2 * j],
                   trial->first[2 * j + 1] - trial->first[2 * j]);
}

/* The mean over the judges. */
static double judge(const Trial *trial, const Model *model, const ModelSettings *settings)
{
    size_t items = trial->kept.item_count;
    Crowd crowd = {.tastes = memory_alloc((CROWD * items + 1) * sizeof(Taste)),
                   .scores = memory_alloc((CROWD * items + 1) * sizeof(float))};
    double sum = 0;

    for (size_t begin = 0; begin < trial->judge_count; begin += CROWD) {
        size_t people = gather(trial, settings, begin, &crowd);

        model_score_many(model, crowd.tastes, crowd.first, people, crowd.scores);
        for (size_t p = 0; p < people; p++)
            sum += judge_one(trial, begin + p, crowd.scores + p * items);
    }
    memory_free(crowd.tastes);
    memory_free(crowd.scores);
    return sum / (double)trial->judge_count;
}

/* ---- trying */

/* Takes the settings if they are worth it. */
static bool consider(Trial *trial, const Model *model, const ModelSettings *settings)
{
    double ndcg = judge(trial, model, settings);

    if (ndcg <= trial->ndcg * WORTH)
        return false;
    trial->ndcg = ndcg;
    trial->best = *settings;
    return true;
}

static bool try(Trial *trial, const ModelSettings *settings)
{
    Model model;
    Err e = model_build_apart(&trial->kept, settings, MODEL_TO_TRY, &model);
    bool better = !failed(&e) && consider(trial, &model, settings);

    model_finish(&model);
    return better;
}

static bool scores_differ(const Likes *likes)
{
    for (size_t i = 1; i < likes->first[likes->people_count]; i++)
        if (likes->likes[i].score != likes->likes[0].score)
            return true;
    return false;
}

static void try_scores(Trial *trial)
{
    ModelSettings settings = trial->best;

    for (size_t i = 0; i < COUNT(SCORE_POWERS) && scores_differ(&trial->kept); i++) {
        settings.score_power = SCORE_POWERS[i];
        (void)try(trial, &settings);
    }
}

/* As long as it helps, and then half a step back. */
static void try_lambda(Trial *trial, double factor)
{
    ModelSettings settings = trial->best;

    do
        settings.lambda *= factor;
    while (try(trial, &settings));
    settings.lambda /= sqrt(factor);
    (void)try(trial, &settings);
}

/* One model a number of directions; how loud they are is only a factor. */
static void try_smooth_rank(Trial *trial, ModelSettings settings)
{
    Model model;
    Err e;

    settings.smooth_share = SMOOTH_SHARES[0];
    e = model_build_apart(&trial->kept, &settings, MODEL_TO_TRY, &model);
    for (size_t i = 0; i < COUNT(SMOOTH_SHARES) && !failed(&e); i++) {
        model_set_share(&model, SMOOTH_SHARES[i]);
        (void)consider(trial, &model, &model.settings);
    }
    model_finish(&model);
}

static void try_smooth(Trial *trial)
{
    ModelSettings settings = trial->best;

    for (size_t i = 0; i < COUNT(SMOOTH_RANKS); i++) {
        settings.smooth_rank = SMOOTH_RANKS[i];
        try_smooth_rank(trial, settings);
    }
}

static void try_memory(Trial *trial)
{
    ModelSettings settings = trial->best;
    Model model;
    Err e = model_build_apart(&trial->kept, &settings, MODEL_TO_TRY, &model);

    for (size_t i = 0; i < COUNT(MEMORIES) && !failed(&e); i++) {
        settings.memory = MEMORIES[i];
        (void)consider(trial, &model, &settings);
    }
    model_finish(&model);
}

ModelSettings tune(const Likes *likes, double *ndcg)
{
    Trial trial = make_trial(likes);
    ModelSettings best = MODEL_DEFAULTS;

    *ndcg = 0;
    trial.best = best;
    if (trial.judge_count >= TUNE_JUDGES_LEAST) {
        (void)try(&trial, &best);
        try_scores(&trial);
        try_lambda(&trial, 2);
        try_lambda(&trial, 0.5);
        if (trial.is_whole)
            try_smooth(&trial);
        try_memory(&trial);
        best = trial.best;
        *ndcg = trial.ndcg;
    }
    trial_finish(&trial);
    return best;
}
