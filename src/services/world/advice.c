#include "services/world/advice.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Parts of the score. A model's weights add up to about 1 for what is surely liked. */
static const double PREFERENCE_SHARE = 0.5;
static const double POPULARITY_SHARE = 0.001;

/* Everything about one person that scoring needs. */
typedef struct Scoring {
    const Guide *guide;
    const AdviceQuery *query;
    Taste *tastes; /* of what the model knows */
    size_t taste_count;
    const float *model; /* scores of the model's items, or NULL */
    float *features;    /* how much the person is for each feature, or NULL */
    float *shared;      /* of each item: that, over its features; or NULL */
    bool *seen;         /* of each item */
} Scoring;

typedef struct Parts {
    double model;
    double content;
    double preference;
} Parts; /* and popularity */

Liking guide_liking(const Guide *guide, Str id, const Like *like)
{
    bool learned = guide->model.items > 0;
    uint32_t liked = learned ? keymap_get(&guide->likes.by_item, id) : GUIDE_NONE;
    bool known = liked != GUIDE_NONE;
    Like numbered = {liked, like->newer, like->score};

    return (Liking){
        .id = id,
        .liked = liked,
        .item = known ? guide->item_of[liked] : keymap_get(&guide->by_id, id),
        .feature = known ? guide->feature_of[liked] : keymap_get(&guide->by_feature, id),
        .value = model_taste(learned ? &guide->model.settings : &MODEL_DEFAULTS, &numbered).value,
    };
}

/* ---- what the person is for */

static void add_feature(const Guide *guide, GuideTrait trait, float value, Scoring *s)
{
    float share = value * trait.rarity;

    s->features[trait.feature] += value;
    for (size_t i = guide->first_item[trait.feature]; i < guide->first_item[trait.feature + 1]; i++)
        s->shared[guide->items_of[i]] += share;
}

static void add_features(const Guide *guide, const Liking *liking, Scoring *s)
{
    const GuideItem *item = liking->item != GUIDE_NONE ? &guide->items[liking->item] : NULL;

    if (liking->feature != GUIDE_NONE)
        add_feature(guide, (GuideTrait){liking->feature, guide->features[liking->feature].rarity},
                    liking->value, s);
    for (size_t f = 0; item != NULL && f < item->feature_count; f++)
        add_feature(guide, item->features[f], liking->value * item->features[f].rarity / item->length, s);
}

static Scoring prepare(const Guide *guide, Arena *arena, const AdviceQuery *query)
{
    Scoring s = {.guide = guide, .query = query, .seen = arena_array(arena, bool, guide->item_count)};

    s.tastes = arena_array(arena, Taste, query->liking_count);
    if (guide->feature_count > 0) {
        s.features = arena_array(arena, float, guide->feature_count);
        s.shared = arena_array(arena, float, guide->item_count);
    }
    for (size_t i = 0; i < query->liking_count; i++) {
        const Liking *liking = &query->likings[i];

        if (liking->liked != GUIDE_NONE)
            s.tastes[s.taste_count++] = (Taste){liking->liked, liking->value};
        if (liking->item != GUIDE_NONE)
            s.seen[liking->item] = true;
        if (s.features != NULL)
            add_features(guide, liking, &s);
    }
    s.model = query->model_scores;
    if (s.model == NULL && s.taste_count > 0) {
        float *scores = arena_alloc(arena, (guide->model.items + 1) * sizeof(float));

        model_score(&guide->model, s.tastes, s.taste_count, scores);
        s.model = scores;
    }
    return s;
}

/* ---- scores */

static Str matching_word(const GuideItem *item, const Preference *preference)
{
    for (size_t i = 0; i < item->words.count; i++)
        for (size_t k = 0; k < preference->words.count; k++)
            if (str_equal_nocase(item->words.items[i], preference->words.items[k]))
                return item->words.items[i];
    return (Str){0};
}

/* Which part of what the person wants, and doesn't want, it is. */
static double preference_part(const Scoring *s, const GuideItem *item)
{
    double fits = 0, all = 0;

    for (size_t i = 0; i < s->query->preference_count; i++) {
        const Preference *preference = &s->query->preferences[i];

        all += fabs(preference->value);
        if (matching_word(item, preference).data != NULL)
            fits += preference->value;
    }
    return all > 0 ? PREFERENCE_SHARE * fits / all : 0;
}

static double feature_part(const Scoring *s, const GuideItem *item, size_t f)
{
    GuideTrait trait;

    assert(s->features != NULL && item->features != NULL);
    trait = item->features[f];
    return (double)(s->features[trait.feature] * trait.rarity) * s->guide->share_of[item - s->guide->items];
}

static double content_part(const Scoring *s, size_t i)
{
    return s->shared != NULL ? (double)s->shared[i] * s->guide->share_of[i] : 0;
}

static double popularity_part(const Scoring *s, const GuideItem *item)
{
    if (s->guide->most_people == 0)
        return 0;
    return POPULARITY_SHARE * (double)item->people / (double)s->guide->most_people;
}

static double model_part(const Scoring *s, size_t i)
{
    uint32_t liked = s->guide->liked_of[i];

    return s->model != NULL && liked != GUIDE_NONE ? (double)s->model[liked] : 0;
}

static Parts parts_of(const Scoring *s, size_t i)
{
    return (Parts){
        .model = model_part(s, i),
        .content = content_part(s, i),
        .preference = preference_part(s, &s->guide->items[i]),
    };
}

/* All but popularity, of every item. By number: the items themselves are far apart in memory, and most needn't be looked
 * at. */
static double *sums_of_parts(const Scoring *s, Arena *arena)
{
    size_t count = s->guide->item_count;
    double *sums = arena_alloc(arena, (count + 1) * sizeof(double));

    for (size_t i = 0; i < count; i++)
        sums[i] = model_part(s, i);
    for (size_t i = 0; i < count && s->shared != NULL; i++)
        sums[i] += content_part(s, i);
    for (size_t i = 0; i < count && s->query->preference_count > 0; i++)
        sums[i] += preference_part(s, &s->guide->items[i]);
    return sums;
}

static bool is_asked_for(const AdviceQuery *query, const GuideItem *item)
{
    bool any_abv = query->abv_min <= 0 && query->abv_max >= 100;

    if (query->category.data != NULL && !str_equal_nocase(item->category, query->category) &&
        !str_equal_nocase(item->category_ko, query->category))
        return false;
    return any_abv || (item->has_abv && item->abv >= query->abv_min && item->abv <= query->abv_max);
}

/* ---- the best */

typedef struct Found {
    const GuideItem *item;
    double score;
} Found;

static bool goes_before(const Found *a, const Found *b)
{
    if (a->score != b->score)
        return a->score > b->score;
    if (a->item->people != b->item->people)
        return a->item->people > b->item->people;
    return a->item < b->item; /* items are in the order of their ids */
}

/* Puts one where it belongs among the best so far; returns how many they are then. */
static size_t insert(Found *best, size_t count, size_t limit, Found one)
{
    size_t place;

    if (count == limit && !goes_before(&one, &best[count - 1]))
        return count;
    for (place = count < limit ? count++ : count - 1; place > 0 && goes_before(&one, &best[place - 1]);
         place--)
        best[place] = best[place - 1];
    best[place] = one;
    return count;
}

/* Popularity decides between the best, which nearly all aren't, whatever they would get by it: those are passed over by
 * their number alone. */
static size_t choose(const Scoring *s, const double *sums, Found *best)
{
    const AdviceQuery *query = s->query;
    double least = -INFINITY;
    size_t count = 0;

    for (size_t i = 0; i < s->guide->item_count; i++) {
        const GuideItem *item = &s->guide->items[i];

        if (sums[i] < least || (s->seen[i] && !query->with_seen) || !is_asked_for(query, item))
            continue;
        count = insert(best, count, query->limit, (Found){item, sums[i] + popularity_part(s, item)});
        if (count == query->limit)
            least = best[count - 1].score - 2 * POPULARITY_SHARE;
    }
    return count;
}

/* ---- reasons */

static void because_of_people(const Scoring *s, Advice *advice)
{
    uint32_t liked = s->guide->liked_of[advice->item - s->guide->items];
    double most = 0;

    for (size_t i = 0; i < s->query->liking_count; i++) {
        const Liking *liking = &s->query->likings[i];
        double part;

        if (liking->liked == GUIDE_NONE || liking->liked == liked)
            continue;
        part = (double)liking->value * model_between(&s->guide->model, liking->liked, liked);
        if (part <= most)
            continue;
        most = part;
        advice->kind = liking->value > 0 ? ADVICE_LIKED : ADVICE_DISLIKED;
        advice->because[0] = liking->id;
        advice->because_count = 1;
    }
}

static bool has_feature(const GuideItem *item, uint32_t feature)
{
    for (size_t f = 0; f < item->feature_count; f++)
        if (item->features[f].feature == feature)
            return true;
    return false;
}

/* What of the person's likes brought the feature most: itself, or something that has it. */
static const Liking *bringer(const Scoring *s, uint32_t feature)
{
    const Liking *found = NULL;
    float most = 0;

    for (size_t i = 0; i < s->query->liking_count; i++) {
        const Liking *liking = &s->query->likings[i];
        float part = liking->feature == feature ? liking->value : 0;

        if (liking->item != GUIDE_NONE && has_feature(&s->guide->items[liking->item], feature))
            part = liking->value * s->guide->features[feature].rarity / s->guide->items[liking->item].length;
        if (part <= most)
            continue;
        most = part;
        found = liking;
    }
    return found;
}

static void because_of_content(const Scoring *s, Advice *advice)
{
    const GuideItem *item = advice->item;
    const Liking *liking;
    uint32_t feature;
    size_t best = 0;

    for (size_t f = 1; f < item->feature_count; f++)
        if (feature_part(s, item, f) > feature_part(s, item, best))
            best = f;
    feature = item->features[best].feature;
    liking = bringer(s, feature);
    if (liking == NULL)
        return;
    advice->kind = ADVICE_SHARED;
    advice->shared = s->guide->features[feature].kind;
    advice->because[0] = liking->id;
    advice->because_count = 1;
    if (liking->feature != feature)
        advice->because[advice->because_count++] = s->guide->features[feature].id;
}

static void because_of_taste(const Scoring *s, Advice *advice)
{
    for (size_t i = 0; i < s->query->preference_count; i++) {
        Str word = matching_word(advice->item, &s->query->preferences[i]);

        if (s->query->preferences[i].value <= 0 || word.data == NULL)
            continue;
        advice->kind = ADVICE_TASTE;
        advice->word = word;
        return;
    }
}

static void explain(const Scoring *s, Advice *advice)
{
    Parts parts = parts_of(s, (size_t)(advice->item - s->guide->items));
    double popularity = popularity_part(s, advice->item);

    advice->kind = popularity > 0 ? ADVICE_POPULAR : ADVICE_THERE;
    if (parts.model > popularity && parts.model >= parts.content && parts.model >= parts.preference)
        because_of_people(s, advice);
    else if (parts.content > popularity && parts.content >= parts.preference)
        because_of_content(s, advice);
    else if (parts.preference > popularity)
        because_of_taste(s, advice);
}

size_t advise(const Guide *guide, Arena *arena, const AdviceQuery *query, Advice **out)
{
    Scoring scoring = prepare(guide, arena, query);
    Found *best = arena_alloc(arena, (query->limit + 1) * sizeof(Found));
    size_t count = 0;

    if (query->limit > 0)
        count = choose(&scoring, sums_of_parts(&scoring, arena), best);
    *out = arena_array(arena, Advice, count);
    for (size_t i = 0; i < count; i++) {
        (*out)[i] = (Advice){.item = best[i].item, .score = best[i].score};
        if (query->explain)
            explain(&scoring, &(*out)[i]);
    }
    return count;
}
