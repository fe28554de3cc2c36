#include "services/agents/turn.h"

#include "base/utf8.h"

enum { HITS_MAX = 5, ELLIPSIS_CHARACTERS = 40 };

/* The second hit is worth a paragraph when it is nearly as good as the first. */
static const double NEARLY_AS_GOOD = 0.5;

Err turn_retrieve(Turn *turn, Way *way)
{
    QueryInput query = QUERY_INPUT_DEFAULTS;

    (void)way;
    query.query = turn->in->message;
    query.max_results = HITS_MAX;
    query.has_language = true;
    query.language = turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
    return world_client_query(turn->tools->world, turn->call, &query, &turn->found);
}

static Err read_fact(const Turn *turn, Str id, const Fact **out, Texts *aliases)
{
    FactReader reader = turn_reader(turn);

    return fact_find(&reader, id, out, aliases);
}

/* "What's in it?", "도수는요?", "더 알려 주세요": what was talked about is meant. */
static bool is_follow_up(const Turn *turn, bool named)
{
    const Voice *voice = turn->tools->voice;
    bool asks_shortly = turn->asks != 0 && utf8_count(turn->folded) <= ELLIPSIS_CHARACTERS;

    if (turn->history_count == 0)
        return false;
    if (voice_points_back(voice, turn->folded))
        return true;
    return !named && (asks_shortly || voice_wants_more(voice, turn->folded));
}

static Str last_focus(const Turn *turn)
{
    for (size_t i = 0; i < turn->history_count; i++)
        if (turn->history[i].focus.len > 0)
            return turn->history[i].focus;
    return STR("");
}

/* What the answer is about: what was offered, what is pointed back to, or what was found. */
static Err choose_main(Turn *turn, const Fact *found, bool named)
{
    if (turn->intent == INTENT_ASSENT && turn->history_count > 0)
        TRY(read_fact(turn, turn->history[0].offered, &turn->main, NULL));
    if (turn->main == NULL && (is_follow_up(turn, named) || turn->intent == INTENT_ASSENT))
        TRY(read_fact(turn, last_focus(turn), &turn->main, NULL));
    if (turn->main == NULL && turn->intent != INTENT_ASSENT)
        turn->main = found;
    return OK;
}

/* Whether an entity stands in for what the brand hasn't said yet. One that is gone is no better. */
static Err read_sample(const Turn *turn, Str id, bool *sample)
{
    FactReader reader = turn_reader(turn);
    Fact fact;
    Err e = fact_read_brief(&reader, id, &fact);

    *sample = e.code == NOT_FOUND || fact.sample;
    return e.code == NOT_FOUND ? OK : e;
}

/* A neighbour that the question is after, or the first that nobody has been to; absent when there is none. A sample
 * only when there is nothing else. */
static Err next_neighbour(const Turn *turn, Str *out)
{
    const Voice *voice = turn->tools->voice;
    Str other = STR(""), last_resort = STR("");

    for (size_t i = 0; i < turn->main->relation_count; i++) {
        const Relation *relation = &turn->main->relations[i];
        bool asked = voice_asks_relationship(voice, turn->asks, relation->directed);
        bool sample;
        if (texts_have(turn->visited, relation->id) || str_equal(relation->id, voice_character(voice)) ||
            (!asked && (other.len > 0 || relation->name.len == 0)))
            continue;
        TRY(read_sample(turn, relation->id, &sample));
        if (asked && !sample) {
            *out = relation->id;
            return OK;
        }
        if (sample)
            last_resort = last_resort.len > 0 ? last_resort : relation->id;
        else
            other = relation->id;
    }
    *out = other.len > 0 ? other : last_resort;
    return OK;
}

/* A sample isn't dragged into an answer about something else: the message names it, or it fits more of its words. */
static bool is_welcome(const Turn *turn, const QueryHit *hit)
{
    return !hit->entity.sample || turn_names(turn, hit, (Texts){NULL, 0}) ||
           hit->why.terms.count > turn->found.results.items[0].why.terms.count;
}

/* What was found besides and is nearly as good. */
static Str second_hit(const Turn *turn)
{
    const QueryHitList *hits = &turn->found.results;

    for (size_t i = 1; i < hits->count && hits->items[i].score >= NEARLY_AS_GOOD * hits->items[0].score;
         i++) {
        const EntitySummary *entity = &hits->items[i].entity;
        if (!str_equal(entity->id, turn->main->id) && !texts_have(turn->visited, entity->id) &&
            is_welcome(turn, &hits->items[i]))
            return entity->id;
    }
    return STR("");
}

static Err choose_beside(Turn *turn, const Fact *found, bool named)
{
    bool is_found = found != NULL && str_equal(turn->main->id, found->id);
    Str id = is_found ? second_hit(turn) : named ? found->id : STR("");

    if (id.len == 0)
        TRY(next_neighbour(turn, &id));
    return str_equal(id, turn->main->id) ? OK : read_fact(turn, id, &turn->beside, NULL);
}

static bool leads_to(const Turn *turn, const Fact *from, Str id)
{
    for (size_t i = 0; i < from->relation_count; i++)
        if (str_equal(from->relations[i].id, id) &&
            voice_asks_relationship(turn->tools->voice, turn->asks, from->relations[i].directed))
            return true;
    return false;
}

/* "What goes with makgeolli?" finds a dish: the question is about what was named, and what was found is one of its
 * answers, unless it fits more of the words. */
static Err step_back(const Turn *turn, const Fact **found, bool *named)
{
    const QueryHitList *hits = &turn->found.results;

    for (size_t i = 1; i < hits->count && !*named; i++) {
        const QueryHit *hit = &hits->items[i];
        const Fact *other = NULL;
        Texts aliases;
        if (hit->why.terms.count < hits->items[0].why.terms.count)
            continue;
        TRY(read_fact(turn, hit->entity.id, &other, &aliases));
        if (other == NULL || !turn_names(turn, hit, aliases) || !leads_to(turn, other, (*found)->id))
            continue;
        *found = other;
        *named = true;
    }
    return OK;
}

/* The best of what was found, and whether the message names it. */
static Err look_at_found(const Turn *turn, const Fact **found, bool *named)
{
    const QueryHitList *hits = &turn->found.results;
    Texts aliases = {NULL, 0};

    *found = NULL;
    *named = false;
    if (hits->count > 0)
        TRY(read_fact(turn, hits->items[0].entity.id, found, &aliases));
    if (*found == NULL)
        return OK;
    *named = turn_names(turn, &hits->items[0], aliases);
    return step_back(turn, found, named);
}

Err turn_decide(Turn *turn, Way *way)
{
    const Fact *found;
    bool named;

    (void)way;
    if (turn->intent == INTENT_PURCHASE)
        return turn_hand_off(turn);
    TRY(look_at_found(turn, &found, &named));
    TRY(choose_main(turn, found, named));
    if (turn->main == NULL) {
        turn->outcome = CHAT_REPLY_OUTCOME_ABSTAIN;
        return OK;
    }
    turn->focus = turn->main->id;
    return choose_beside(turn, found, named);
}
