/* A recommendation with its why: the world's reason, the flavour, a story, an occasion. */
#include "services/agents/narrator/parts.h"
#include "services/agents/narrator/passages.h"

static const Str NONE = {NULL, 0};

static void say_reasons(const Telling *telling, const Plan *plan, Narration *out)
{
    for (size_t i = 0; i < plan->reasons.count; i++)
        if (!was_said(telling, out, plan->reasons.items[i]))
            narration_add(out, plan->reasons.items[i], plan->facts[0]->id, false);
}

/* Its relationships that content holds for a why ("made with", "goes well with"), a sentence each. */
static void say_why(const Telling *telling, const Fact *pick, Str it, Narration *out)
{
    Texts kinds = voice_recommends_by(telling->voice);
    Sentences all = {.count = 0};

    for (size_t i = 0; i < kinds.count && all.count < SENTENCES_MAX; i++) {
        Sentence one = sentences_relationship(telling, pick, it, kinds.items[i]);
        if (one.text.len > 0)
            all.items[all.count++] = one;
    }
    (void)narration_say(telling, pick, &all, true, out);
    narration_tell_sample_links(telling, pick, &all, out);
}

/* What was wanted and isn't written of anything that is put forward. */
static void say_unmet(const Telling *telling, const Plan *plan, Narration *out)
{
    const Slot slot = {"list", voice_list(telling->voice, telling->tongue, telling->arena, plan->unmet)};

    if (plan->unmet.count > 0)
        narration_add(out, wording_new(telling, out, "unmet", STR("taste"), &slot, 1), NONE, false);
    else if (plan->pairs_unknown)
        narration_add(out, wording_new(telling, out, "unmet", STR("food"), NULL, 0), NONE, false);
}

static void say_portrait(const Telling *telling, const Fact *pick, Str it, Narration *out)
{
    Str portrait = passages_portrait(telling, pick, it);

    if (!was_said(telling, out, portrait))
        narration_add(out, portrait, pick->id, false);
    narration_mark_sample(telling, pick, out);
}

/* The flavour as the world notes it; that there is no note, when there is none. */
static void say_flavour(const Telling *telling, const Fact *pick, Str it, Narration *out)
{
    Telling tasting = *telling;
    Sentences taste;

    tasting.asks = voice_flavour(telling->voice);
    sentences_properties(&tasting, pick, it, &taste);
    if (!narration_say(telling, pick, &taste, false, out)) {
        const Slot slot = {"name", it};
        narration_add(out, wording_new(telling, out, "no_flavour", NONE, &slot, 1), NONE, false);
    }
}

/* What was found for the occasion, if anything: a paragraph of its own. */
static void say_occasion(const Telling *telling, const Plan *plan, Narration *out)
{
    enum { OCCASION_SENTENCES = 3 };

    if (plan->fact_count > 2)
        tell_beside(telling, plan, plan->facts[2], OCCASION_SENTENCES, out);
}

static void say_second(const Telling *telling, const Fact *second, Narration *out)
{
    narration_cite(out, second->id);
    narration_choice(out, second->id);
    say_phrase(telling, "second_choice", NONE, second, false, out);
}

void tell_choice(const Telling *telling, const Plan *plan, Narration *out)
{
    const Fact *pick = plan->facts[0];
    Str it = voice_template(telling->voice, telling->tongue, "it", NONE);

    narration_cite(out, pick->id);
    narration_choice(out, pick->id);
    say_unmet(telling, plan, out);
    say_phrase(telling, "recommend", NONE, pick, false, out);
    say_portrait(telling, pick, it, out);
    say_reasons(telling, plan, out);
    say_flavour(telling, pick, it, out);
    say_why(telling, pick, it, out);
    say_occasion(telling, plan, out);
    narration_tell_samples(telling, out);
    if (plan->fact_count > 1)
        say_second(telling, plan->facts[1], out);
    narration_add(out, wording(telling, out, "question_choice", NONE, NULL, 0), NONE, false);
}
