#include <stdlib.h>

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

/* --- what there is of a kind --- */

static bool is_real(const Recommendation *item)
{
    return !item->entity.sample;
}

/* What the brand has, what is no sample first. */
static Err list_products(Turn *turn)
{
    static const Picking anything = {.any_taste = true};
    Recommendations found;

    TRY(plan_offers(turn, &anything, PLAN_FACTS_MAX, &found));
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

    bool shelf = turn_heard(turn, CUE_SHELF); /* "bottles" are no vessels then */

    if (!shelf && (!turn_heard(turn, CUE_LIST) || (other && topic->named_count > 0)))
        return OK;
    if (shelf ||
        (topic->named_count == 0 && (topic->found == NULL || str_equal(topic->found->label, PRODUCT))))
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
