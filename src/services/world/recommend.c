/* GET recommend/{user_id}: what somebody may like, and why. */
#include "base/memory.h"
#include "services/world/advice.h"
#include "services/world/preferences.h"
#include "services/world/room.h"

enum {
    LATEST_LIKES = 1000, /* what decides; hardly anybody has more */
    FEW_LIKES = 5,       /* with fewer, what is stored with the user counts too */
};

/* What the person did with one thing, several times perhaps. */
typedef struct Did {
    Str id;
    Like like;
    int64_t at_us;
} Did;

static Did *find(Did *all, size_t count, Str id)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(all[i].id, id))
            return &all[i];
    return NULL;
}

static size_t join(const GraphNeighbour *list, const SchemaRelationship *const *kinds, size_t count, Did *all)
{
    size_t joined = 0;

    for (size_t i = 0; i < count; i++) {
        float score;
        Did *known;

        if (kinds[i]->words)
            continue;
        score = (float)(kinds[i]->taste * guide_score(list[i].properties));
        known = find(all, joined, list[i].key);
        if (known == NULL) {
            all[joined++] = (Did){list[i].key, {.score = score}, list[i].at_us};
            continue;
        }
        known->like.score += score;
        known->at_us = known->at_us > list[i].at_us ? known->at_us : list[i].at_us;
    }
    return joined;
}

/* They come type by type: each is looked up once. */
static const SchemaRelationship *const *kinds_of(const Schema *schema, Arena *arena,
                                                 const GraphNeighbour *list, size_t count)
{
    const SchemaRelationship **kinds = arena_array(arena, const SchemaRelationship *, count);

    for (size_t i = 0; i < count; i++)
        kinds[i] = i > 0 && str_equal(list[i].relationship, list[i - 1].relationship)
                       ? kinds[i - 1]
                       : schema_relationship(schema, list[i].relationship);
    return kinds;
}

/* What the guide makes of it. */
static Liking *likings_of(const Guide *guide, Arena *arena, const Did *all, size_t count)
{
    Liking *likings = arena_array(arena, Liking, count);
    Like *likes = arena_array(arena, Like, count);
    int64_t *moments = arena_array(arena, int64_t, count);

    for (size_t i = 0; i < count; i++) {
        likes[i] = all[i].like;
        likes[i].score = likes[i].score < -1 ? -1 : likes[i].score > 1 ? 1 : likes[i].score;
        moments[i] = all[i].at_us;
    }
    likes_rank(likes, moments, count);
    for (size_t i = 0; i < count; i++)
        likings[i] = guide_liking(guide, all[i].id, &likes[i]);
    return likings;
}

/* What the user did, and what of it is a word: those count however much the user did. */
static Err read_likings(Call *call, const Guide *guide, Str user, Preferences *words, AdviceQuery *query)
{
    World *world = call->service;
    StrSet types = schema_taste_types(world->schema);
    GraphView view = {.direction = GRAPH_OUT,
                      .types = types.items,
                      .type_count = types.count,
                      .limit = LATEST_LIKES,
                      .bare = true};
    const SchemaRelationship *const *kinds;
    GraphNeighbour *list;
    Did *all;

    TRY(graph_get_neighbours(world->graph, call->arena, user, view, &list, &query->liking_count));
    kinds = kinds_of(world->schema, call->arena, list, query->liking_count);
    TRY(preferences_read_told(words, list, kinds, query->liking_count));
    all = arena_array(call->arena, Did, query->liking_count);
    query->liking_count = join(list, kinds, query->liking_count, all);
    query->likings = likings_of(guide, call->arena, all, query->liking_count);
    return OK;
}

static RecommendationKind kind_of(const Advice *advice)
{
    static const RecommendationKind KINDS[ADVICE_KIND_COUNT] = {
        [ADVICE_LIKED] = RECOMMENDATION_KIND_PEOPLE_WHO_LIKED,
        [ADVICE_DISLIKED] = RECOMMENDATION_KIND_PEOPLE_WHO_DISLIKED,
        [ADVICE_SHARED] = RECOMMENDATION_KIND_SHARED_INGREDIENT,
        [ADVICE_TASTE] = RECOMMENDATION_KIND_TASTE,
        [ADVICE_POPULAR] = RECOMMENDATION_KIND_POPULAR,
        [ADVICE_THERE] = RECOMMENDATION_KIND_THERE,
    };

    if (advice->kind == ADVICE_SHARED && str_equal(advice->shared, STR("shared_story")))
        return RECOMMENDATION_KIND_SHARED_STORY;
    return KINDS[advice->kind];
}

/* A thing of an open collection, which the catalogue may not know. */
static EntitySummary summarise(Arena *arena, const Catalogue *catalogue, Str id, Tongue tongue)
{
    const CatalogueEntity *entity = catalogue_find(catalogue, id);

    if (entity != NULL)
        return world_summarise(arena, entity, tongue == TONGUE_KO ? LANGUAGE_KO : LANGUAGE_EN);
    return (EntitySummary){
        .id = str_copy(arena, id), .label = STR(""), .name = str_copy(arena, id), .summary = STR("")};
}

static Recommendation describe(World *world, Arena *arena, const Catalogue *catalogue, const Advice *advice,
                               Tongue tongue)
{
    Str *because = arena_array(arena, Str, advice->because_count);

    for (size_t i = 0; i < advice->because_count; i++)
        because[i] = str_copy(arena, advice->because[i]);
    return (Recommendation){
        .entity = summarise(arena, catalogue, advice->item->id, tongue),
        .score = advice->score,
        .kind = kind_of(advice),
        .reason = reasons_tell(world->reasons, arena, advice, catalogue, tongue),
        .because = {because, advice->because_count},
    };
}

static void answer(Call *call, const Guide *guide, const AdviceQuery *query, Tongue tongue,
                   Recommendations *out)
{
    World *world = call->service;
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    Advice *advice;
    size_t count = advise(guide, call->arena, query, &advice);

    out->items = (RecommendationList){arena_array(call->arena, Recommendation, count), count};
    for (size_t i = 0; i < count; i++)
        out->items.items[i] = describe(world, call->arena, catalogue, &advice[i], tongue);
    world_count(world, RECOMMENDATIONS, query->liking_count > 0 ? TO_KNOWN : TO_NEW, 1);
}

/* Recommends by what the user did until now; to somebody new by preferences, then by what many like. */
Err world_recommend(Call *call, const WorldRecommendInput *in, Recommendations *out)
{
    World *world = call->service;
    AUTO_GUIDE Guide *guide = NULL;
    Preferences words = {.world = call->service, .arena = call->arena};
    AdviceQuery query = {
        .category = in->category,
        .abv_min = in->abv_min,
        .abv_max = in->abv_max,
        .with_seen = in->seen == WORLD_RECOMMEND_INPUT_SEEN_INCLUDE,
        .explain = true,
        .limit = (size_t)in->limit,
    };

    if (in->abv_min > in->abv_max)
        return err_at(err(INVALID, "abv_min: %g is more than abv_max, %g", in->abv_min, in->abv_max),
                      "/abv_min");
    TRY(recommender_take(world->recommender, &guide));
    if (in->preferences.items != NULL)
        preferences_add(&words, in->preferences.items, in->preferences.count);
    TRY(read_likings(call, guide, in->user_id, &words, &query));
    if (query.liking_count < FEW_LIKES && in->preferences.items == NULL)
        TRY(preferences_read_stored(&words, in->user_id));
    query.preferences = words.items;
    query.preference_count = words.count;
    out->user_id = in->user_id;
    answer(call, guide, &query, in->language == WORLD_RECOMMEND_INPUT_LANGUAGE_KO ? TONGUE_KO : TONGUE_EN,
           out);
    return OK;
}

/* ---- everybody */

enum { CROWD_SCORES = 1 << 22 /* people at once × items of the model */, CROWD = 64 };

/* Some people, whose scores are found out together. */
typedef struct Crowd {
    size_t begin;
    size_t people;
    size_t first[CROWD + 1];
    Liking *likings;
    Taste *tastes;
    float *scores;
} Crowd;

static void gather(const Guide *guide, size_t person, Crowd *crowd)
{
    size_t count = crowd->first[crowd->people];

    for (size_t i = guide->likes.first[person]; i < guide->likes.first[person + 1]; i++) {
        const Like *like = &guide->likes.likes[i];
        Taste taste = model_taste(&guide->model.settings, like);

        crowd->tastes[count] = taste;
        crowd->likings[count++] = (Liking){
            .id = guide->likes.items[like->item],
            .liked = like->item,
            .item = guide->item_of[like->item],
            .feature = guide->feature_of[like->item],
            .value = taste.value,
        };
    }
    crowd->first[++crowd->people] = count;
}

static void tell(const Guide *guide, Arena *arena, const Crowd *crowd, size_t p, size_t limit,
                 WorldAdvised on_advised, void *context)
{
    AdviceQuery query = {
        .likings = crowd->likings + crowd->first[p],
        .liking_count = crowd->first[p + 1] - crowd->first[p],
        .abv_max = 100,
        .limit = limit,
        .model_scores = crowd->scores + p * guide->model.items,
    };
    Advice *advice;
    size_t count = advise(guide, arena, &query, &advice);

    for (size_t i = 0; i < count; i++)
        on_advised(context, guide->likes.people[crowd->begin + p], advice[i].item->id, advice[i].score);
    arena_reset(arena);
}

Err world_recommend_all(World *world, size_t limit, WorldAdvised on_advised, void *context)
{
    AUTO_GUIDE Guide *guide = NULL;
    AUTO_ARENA Arena arena = {0};
    Crowd crowd = {0};
    size_t most;

    TRY(recommender_load_people(world, &guide));
    arena_init(&arena);
    most = CROWD_SCORES / (guide->model.items + 1);
    most = most < 1 ? 1 : most > CROWD ? CROWD : most;
    crowd.likings = memory_alloc((most * guide->model.items + 1) * sizeof(Liking));
    crowd.tastes = memory_alloc((most * guide->model.items + 1) * sizeof(Taste));
    crowd.scores = memory_alloc((most * guide->model.items + 1) * sizeof(float));
    for (; crowd.begin < guide->likes.people_count; crowd.begin += crowd.people) {
        crowd.people = 0;
        while (crowd.people < most && crowd.begin + crowd.people < guide->likes.people_count)
            gather(guide, crowd.begin + crowd.people, &crowd);
        model_score_many(&guide->model, crowd.tastes, crowd.first, crowd.people, crowd.scores);
        for (size_t p = 0; p < crowd.people; p++)
            tell(guide, &arena, &crowd, p, limit, on_advised, context);
    }
    memory_free(crowd.likings);
    memory_free(crowd.tastes);
    memory_free(crowd.scores);
    return OK;
}
