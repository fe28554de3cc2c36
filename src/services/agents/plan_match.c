/* What the world knows about that goes with what is named: drinks for a dish or of a place, customs around a drink. */
#include "services/agents/planning.h"

enum { WORDS_ASKED = 6 };

static const Str DRINK = {"Drink", 5}, PRODUCT = {"Product", 7}, DISH = {"Dish", 4}, REGION = {"Region", 6};

static bool is_joined(const Fact *fact, Str id)
{
    for (size_t i = 0; i < fact->relation_count; i++)
        if (str_equal(fact->relations[i].id, id))
            return true;
    return false;
}

static bool has_neighbour(const Fact *fact, Str label)
{
    for (size_t i = 0; i < fact->relation_count; i++)
        if (str_equal(fact->relations[i].label, label))
            return true;
    return false;
}

/* --- how a drink is served, kept … --- */

/* The drink the message is about; NULL: none. */
static const Fact *asked_of(const Topic *topic, const Want *want)
{
    const Fact *fact = topic->named_count > 0 ? topic->named[0] : topic->about;

    return fact != NULL && texts_have(want->of, fact->label) ? fact : NULL;
}

/* Of those the want tells of, the first that is joined to the drink and wasn't told; else the first that wasn't told. */
static Err custom_of(const Turn *turn, const Want *want, const Fact *drink, const Fact **out)
{
    FactReader reader = turn_reader(turn);
    const Fact *fact;

    *out = NULL;
    for (size_t i = 0; i < want->about.count; i++) {
        if (talk_told(turn, want->about.items[i]))
            continue;
        TRY(fact_find(&reader, want->about.items[i], &fact, NULL));
        if (fact == NULL)
            continue;
        if (*out == NULL)
            *out = fact;
        if (is_joined(fact, drink->id)) {
            *out = fact;
            return OK;
        }
    }
    return OK;
}

Err plan_manner(Turn *turn, const Topic *topic)
{
    const Want *want = turn->want;
    const Fact *drink = want != NULL ? asked_of(topic, want) : NULL, *custom;

    if (drink == NULL || turn_heard(turn, CUE_RECOMMEND))
        return OK;
    TRY(custom_of(turn, want, drink, &custom));
    if (custom == NULL)
        return OK;
    plan_add_fact(turn, custom);
    turn->asks = 0; /* "what cup?" asks for no jar that it is made in */
    turn->focus = drink->id;
    turn->plan.move = MOVE_TELL;
    return OK;
}

/* --- what goes with a dish, or is of a place --- */

/* The dish that is best found by one word of the message, as it stands there: no slip of spelling, no way round. */
static Err ask_for_dish(const Turn *turn, Str word, QueryHit *best)
{
    QueryInput query = QUERY_INPUT_DEFAULTS;
    Str label = DISH;
    QueryResult found;

    query.query = word;
    query.labels = (StrList){&label, 1};
    query.max_results = 1;
    query.has_language = true;
    query.language = turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
    TRY(world_client_query(turn->tools->world, turn->call, &query, &found));
    if (found.results.count == 0)
        return OK;
    const QueryHit *hit = &found.results.items[0];
    bool plain = hit->why.path.count == 0 && hit->why.terms.count > 0 &&
                 str_starts(word, text_fold(turn->call->arena, hit->why.terms.items[0]));
    if (plain && hit->score > best->score)
        *best = *hit;
    return OK;
}

/* Whether a word is one for food, by itself or before one that is none ("매운 거"). */
static bool is_food(const Turn *turn, Str word, Str rest)
{
    const Wants *wants = voice_wants(turn->tools->voice);
    const uint32_t food = WORDS_BIT(WORDS_FOOD);
    Str next = STR("");
    const char *end = NULL;

    if ((wants_words(wants, word) & food) != 0)
        return true;
    if (rest.len == 0 || !str_split(&rest, ' ', &next) || (wants_words(wants, next) & food) != 0)
        return false;
    end = next.data + next.len;
    return (wants_words(wants, (Str){word.data, (size_t)(end - word.data)}) & food) != 0;
}

static Err find_dish(const Turn *turn, const Fact **out)
{
    FactReader reader = turn_reader(turn);
    QueryHit best = {.score = 0};
    Str rest = turn->folded, word;

    for (size_t asked = 0; rest.len > 0 && str_split(&rest, ' ', &word) && asked < WORDS_ASKED;)
        if (word.len > 0 && is_food(turn, word, rest)) {
            TRY(ask_for_dish(turn, word, &best));
            asked++;
        }
    return best.score > 0 ? fact_find(&reader, best.entity.id, out, NULL) : OK;
}

/* The dish or the place that is named; where food is spoken of, a dish that one of the words finds. */
static Err find_match(const Turn *turn, const Topic *topic, const Fact **out)
{
    *out = NULL;
    for (size_t i = 0; i < topic->named_count && *out == NULL; i++)
        if (str_equal(topic->named[i]->label, DISH) || str_equal(topic->named[i]->label, REGION))
            *out = topic->named[i];
    if (*out != NULL || topic->named_count > 0 || (turn->words & WORDS_BIT(WORDS_FOOD)) == 0)
        return OK;
    return find_dish(turn, out);
}

static bool wants_to_try(const Turn *turn)
{
    const Want *want = turn->want;

    return turn_heard(turn, CUE_RECOMMEND) || (want != NULL && want->does == WANT_RECOMMEND);
}

Err plan_match(Turn *turn, const Topic *topic)
{
    const Fact *match;
    Str drink;

    if (!wants_to_try(turn))
        return OK;
    TRY(find_match(turn, topic, &match));
    if (match == NULL || has_neighbour(match, PRODUCT)) /* then that is put forward, with its why */
        return OK;
    drink = plan_neighbour(turn, match, DRINK);
    if (drink.len == 0)
        return OK;
    if (str_equal(match->label, DISH))
        plan_add_fact(turn, match);
    TRY(plan_add(turn, drink));
    turn->asks = 0;
    turn->plan.move = turn->plan.fact_count > 0 ? MOVE_TELL : MOVE_NOTHING;
    return OK;
}
