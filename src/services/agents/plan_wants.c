/* What is wanted by the kind of words, when nothing that a message names was found: people wrap a wish in their day. */
#include <stdlib.h>

#include "services/agents/planning.h"

/* The smallest difference between strengths, in per cent, that anybody would call weaker or stronger. */
static const double A_STEP = 0.1;

const Want *turn_want(const Turn *turn)
{
    uint32_t words = turn->words | (turn->tastes != 0 ? WORDS_BIT(WORDS_TASTE) : 0) |
                     (talk_focus(turn).len > 0 ? WORDS_BIT(WORDS_TALK) : 0);

    return wants_hear(voice_wants(turn->tools->voice), turn->folded, words);
}

/* Strength in per cent of what was talked about; 0: none is noted. */
static Err read_strength(const Turn *turn, double *out)
{
    FactReader reader = turn_reader(turn);
    const Fact *focus;

    *out = 0;
    TRY(fact_find(&reader, talk_focus(turn), &focus, NULL));
    for (size_t i = 0; focus != NULL && i < focus->property_count; i++)
        if (str_equal(focus->properties[i].key, STR("abv")))
            *out = strtod(str_c(turn->call->arena, focus->properties[i].value), NULL);
    return OK;
}

/* Weaker or stronger than that, or as weak or strong as there is. */
static Err pick_by_strength(Turn *turn, bool weaker)
{
    Picking picking = {.any_taste = true};
    double strength;

    TRY(read_strength(turn, &strength));
    if (weaker)
        picking.abv_max = strength > A_STEP ? strength - A_STEP : 0;
    else
        picking.abv_min = strength + A_STEP;
    TRY(plan_pick(turn, &picking));
    if (turn->plan.move != MOVE_NOTHING || strength <= 0)
        return OK;
    turn->plan.move = MOVE_REMARK;
    turn->plan.remark = weaker ? "weakest" : "strongest";
    return plan_add(turn, talk_focus(turn));
}

static Err tell_story(Turn *turn)
{
    TRY(plan_add(turn, plan_favourite(turn)));
    if (turn->plan.fact_count > 0)
        turn->plan.move = MOVE_STORY;
    if (wants_first(turn->want)) /* a joke, which isn't there */
        turn->plan.remark = "no_such_story";
    return OK;
}

/* The first of the want's that wasn't told; of what may be known, the first that has it. */
static Err add_about(Turn *turn, const Want *want)
{
    FactReader reader = turn_reader(turn);
    const Fact *first = NULL, *fact;

    for (size_t i = 0; i < want->about.count && turn->plan.fact_count == 0; i++) {
        if (talk_told(turn, want->about.items[i]))
            continue;
        TRY(fact_find(&reader, want->about.items[i], &fact, NULL));
        first = first == NULL ? fact : first;
        if (fact != NULL && (turn->asks == 0 || want->does == WANT_MISS || plan_has_answer(turn, fact)))
            plan_add_fact(turn, fact);
    }
    if (turn->plan.fact_count == 0)
        plan_add_fact(turn, first);
    return OK;
}

/* Something near it. That what was asked itself isn't known is said, unless that has it. */
static Err tell_of(Turn *turn, const Want *want)
{
    bool missing = want->does == WANT_MISS;

    TRY(add_about(turn, want));
    if (turn->plan.fact_count == 0)
        return OK;
    missing = missing || (turn->asks != 0 && !plan_has_answer(turn, turn->plan.facts[0]));
    turn->plan.move = missing ? MOVE_REMARK : MOVE_TELL;
    turn->plan.remark = missing ? "nearby" : NULL;
    if (missing)
        turn->outcome = CHAT_REPLY_OUTCOME_ABSTAIN;
    return OK;
}

static Err follow(Turn *turn, const Want *want)
{
    const Picking picking = {.fresh = want->does == WANT_ANOTHER,
                             .for_food = (turn->words & WORDS_BIT(WORDS_FOOD)) != 0};

    switch (want->does) {
    case WANT_WEAKER:
    case WANT_STRONGER:
        return pick_by_strength(turn, want->does == WANT_WEAKER);
    case WANT_STORY:
        return tell_story(turn);
    case WANT_TELL:
    case WANT_MISS:
        return tell_of(turn, want);
    case WANT_SELLER: /* to nobody */
        return OK;
    default:
        return plan_pick(turn, &picking);
    }
}

/* Wants that step on from what was recommended. */
static bool steps_on(const Want *want)
{
    return want != NULL &&
           (want->does == WANT_WEAKER || want->does == WANT_STRONGER || want->does == WANT_ANOTHER);
}

Err plan_step(Turn *turn, const Topic *topic)
{
    const Want *want = turn->want;
    bool goes_on = talk_last_was(turn, MOVE_RECOMMEND) && topic->named_count == 0;

    return goes_on && steps_on(want) ? follow(turn, want) : OK;
}

/* A dish that is named has what goes with it of its own. */
Err plan_first(Turn *turn, const Topic *topic)
{
    const Want *want = turn->want;

    if (!wants_first(want))
        return OK;
    if (want->does == WANT_TELL) /* it has what is asked: the row says so */
        turn->asks = 0;
    if (want->does != WANT_RECOMMEND)
        return follow(turn, want);
    TRY(plan_match(turn, topic));
    return turn->plan.move == MOVE_NOTHING && topic->named_count == 0 ? follow(turn, want) : OK;
}

Err plan_want(Turn *turn, const Topic *topic)
{
    const Want *want = topic->about == NULL ? turn->want : NULL;

    return want == NULL ? OK : follow(turn, want);
}
