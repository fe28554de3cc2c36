#include <stdlib.h>

#include "base/utf8.h"
#include "services/agents/planning.h"

static const Str PRODUCT = {"Product", 7};

/* --- two things side by side --- */

static Err compare(Turn *turn, Str one, Str other)
{
    TRY(plan_add(turn, one));
    TRY(plan_add(turn, other));
    if (turn->plan.fact_count == 2)
        turn->plan.move = MOVE_COMPARE;
    else
        turn->plan.fact_count = 0;
    return OK;
}

/* What one named thing is compared with: another that is named by a word, else what was talked about. */
static Str partner(const Turn *turn, const Fact *named)
{
    const QueryHitList *hits = &turn->found.results;
    Str focus = talk_focus(turn);

    if (focus.len > 0 && !str_equal(focus, named->id))
        return focus;
    for (size_t i = 0; i < hits->count; i++)
        if (!str_equal(hits->items[i].entity.id, named->id) &&
            str_equal(hits->items[i].entity.label, named->label) &&
            turn_names(turn, &hits->items[i], (Texts){NULL, 0}))
            return hits->items[i].entity.id;
    return STR("");
}

Err plan_comparison(Turn *turn, const Topic *topic)
{
    Texts choices = talk_choices(turn);
    Str focus = talk_focus(turn);

    if (!turn_heard(turn, CUE_COMPARE) && !turn_heard(turn, CUE_WHICH))
        return OK;
    if (topic->named_count >= 2)
        return compare(turn, topic->named[0]->id, topic->named[1]->id);
    if (topic->named_count == 1)
        return turn_heard(turn, CUE_COMPARE)
                   ? compare(turn, partner(turn, topic->named[0]), topic->named[0]->id)
                   : OK;
    if (choices.count >= 2 && !talk_last_was(turn, MOVE_NOTHING) && turn->history[0].choices.len > 0)
        return compare(turn, choices.items[0], choices.items[1]);
    return compare(turn, talk_focus_before(turn, focus), focus);
}

/* --- what to try --- */

static void put_tastes(const Turn *turn, WorldRecommendInput *input)
{
    uint32_t tastes = voice_tastes(turn->tools->voice, turn->folded);
    Str *words = arena_array(turn->call->arena, Str, TASTES_MAX);
    const Taste *taste;
    size_t count = 0;

    for (size_t i = 0; (taste = voice_taste(turn->tools->voice, i)) != NULL; i++) {
        if ((tastes >> i & 1) == 0)
            continue;
        if (taste->word[turn->tongue].len > 0)
            words[count++] = taste->word[turn->tongue];
        input->abv_min = taste->abv_min > input->abv_min ? taste->abv_min : input->abv_min;
        input->abv_max = taste->abv_max < input->abv_max ? taste->abv_max : input->abv_max;
    }
    if (count > 0) /* else what is known of the visitor counts */
        input->preferences = (StrList){words, count};
}

static Err recommend(const Turn *turn, bool by_taste, int64_t limit, Recommendations *out)
{
    WorldRecommendInput input = WORLD_RECOMMEND_INPUT_DEFAULTS;

    input.user_id = turn->in->user_id;
    input.limit = limit;
    input.seen = WORLD_RECOMMEND_INPUT_SEEN_INCLUDE;
    input.language =
        turn->tongue == KOREAN ? WORLD_RECOMMEND_INPUT_LANGUAGE_KO : WORLD_RECOMMEND_INPUT_LANGUAGE_EN;
    if (by_taste)
        put_tastes(turn, &input);
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

static Err recommend_products(Turn *turn, const Recommendations *found)
{
    Str *reason = arena_array(turn->call->arena, Str, 1);

    for (size_t i = 0; i < found->items.count && turn->plan.fact_count < 2; i++)
        TRY(plan_add(turn, found->items.items[i].entity.id));
    if (turn->plan.fact_count == 0)
        return OK;
    *reason = found->items.items[0].reason;
    turn->plan.reasons = (Texts){reason, is_telling(&found->items.items[0]) ? 1 : 0};
    turn->plan.move = MOVE_RECOMMEND;
    return turn->plan.fact_count == 2 ? plan_add(turn, occasion(turn)) : OK;
}

/* "I like sweet ones", or only "sweet" after a question that led nowhere else. */
static bool tells_taste(const Turn *turn)
{
    enum { BARE_CHARACTERS = 40 };
    bool asked = turn->history_count > 0 && turn->history[0].offered.len == 0;
    bool bare = utf8_count(turn->folded) <= BARE_CHARACTERS && turn->asks == 0;

    return voice_tastes(turn->tools->voice, turn->folded) != 0 &&
           (turn_heard(turn, CUE_LIKING) || (asked && bare));
}

/* Whether the message has words for an occasion or a taste that the world knows, or asks without any. */
static bool is_about_drinks(const Turn *turn, const Topic *topic)
{
    const Voice *voice = turn->tools->voice;

    return topic->found != NULL || voice_tastes(voice, turn->folded) != 0 ||
           voice_gist(voice, turn->call->arena, turn->folded).len == 0;
}

Err plan_recommendation(Turn *turn, const Topic *topic)
{
    enum { PICKS = 2 };
    Recommendations found;

    bool occasion =
        topic->named_count > 0 && str_equal(topic->named[0]->label, STR("Lore")); /* a rainy day */
    bool about_named = topic->named_count > 0 && turn->asks != 0 && !occasion; /* "what is good with soju?" */
    bool asked = turn_heard(turn, CUE_RECOMMEND) && is_about_drinks(turn, topic) && !about_named;
    if (!asked && (!tells_taste(turn) || topic->named_count > 0))
        return OK;
    TRY(recommend(turn, true, PICKS, &found));
    if (found.items.count == 0)
        TRY(recommend(turn, false, PICKS, &found));
    return recommend_products(turn, &found);
}

/* --- what there is of a kind --- */

static bool is_real(const Recommendation *item)
{
    return !item->entity.sample;
}

/* What the brand has, what is no sample first. */
static Err list_products(Turn *turn)
{
    Recommendations found;

    TRY(recommend(turn, false, PLAN_FACTS_MAX, &found));
    for (size_t i = 0; i < found.items.count; i++)
        if (is_real(&found.items.items[i]))
            TRY(plan_add(turn, found.items.items[i].entity.id));
    for (size_t i = 0; i < found.items.count; i++)
        if (!is_real(&found.items.items[i]))
            TRY(plan_add(turn, found.items.items[i].entity.id));
    return OK;
}

/* The kinds of a thing that was named. */
static Err list_kinds(Turn *turn, const Fact *fact)
{
    enum { KINDS_MAX = 4 };

    for (size_t i = 0; i < fact->relation_count && turn->plan.fact_count < KINDS_MAX; i++)
        if (str_equal(fact->relations[i].directed, STR("IS_A<")))
            TRY(plan_add(turn, fact->relations[i].id));
    return OK;
}

Err plan_list(Turn *turn, const Topic *topic)
{
    bool other = turn->asks != 0 && !voice_asks_relationship(turn->tools->voice, turn->asks, STR("IS_A<"));

    if (!turn_heard(turn, CUE_LIST) || (other && topic->named_count > 0))
        return OK;
    if (topic->named_count == 0 && (topic->found == NULL || str_equal(topic->found->label, PRODUCT)))
        TRY(list_products(turn));
    else if (topic->named_count > 0 && !str_equal(topic->named[0]->label, PRODUCT))
        TRY(list_kinds(turn, topic->named[0]));
    if (turn->plan.fact_count >= 2)
        turn->plan.move = MOVE_LIST;
    else
        turn->plan.fact_count = 0;
    return OK;
}

/* The first number that answers what was asked; 0 without one. */
static double measure(const Turn *turn, const Fact *fact)
{
    for (size_t i = 0; i < fact->property_count; i++)
        if (voice_asks_property(turn->tools->voice, turn->asks, fact->properties[i].key))
            return strtod(str_c(turn->call->arena, fact->properties[i].value), NULL);
    return 0;
}

Err plan_extreme(Turn *turn, const Topic *topic)
{
    bool most = turn_heard(turn, CUE_MOST);
    const Fact *best = NULL;

    if ((!most && !turn_heard(turn, CUE_LEAST)) || turn->asks == 0 || topic->named_count > 0)
        return OK;
    TRY(list_products(turn));
    for (size_t i = 0; i < turn->plan.fact_count; i++) {
        const Fact *one = turn->plan.facts[i];
        if (best == NULL || (measure(turn, one) > measure(turn, best)) == most)
            best = one;
    }
    turn->plan.fact_count = 0;
    plan_add_fact(turn, best);
    if (best != NULL)
        turn->plan.move = MOVE_TELL;
    return OK;
}
