#include "base/utf8.h"
#include "services/agents/narrator/sentences.h"
#include "services/agents/planning.h"

enum { ELLIPSIS_CHARACTERS = 40, LOOKED_THROUGH = 6 };

/* The second hit is worth a paragraph when it is nearly as good as the first. */
static const double NEARLY_AS_GOOD = 0.5;

static Telling asking(const Turn *turn)
{
    return (Telling){.voice = turn->tools->voice,
                     .arena = turn->call->arena,
                     .tongue = turn->tongue,
                     .question = turn->folded,
                     .asks = turn->asks,
                     .said = turn->said};
}

bool plan_has_answer(const Turn *turn, const Fact *fact)
{
    const Telling telling = asking(turn);
    Sentences asked;

    sentences_asked(&telling, fact, &asked);
    return asked.count > 0 || sentences_tell(&telling, fact);
}

/* Whether words besides the question's own name things that the talk's last subject knows nothing of: "where is the
 * Eiffel tower?" isn't about the last drink. */
static Err find_elsewhere(const Turn *turn, bool *out)
{
    enum { KNOWN_BY = 2 };
    Arena *arena = turn->call->arena;
    FactReader reader = turn_reader(turn);
    Str rest = voice_without_asks(turn->tools->voice, arena, turn->asks, turn->folded), word;
    const Fact *focus;

    *out = false;
    TRY(fact_find(&reader, talk_focus(turn), &focus, NULL));
    Str text = focus == NULL ? STR("") : text_fold(arena, focus->text);
    while (rest.len > 0 && str_split(&rest, ' ', &word)) {
        bool is_known =
            tongue_of(word, ENGLISH) == KOREAN && str_find(text, utf8_cut(word, KNOWN_BY), 0) != SIZE_MAX;
        bool asks = str_find(word, STR("…"), 0) != SIZE_MAX; /* what is left of a word that does */
        *out |= word.len > 0 && !is_known && !asks && !voice_is_noise(turn->tools->voice, word);
    }
    return OK;
}

/* "Was that legal?", when all of the last subject was told and nothing is asked that it could answer: what was found is
 * meant, if anything was. */
static Err find_talked_out(const Turn *turn, const Topic *topic, bool *follows_up)
{
    const Telling telling = asking(turn);
    FactReader reader = turn_reader(turn);
    const Fact *focus;

    TRY(fact_find(&reader, talk_focus(turn), &focus, NULL));
    if (turn->asks == 0 && topic->found != NULL && !turn_heard(turn, CUE_MORE) && focus != NULL)
        *follows_up = sentences_left(&telling, focus) > 0;
    return OK;
}

/* "What's in it?", "도수는요?", "더 알려 주세요": what was talked about is meant. Something that isn't named in full is
 * what was talked about, as long as that fits the words too. */
static Err find_follow_up(const Turn *turn, const Topic *topic, bool *out)
{
    bool shortly = turn->asks != 0 && utf8_count(turn->folded) <= ELLIPSIS_CHARACTERS;
    bool elsewhere = false;

    *out = false;
    if (turn->history_count == 0 || topic->named_count > 0)
        return OK;
    *out = true;
    if (turn_heard(turn, CUE_PRONOUN) || turn_heard(turn, CUE_WHY))
        return find_talked_out(turn, topic, out);
    if (topic_has(turn, talk_focus(turn)) &&
        (!topic->found_named || str_equal(topic->found->id, talk_focus(turn))))
        return OK;
    if (shortly)
        TRY(find_elsewhere(turn, &elsewhere));
    *out = !topic->found_named && ((shortly && !elsewhere) || turn_heard(turn, CUE_MORE));
    return OK;
}

/* What the answer is about: what was offered, what is pointed back to, or what was named or found. */
static Err choose_main(Turn *turn, const Topic *topic, bool follows_up)
{
    bool assents = turn->intent == INTENT_ASSENT && turn->history_count > 0;

    if (assents)
        TRY(plan_add(turn, turn->history[0].offered));
    if (turn->plan.fact_count == 0 && (assents || follows_up))
        TRY(plan_add(turn, talk_focus(turn)));
    if (turn->plan.fact_count == 0 && turn->intent != INTENT_ASSENT)
        plan_add_fact(turn, topic->about);
    return OK;
}

/* Whether an entity stands in for what the brand hasn't said yet. One that is gone is no better. */
static Err read_sample(const Turn *turn, Str id, bool *sample)
{
    FactReader reader = turn_reader(turn);
    Fact fact;
    Err e = fact_read_brief(&reader, id, &fact, NULL);

    *sample = e.code == NOT_FOUND || fact.sample;
    return e.code == NOT_FOUND ? OK : e;
}

/* A neighbour that the question is after, or the first that nobody has been to; empty when there is none. A sample
 * only when there is nothing else. */
static Err next_neighbour(const Turn *turn, const Fact *main, Str *out)
{
    const Voice *voice = turn->tools->voice;
    Str other = STR(""), last_resort = STR("");

    for (size_t i = 0; i < main->relation_count; i++) {
        const Relation *relation = &main->relations[i];
        bool asked = voice_asks_relationship(voice, turn->asks, relation->directed);
        bool sample;
        if (talk_been_to(turn, relation->id) || str_equal(relation->id, voice_character(voice)) ||
            texts_have(voice_keeps_from(voice), relation->directed) ||
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
    *out = turn->asks != 0 ? STR("") : other.len > 0 ? other : last_resort;
    return OK;
}

/* A sample isn't dragged into an answer about something else: the message names it, or it fits more of its words. */
static bool is_welcome(const Turn *turn, const QueryHit *hit)
{
    return !hit->entity.sample || turn_names(turn, hit, (Texts){NULL, 0}) ||
           hit->why.terms.count > turn->found.results.items[0].why.terms.count;
}

/* What was found besides and is nearly as good. */
static Str second_hit(const Turn *turn, const Fact *main)
{
    const QueryHitList *hits = &turn->found.results;

    for (size_t i = 1; i < hits->count && hits->items[i].score >= NEARLY_AS_GOOD * hits->items[0].score;
         i++) {
        const EntitySummary *entity = &hits->items[i].entity;
        if (!str_equal(entity->id, main->id) && !talk_been_to(turn, entity->id) &&
            is_welcome(turn, &hits->items[i]))
            return entity->id;
    }
    return STR("");
}

static void link_beside(Turn *turn)
{
    Plan *plan = &turn->plan;

    for (size_t i = 0; plan->fact_count > 1 && i < plan->facts[0]->relation_count; i++)
        if (str_equal(plan->facts[0]->relations[i].id, plan->facts[1]->id))
            plan->link = &plan->facts[0]->relations[i];
}

/* Something beside the main thing: the other that was named, what the question is after, or, where nothing in
 * particular was asked, a neighbour. */
static Err choose_beside(Turn *turn, const Topic *topic)
{
    const Fact *main = turn->plan.facts[0];
    bool is_found = topic->found != NULL && str_equal(main->id, topic->found->id);
    Str id = STR("");

    for (size_t i = 0; i < topic->named_count && id.len == 0; i++)
        if (!str_equal(topic->named[i]->id, main->id))
            id = topic->named[i]->id;

    if (id.len == 0 && is_found && topic->named_count == 0)
        id = second_hit(turn, main);
    if (id.len == 0)
        TRY(next_neighbour(turn, main, &id));
    TRY(plan_add(turn, id));
    link_beside(turn);
    return OK;
}

/* What was asked isn't known of the thing itself, but the text of a neighbour may tell: that comes second. */
static Err look_through(Turn *turn)
{
    const Fact *main = turn->plan.facts[0];
    FactReader reader = turn_reader(turn);
    size_t looked = 0;

    for (size_t i = 0; i < main->relation_count && looked < LOOKED_THROUGH; i++) {
        const Relation *relation = &main->relations[i];
        const Fact *other;
        if (!voice_asks_through(turn->tools->voice, turn->asks, relation->directed))
            continue;
        looked++;
        TRY(fact_find(&reader, relation->id, &other, NULL));
        if (other == NULL || !plan_has_answer(turn, other))
            continue;
        turn->focus = main->id; /* that remains what is talked about */
        turn->plan.facts[0] = other;
        turn->plan.fact_count = 1;
        return OK;
    }
    return OK;
}

/* An offered story that is said yes to is told as one. */
static bool tells_story(const Turn *turn)
{
    return turn->intent == INTENT_ASSENT && str_equal(turn->plan.facts[0]->label, STR("Lore")) &&
           !str_equal(turn->plan.facts[0]->id, talk_focus(turn));
}

/* "Why that one?": for its story, which is told; what was recommended remains what is talked about. */
static Err explain_pick(Turn *turn)
{
    const Fact *pick = turn->plan.facts[0];
    const Relation *story = NULL;

    for (size_t i = 0; i < pick->relation_count && story == NULL; i++)
        if (str_equal(pick->relations[i].label, STR("Lore")) && !talk_told(turn, pick->relations[i].id))
            story = &pick->relations[i];
    turn->asks = 0;
    if (story == NULL)
        return OK;
    turn->focus = pick->id;
    turn->plan.fact_count = 0;
    TRY(plan_add(turn, story->id));
    if (turn->plan.fact_count == 0)
        return OK;
    turn->plan.move = MOVE_REMARK;
    turn->plan.remark = "why_pick";
    return OK;
}

Err plan_answer(Turn *turn, const Topic *topic)
{
    bool short_only = turn_heard(turn, CUE_SHORTER) || turn_heard(turn, CUE_AGAIN);
    bool follows_up;

    if (turn_heard(turn, CUE_AGAIN) || (short_only && topic->named_count == 0))
        TRY(plan_add(turn, talk_focus(turn)));
    TRY(find_follow_up(turn, topic, &follows_up));
    if (turn->plan.fact_count == 0)
        TRY(choose_main(turn, topic, follows_up));
    if (turn->plan.fact_count == 0)
        return OK;
    turn->plan.move = short_only ? MOVE_SUM_UP : tells_story(turn) ? MOVE_STORY : MOVE_TELL;
    if (turn->plan.move != MOVE_TELL)
        return OK;
    if (turn_heard(turn, CUE_WHY) && talk_last_was(turn, MOVE_RECOMMEND))
        return explain_pick(turn);
    if (turn->asks != 0 && follows_up && !plan_has_answer(turn, turn->plan.facts[0]))
        TRY(look_through(turn));
    return choose_beside(turn, topic);
}

/* Of two the one that isn't being talked about, of more the next; the latest other thing when nothing was put side by
 * side. */
static Str the_other(const Turn *turn, Texts choices)
{
    Str focus = talk_focus(turn);

    for (size_t i = 0; i < choices.count; i++)
        if (str_equal(choices.items[i], focus))
            return choices.items[(i + 1) % choices.count];
    return choices.count > 0 ? choices.items[0] : talk_focus_before(turn, focus);
}

Err plan_choice(Turn *turn, const Topic *topic)
{
    static const Cue PLACES[] = {CUE_FIRST, CUE_SECOND, CUE_THIRD};
    Texts choices = talk_choices(turn);
    Str id = STR("");

    if (topic->named_count > 0 || turn->history_count == 0)
        return OK;
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES && i < choices.count; i++)
        if (turn_heard(turn, PLACES[i]))
            id = choices.items[i];
    if (turn_heard(turn, CUE_LAST) && choices.count > 0)
        id = choices.items[choices.count - 1];
    if (turn_heard(turn, CUE_OTHER))
        id = the_other(turn, choices);
    TRY(plan_add(turn, id));
    if (turn->plan.fact_count == 0)
        return OK;
    turn->plan.move = MOVE_TELL;
    return choose_beside(turn, topic);
}
