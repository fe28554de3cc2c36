#include "services/agents/planning.h"

/* How many turns back "the other one" may reach. */
enum { CHOICES_REACH = 4, CHOICES_MAX = 16 };

/* The newest of them that put something side by side; empty when none did. */
static Str newest_choices(const Turn *turn)
{
    for (size_t i = 0; i < turn->history_count && i < CHOICES_REACH; i++)
        if (turn->history[i].choices.len > 0)
            return turn->history[i].choices;
    return STR("");
}

bool turn_heard(const Turn *turn, Cue cue)
{
    return (turn->cues & CUE_BIT(cue)) != 0;
}

Str talk_focus(const Turn *turn)
{
    return talk_focus_before(turn, STR(""));
}

Str talk_focus_before(const Turn *turn, Str than)
{
    for (size_t i = 0; i < turn->history_count; i++)
        if (turn->history[i].focus.len > 0 && !str_equal(turn->history[i].focus, than))
            return turn->history[i].focus;
    return STR("");
}

Texts talk_choices(const Turn *turn)
{
    Str rest = newest_choices(turn), id;
    Str *ids = rest.len > 0 ? arena_array(turn->call->arena, Str, CHOICES_MAX) : NULL;
    size_t count = 0;

    while (rest.len > 0 && count < CHOICES_MAX && str_split(&rest, ' ', &id))
        ids[count++] = id;
    return (Texts){ids, count};
}

bool talk_last_was(const Turn *turn, Move move)
{
    return turn->history_count > 0 && str_equal(turn->history[0].move, str_from(MOVE_NAMES[move]));
}

bool talk_been_to(const Turn *turn, Str id)
{
    return texts_have(turn->visited, id);
}

Str talk_first_told(const Turn *turn, size_t back)
{
    Str rest = back < turn->history_count ? turn->history[back].told : STR(""), id = STR("");

    if (rest.len > 0 && !str_equal(turn->history[back].move, str_from(MOVE_NAMES[MOVE_NOTHING])))
        (void)str_split(&rest, ' ', &id);
    return id;
}

bool talk_told(const Turn *turn, Str id)
{
    for (size_t i = 0; i < turn->history_count; i++)
        if (str_equal(turn->history[i].focus, id) || str_equal(talk_first_told(turn, i), id))
            return true;
    return false;
}

void plan_add_fact(Turn *turn, const Fact *fact)
{
    Plan *plan = &turn->plan;

    for (size_t i = 0; fact != NULL && i < plan->fact_count; i++)
        if (str_equal(plan->facts[i]->id, fact->id))
            return;
    if (fact != NULL && plan->fact_count < PLAN_FACTS_MAX)
        plan->facts[plan->fact_count++] = fact;
}

Err plan_add(Turn *turn, Str id)
{
    FactReader reader = turn_reader(turn);
    const Fact *fact;

    TRY(fact_find(&reader, id, &fact, NULL));
    plan_add_fact(turn, fact);
    return OK;
}

Str plan_neighbour(const Turn *turn, const Fact *fact, Str label)
{
    for (size_t i = 0; fact != NULL && i < fact->relation_count; i++) {
        const Relation *relation = &fact->relations[(i + turn->number) % fact->relation_count];
        if (str_equal(relation->label, label) && !talk_been_to(turn, relation->id))
            return relation->id;
    }
    return STR("");
}
