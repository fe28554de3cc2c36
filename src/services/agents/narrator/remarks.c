/* Answers to what is no question about the world: a remark, or brewing seen from the visitor's own craft. Some fact
 * follows where the plan has one. */
#include "services/agents/narrator/parts.h"

enum { REMARK_SENTENCES = 3 };

static const Str NONE = {NULL, 0};

static void go_on(const Telling *telling, const Plan *plan, Narration *out)
{
    Telling quiet = *telling;
    Sentences sentences;

    quiet.asks = 0;
    if (plan->fact_count > 0) {
        sentences_read_on(&quiet, plan->facts[0], REMARK_SENTENCES, &sentences);
        (void)narration_say(telling, plan->facts[0], &sentences, false, out);
    }
    narration_tell_samples(telling, out);
    ask_on(telling, plan, out->count > 1, out);
}

void tell_remark(const Telling *telling, const Plan *plan, Narration *out)
{
    if (plan->fact_count > 0) {
        say_phrase(telling, "remarks", str_from(plan->remark), plan->facts[0], false, out);
        narration_cite(out, plan->facts[0]->id);
    } else {
        narration_add(out, wording(telling, out, "remarks", str_from(plan->remark), NULL, 0), NONE, false);
    }
    go_on(telling, plan, out);
}

void tell_image(const Telling *telling, const Plan *plan, Narration *out)
{
    const Fact *thing = plan->fact_count > 0 ? plan->facts[0] : NULL;
    Str words = wording_new(telling, out, "crafts", voice_craft_key(plan->craft), NULL, 0);

    if (words.len == 0)
        words = wording(telling, out, "remarks", STR("craft"), NULL, 0);
    narration_add(out, words, thing == NULL ? NONE : thing->id, false);
    go_on(telling, plan, out);
}
