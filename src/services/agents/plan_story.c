#include "services/agents/narrator/sentences.h"
#include "services/agents/planning.h"

static const Str LORE = {"Lore", 4};

static bool is_lore(const Fact *fact)
{
    return fact != NULL && str_equal(fact->label, LORE);
}

/* The best story for the message's words that nobody has heard; empty when there is none. */
static Err search(const Turn *turn, Str *out)
{
    enum { STORIES_LOOKED_AT = 8 };
    QueryInput query = QUERY_INPUT_DEFAULTS;
    QueryResult found;
    Str labels[] = {LORE};

    query.query = voice_gist(turn->tools->voice, turn->call->arena, turn->folded);
    if (query.query.len == 0)
        return OK;
    query.has_language = true;
    query.language = turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
    query.max_results = STORIES_LOOKED_AT;
    query.labels = (StrList){labels, 1};
    TRY(world_client_query(turn->tools->world, turn->call, &query, &found));
    for (size_t i = 0; i < found.results.count && out->len == 0; i++)
        if (!talk_told(turn, found.results.items[i].entity.id))
            *out = found.results.items[i].entity.id;
    return OK;
}

/* Whether the message goes on with a story that is being told. */
static bool goes_on(const Turn *turn)
{
    return talk_last_was(turn, MOVE_STORY) && (turn_heard(turn, CUE_LONGER) || turn_heard(turn, CUE_MORE));
}

/* Whether too little of a story is left for telling on. */
static bool nearly_told(const Turn *turn, const Fact *story)
{
    enum { WORTH_TELLING = 3 };
    const Telling telling = {
        .voice = turn->tools->voice, .arena = turn->call->arena, .tongue = turn->tongue, .said = turn->said};

    return sentences_left(&telling, story) < WORTH_TELLING;
}

/* What the story is to be about; NULL: anything. */
static Err read_subject(const Turn *turn, const Topic *topic, const Fact **out)
{
    FactReader reader = turn_reader(turn);

    *out = topic->named_count > 0 ? topic->about : NULL;
    if (*out == NULL && (goes_on(turn) || turn_heard(turn, CUE_PRONOUN)))
        TRY(fact_find(&reader, talk_focus(turn), out, NULL));
    if (goes_on(turn) && !turn_heard(turn, CUE_PRONOUN) && is_lore(*out) && nearly_told(turn, *out))
        *out = NULL;
    return OK;
}

/* The best of all that was found, if that is a story and fits more than one word besides "story", or one much better
 * than anything else. */
static Str found_story(const Turn *turn)
{
    enum { TELLING_WORDS = 2 };
    static const double CLEARLY = 1.5;
    const QueryHitList *hits = &turn->found.results;
    const QueryHit *best = hits->count > 0 ? &hits->items[0] : NULL;
    size_t telling = 0;

    if (best == NULL || !str_equal(best->entity.label, LORE) || talk_told(turn, best->entity.id))
        return STR("");
    for (size_t i = 0; i < best->why.terms.count; i++)
        telling +=
            !voice_is_noise(turn->tools->voice, text_fold(turn->call->arena, best->why.terms.items[i]));
    if (telling > 0 && hits->count > 1 && best->score >= CLEARLY * hits->items[1].score)
        telling = TELLING_WORDS;
    return telling >= TELLING_WORDS ? best->entity.id : STR("");
}

/* Without any word to go by: what she likes to tell, then whatever she knows. */
Str plan_favourite(const Turn *turn)
{
    Texts favourites = voice_favourites(turn->tools->voice);

    for (size_t i = 0; i < favourites.count; i++)
        if (!talk_told(turn, favourites.items[i]))
            return favourites.items[i];
    return plan_neighbour(turn, turn->self, LORE);
}

/* Of the stories that the subject leads to nobody has heard, one by the way that is asked for first: a story it features in rather
 * than one that is about it among others. */
static Str linked_story(const Turn *turn, const Fact *subject)
{
    size_t best = SIZE_MAX;
    Str id = STR("");

    for (size_t i = 0; i < subject->relation_count; i++) {
        const Relation *relation = &subject->relations[i];
        size_t rank = voice_asks_rank(turn->tools->voice, turn->asks, relation->directed);
        if (rank >= best || !str_equal(relation->label, LORE) || talk_told(turn, relation->id))
            continue;
        best = rank;
        id = relation->id;
    }
    return id;
}

/* A message that says nothing but its subject gives a search nothing to choose by: what the subject is joined to does. */
static bool says_only(const Turn *turn, const Topic *topic, const Fact *subject)
{
    if (subject == NULL || topic->named_count > 1)
        return false;
    return topic_only_names(turn, topic->named_count == 1 ? topic->named_as[0] : subject->name);
}

/* Nothing fits: a favourite. Who asked for a story of a kind ("a ghost story") is told that there is none. */
static Str instead(Turn *turn, bool of_any_kind)
{
    const Voice *voice = turn->tools->voice;

    if (!of_any_kind && voice_gist(voice, turn->call->arena, turn->folded).len > 0)
        turn->plan.remark = "no_such_story";
    return plan_favourite(turn);
}

/* The story that fits the message, or else one of its subject; empty when there is none. */
static Err find(const Turn *turn, const Topic *topic, const Fact *subject, Str *out)
{
    if (says_only(turn, topic, subject)) {
        *out = linked_story(turn, subject);
        if (out->len > 0 || topic->named_count > 0)
            return OK;
    }
    TRY(search(turn, out));
    if (out->len == 0 && subject != NULL)
        *out = plan_neighbour(turn, subject, LORE);
    return OK;
}

static Err choose(Turn *turn, const Topic *topic, const Fact *subject, bool anything)
{
    Str id = anything ? plan_favourite(turn) : found_story(turn);

    if (is_lore(subject)) {
        plan_add_fact(turn, subject);
        return OK;
    }
    if (id.len == 0)
        TRY(find(turn, topic, subject, &id));
    if (id.len == 0 && topic->named_count > 0 && !anything)
        return OK; /* of it there is no story: it is told of itself */
    if (id.len == 0)
        id = instead(turn, anything || subject != NULL);
    TRY(plan_add(turn, id));
    if (turn->plan.fact_count == 0)
        return plan_add(turn, plan_neighbour(turn, turn->self, LORE));
    return OK;
}

static Length length_of(const Turn *turn)
{
    return turn_heard(turn, CUE_SHORTER) ? SHORT : turn_heard(turn, CUE_LONGER) ? LONG : USUAL;
}

Err plan_story(Turn *turn, const Topic *topic)
{
    bool another =
        talk_last_was(turn, MOVE_STORY) && topic->named_count == 0 && turn_heard(turn, CUE_ANOTHER);
    const Fact *subject = NULL;

    if (!turn_heard(turn, CUE_STORY) && !goes_on(turn) && !another)
        return OK;
    if (!another)
        TRY(read_subject(turn, topic, &subject));
    TRY(choose(turn, topic, subject, another || goes_on(turn)));
    if (turn->plan.fact_count == 0)
        return OK;
    turn->plan.move = MOVE_STORY;
    turn->plan.length = length_of(turn);
    return OK;
}
