#include "services/agents/planning.h"

/* Asked from the top; the first with a plan decides. */
static Planner *const PLANNERS[] = {
    plan_image,  plan_comparison, plan_list,   plan_recommendation,
    plan_choice, plan_story,      plan_remark, plan_answer,
};

Err turn_decide(Turn *turn, Way *way)
{
    Topic topic;

    (void)way;
    if (turn->intent == INTENT_PURCHASE)
        return turn_hand_off(turn);
    TRY(topic_find(turn, &topic));
    turn->plan = (Plan){.move = MOVE_NOTHING, .self = turn->self};
    for (size_t i = 0; i < sizeof PLANNERS / sizeof *PLANNERS && turn->plan.move == MOVE_NOTHING; i++)
        TRY(PLANNERS[i](turn, &topic));
    if (turn->plan.move == MOVE_NOTHING)
        turn->outcome = CHAT_REPLY_OUTCOME_ABSTAIN;
    if (turn->plan.fact_count > 0 && turn->focus.len == 0)
        turn->focus = turn->plan.facts[0]->id;
    return OK;
}
