#include "conformance/graph/history_model.h"

#include <stdlib.h>
#include <string.h>

bool model_same_thing(const Said *a, const Said *b)
{
    return a->is_node == b->is_node && history_same_text(a->key, b->key) && history_same_text(a->to, b->to) &&
           (a->is_node || history_same_text(a->type, b->type)) && a->repeats == b->repeats &&
           (!a->repeats || a->line == b->line);
}

static bool is_about(const Claim *claim, const Said *said)
{
    return model_same_thing(&claim->said, said);
}

static Claim *find_current(Model *model, const Said *said)
{
    for (size_t i = 0; i < model->count; i++)
        if (model->claims[i].current && is_about(&model->claims[i], said) &&
            history_same_text(model->claims[i].said.origin, said->origin))
            return &model->claims[i];
    return NULL;
}

static bool touches(const Claim *claim, const char *key)
{
    return !claim->said.is_node &&
           (history_same_text(claim->said.key, key) || history_same_text(claim->said.to, key));
}

bool model_did_something(const Model *model, const char *key, int64_t moment_us)
{
    for (size_t i = 0; i < model->count; i++)
        if (model->claims[i].said.by_event && history_same_text(model->claims[i].said.key, key) &&
            (moment_us == GRAPH_NOW || model->claims[i].since_us <= moment_us))
            return true;
    return false;
}

bool model_exists(const Model *model, const char *key, int64_t moment_us)
{
    for (size_t i = 0; i < model->count; i++) {
        const Claim *claim = &model->claims[i];
        bool speaks_of =
            (claim->said.is_node && history_same_text(claim->said.key, key)) || touches(claim, key);

        if (speaks_of && model_is_open(claim, moment_us))
            return true;
    }
    return model_did_something(model, key, moment_us);
}

/* ---- saying */

static void add(Model *model, const Said *said, int64_t since_us)
{
    model->claims[model->count++] = (Claim){*said, since_us, said->until_us, true};
}

static GraphVerdict say_otherwise(Model *model, Claim *old, const Said *said)
{
    bool forever = old->until_us == GRAPH_FOREVER && said->until_us == GRAPH_FOREVER;
    int64_t since_us = forever && said->since_us <= old->since_us ? said->now_us : said->since_us;

    old->until_us = history_smaller(old->until_us, history_larger(since_us, old->since_us));
    old->current = false;
    add(model, said, since_us);
    return GRAPH_CHANGED;
}

static bool says_the_same(const Claim *old, const Said *said)
{
    return said->since_us <= old->since_us && said->until_us == old->until_us &&
           (!said->is_node || history_same_text(old->said.type, said->type)) &&
           memcmp(&old->said.values, &said->values, sizeof(Values)) == 0;
}

static void note(Model *model, const Said *said)
{
    assert_true(model->operations < MAX_OPERATIONS);
    model->history[model->operations++] = *said;
}

static GraphVerdict say_it(Model *model, const Said *said)
{
    Claim *old = find_current(model, said);

    if (!said->is_node &&
        (!model_exists(model, said->key, GRAPH_NOW) || !model_exists(model, said->to, GRAPH_NOW)))
        return GRAPH_NO_END;
    if (old == NULL) {
        add(model, said, said->since_us);
        return GRAPH_ADDED;
    }
    if (!says_the_same(old, said))
        return say_otherwise(model, old, said);
    if (old->said.line != said->line)
        note(model, said);
    old->said.line = said->line;
    return GRAPH_SAME;
}

static GraphVerdict drop_it(Model *model, const Said *said)
{
    Claim *old = find_current(model, said);

    if (old == NULL)
        return GRAPH_SAME;
    if (old->until_us == GRAPH_FOREVER)
        old->until_us = history_larger(said->now_us, old->since_us);
    old->current = false;
    return GRAPH_CHANGED;
}

/* Each of what was recorded once between two ends when the next begins. */
static void chain(Model *model, const Said *said)
{
    for (size_t i = 0; i < model->count; i++) {
        Claim *claim = &model->claims[i];

        if (!claim->said.by_event || claim->said.repeats || !is_about(claim, said))
            continue;
        claim->until_us = GRAPH_FOREVER;
        for (size_t n = 0; n < model->count; n++) {
            const Claim *next = &model->claims[n];

            if (next->said.by_event && is_about(next, said) &&
                (next->since_us > claim->since_us || (next->since_us == claim->since_us && n > i)))
                claim->until_us = history_smaller(claim->until_us, next->since_us);
        }
    }
}

static bool is_known(const Model *model, const Said *event)
{
    for (size_t i = 0; i < model->count; i++)
        if (history_same_text(model->claims[i].said.origin, event->origin))
            return true;
    return false;
}

bool model_misses(const Model *model, const Said *event)
{
    return !is_known(model, event) && !model_exists(model, event->to, GRAPH_NOW);
}

static GraphVerdict record_it(Model *model, const Said *said)
{
    if (is_known(model, said))
        return GRAPH_SAME;
    if (model_misses(model, said))
        return GRAPH_NO_END;
    add(model, said, said->since_us);
    if (!said->repeats)
        chain(model, said);
    return GRAPH_ADDED;
}

static GraphVerdict take(Model *model, const Said *said)
{
    if (said->by_event)
        return record_it(model, said);
    return said->drops ? drop_it(model, said) : say_it(model, said);
}

GraphVerdict model_say(Model *model, Said said)
{
    GraphVerdict verdict = take(model, &said);

    if (verdict == GRAPH_ADDED || verdict == GRAPH_CHANGED)
        note(model, &said);
    return verdict;
}

void model_retract(Model *model, const char *origin)
{
    size_t operations = model->operations;

    model->operations = 0;
    model->count = 0;
    for (size_t i = 0; i < operations;
         i++) { /* what is kept moves down: never past what is still to be read */
        Said said = model->history[i];

        if (!history_same_text(said.origin, origin))
            (void)model_say(model, said);
    }
}
