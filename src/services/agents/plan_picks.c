/* What to try: products that fit a taste, a strength or an occasion, with their why. */
#include "base/utf8.h"
#include "services/agents/planning.h"

enum { PREFERENCES_MAX = 16, PICKS = 2, LOOKED_AT = 8 };

static const double ANY_STRENGTH = 100;

static void put_tastes(const Turn *turn, WorldRecommendInput *input)
{
    Str *words = arena_array(turn->call->arena, Str, PREFERENCES_MAX);
    const Taste *taste;
    size_t count = 0;

    for (size_t i = 0; (taste = voice_taste(turn->tools->voice, i)) != NULL; i++) {
        if ((turn->tastes >> i & 1) == 0)
            continue;
        if (taste->word[turn->tongue].len > 0 && count < PREFERENCES_MAX)
            words[count++] = taste->word[turn->tongue];
        input->abv_min = taste->abv_min > input->abv_min ? taste->abv_min : input->abv_min;
        input->abv_max = taste->abv_max < input->abv_max ? taste->abv_max : input->abv_max;
    }
    if (input->abv_min > input->abv_max) { /* strong, or light? both are asked about */
        input->abv_min = 0;
        input->abv_max = ANY_STRENGTH;
    }
    if (count > 0) /* else what is known of the visitor counts */
        input->preferences = (StrList){words, count};
}

Err plan_offers(const Turn *turn, const Picking *picking, int64_t limit, Recommendations *out)
{
    WorldRecommendInput input = WORLD_RECOMMEND_INPUT_DEFAULTS;
    bool by_strength = picking->abv_min > 0 || picking->abv_max > 0;

    input.user_id = turn->in->user_id;
    input.limit = limit;
    input.seen = WORLD_RECOMMEND_INPUT_SEEN_INCLUDE;
    input.language =
        turn->tongue == KOREAN ? WORLD_RECOMMEND_INPUT_LANGUAGE_KO : WORLD_RECOMMEND_INPUT_LANGUAGE_EN;
    if (!picking->any_taste)
        put_tastes(turn, &input);
    if (by_strength) { /* "weaker": than what was talked about, not weak as such */
        input.abv_min = picking->abv_min;
        input.abv_max = picking->abv_max > 0 ? picking->abv_max : ANY_STRENGTH;
    }
    return world_client_recommend(turn->tools->world, turn->call, &input, out);
}

/* What the message names, by a word at least, and can be an occasion to drink: a story or a dish. */
static Str occasion(const Turn *turn)
{
    const QueryHitList *hits = &turn->found.results;

    for (size_t i = 0; i < hits->count; i++) {
        Str label = hits->items[i].entity.label;
        if ((str_equal(label, STR("Lore")) || str_equal(label, STR("Dish"))) &&
            turn_names(turn, &hits->items[i], (Texts){NULL, 0}))
            return hits->items[i].entity.id;
    }
    return STR("");
}

/* Whether a reason says something of the thing itself, not only that it is there or liked. */
static bool is_telling(const Recommendation *item)
{
    return item->kind != RECOMMENDATION_KIND_THERE && item->kind != RECOMMENDATION_KIND_POPULAR;
}

/* Whether something that is put forward is noted for that taste. */
static bool is_noted(const Turn *turn, const Taste *taste)
{
    for (size_t i = 0; i < turn->plan.fact_count; i++)
        for (size_t k = 0; k < turn->plan.facts[i]->property_count; k++) {
            const Property *one = &turn->plan.facts[i]->properties[k];
            if (str_starts(one->key, STR("taste")) &&
                str_find(one->value, taste->word[turn->tongue], 0) != SIZE_MAX)
                return true;
        }
    return false;
}

/* Tastes of the message that nothing put forward is noted for; a strength needs no note. */
static Texts unmet_tastes(const Turn *turn)
{
    Str *words = arena_array(turn->call->arena, Str, TASTES_MAX);
    const Taste *taste;
    size_t count = 0;

    for (size_t i = 0; (taste = voice_taste(turn->tools->voice, i)) != NULL; i++)
        if ((turn->tastes >> i & 1) != 0 && taste->word[turn->tongue].len > 0 && taste->abv_min <= 0 &&
            taste->abv_max >= ANY_STRENGTH && !is_noted(turn, taste))
            words[count++] = taste->word[turn->tongue];
    return (Texts){words, count};
}

static Err add_products(Turn *turn, const Picking *picking, const Recommendations *found)
{
    Str *reason = arena_array(turn->call->arena, Str, 1);

    for (size_t i = 0; i < found->items.count && turn->plan.fact_count < PICKS; i++) {
        const Recommendation *item = &found->items.items[i];
        if (picking->fresh && talk_been_to(turn, item->entity.id))
            continue;
        TRY(plan_add(turn, item->entity.id));
        if (turn->plan.fact_count == 1 && turn->plan.reasons.items == NULL) {
            *reason = item->reason;
            turn->plan.reasons = (Texts){reason, is_telling(item) ? 1 : 0};
        }
    }
    return OK;
}

Err plan_pick(Turn *turn, const Picking *picking)
{
    Picking any = *picking;
    Recommendations found;

    any.any_taste = true;
    TRY(plan_offers(turn, picking, LOOKED_AT, &found));
    if (found.items.count == 0)
        TRY(plan_offers(turn, &any, LOOKED_AT, &found));
    TRY(add_products(turn, picking, &found));
    if (turn->plan.fact_count == 0)
        return OK;
    turn->plan.move = MOVE_RECOMMEND;
    turn->plan.unmet = unmet_tastes(turn);
    turn->plan.pairs_unknown = picking->for_food && occasion(turn).len == 0;
    return turn->plan.fact_count == PICKS ? plan_add(turn, occasion(turn)) : OK;
}

/* "I like sweet ones", or only "sweet" after a question that led nowhere else. */
static bool tells_taste(const Turn *turn)
{
    enum { BARE_CHARACTERS = 40 };
    bool asked = turn->history_count > 0 && turn->history[0].offered.len == 0;
    bool bare = utf8_count(turn->folded) <= BARE_CHARACTERS && turn->asks == 0;

    return turn->tastes != 0 && (turn_heard(turn, CUE_LIKING) || (asked && bare));
}

/* Whether the message has words for an occasion or a taste that the world knows, or asks without any. */
static bool is_about_drinks(const Turn *turn, const Topic *topic)
{
    const Voice *voice = turn->tools->voice;

    return topic->found != NULL || turn->tastes != 0 ||
           voice_gist(voice, turn->call->arena, turn->folded).len == 0;
}

Err plan_recommendation(Turn *turn, const Topic *topic)
{
    static const Picking BY_TASTE = {.any_taste = false};
    bool occasion =
        topic->named_count > 0 && str_equal(topic->named[0]->label, STR("Lore")); /* a rainy day */
    bool about_named = topic->named_count > 0 && turn->asks != 0 && !occasion; /* "what is good with soju?" */
    bool asked = turn_heard(turn, CUE_RECOMMEND) && is_about_drinks(turn, topic) && !about_named;

    if (!asked && (!tells_taste(turn) || topic->named_count > 0))
        return OK;
    return plan_pick(turn, &BY_TASTE);
}
