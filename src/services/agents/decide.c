#include "services/agents/planning.h"

/* Asked from the top; the first with a plan decides. */
static Planner *const PLANNERS[] = {
    plan_first, plan_image,          plan_comparison, plan_extreme, plan_list,   plan_step,   plan_manner,
    plan_match, plan_recommendation, plan_choice,     plan_story,   plan_remark, plan_answer, plan_want,
};

static bool is_open(const Turn *turn)
{
    return turn->plan.move == MOVE_NOTHING && !turn_only_tells(turn);
}

/* What somebody tells of themselves is answered from their craft or their taste; else they hear about what they told,
 * if that is something of the world. Otherwise memory's own words are enough. */
static Err decide_on_told(Turn *turn, const Topic *topic)
{
    TRY(plan_image(turn, topic));
    if (turn->plan.move == MOVE_NOTHING)
        TRY(plan_recommendation(turn, topic));
    if (turn->plan.move != MOVE_NOTHING || !turn->told.is_of_catalogue)
        return OK;
    TRY(plan_add(turn, turn->told.items[0].entity));
    if (turn->plan.fact_count > 0)
        turn->plan.move = MOVE_TELL;
    return OK;
}

static bool names_nothing(const Turn *turn, const Topic *topic)
{
    return topic->named_count == 0 && !topic->found_named && turn->told.count == 0 &&
           !turn_heard(turn, CUE_STORY);
}

/* "Shorter, please", "is that true?": of this talk, or of this house, whatever the guards make of so few words. */
static bool is_of_here(const Turn *turn)
{
    static const Cue OF_TALK[] = {CUE_SHORTER, CUE_LONGER, CUE_ANOTHER, CUE_AGAIN, CUE_TRUTH};
    const uint32_t for_somebody = WORDS_BIT(WORDS_OCCASION) | WORDS_BIT(WORDS_PERSON);
    bool here = turn_heard(turn, CUE_SOBER) || turn_heard(turn, CUE_HOUSE) || wants_first(turn->want) ||
                ((turn->words & for_somebody) != 0 && turn->want != NULL);

    for (size_t i = 0; i < sizeof OF_TALK / sizeof *OF_TALK && turn->history_count > 0; i++)
        here |= turn_heard(turn, OF_TALK[i]);
    return here;
}

/* "Which film starts at nine?" speaks of nothing here, whatever the search found by its other words. */
static bool is_elsewhere(const Turn *turn, const Topic *topic)
{
    bool maybe = turn->verdict.doubtful || (wants_are_elsewhere(turn->words) && turn->history_count == 0);

    return (turn->intent == INTENT_ELSEWHERE || (maybe && names_nothing(turn, topic))) && !is_of_here(turn);
}

Err turn_decide(Turn *turn, Way *way)
{
    Topic topic;

    (void)way;
    if (turn->intent == INTENT_PURCHASE)
        return turn_hand_off(turn, NULL, NULL);
    TRY(topic_find(turn, &topic));
    turn->plan = (Plan){.move = MOVE_NOTHING, .self = turn->self};
    if (turn_only_tells(turn))
        TRY(decide_on_told(turn, &topic));
    for (size_t i = 0; i < sizeof PLANNERS / sizeof *PLANNERS && is_open(turn) && !is_elsewhere(turn, &topic);
         i++)
        TRY(PLANNERS[i](turn, &topic));
    if (is_open(turn))
        turn->outcome = CHAT_REPLY_OUTCOME_ABSTAIN;
    if (turn->plan.fact_count > 0 && turn->focus.len == 0)
        turn->focus = turn->plan.facts[0]->id;
    return OK;
}
