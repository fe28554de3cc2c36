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
static void say_why(const Telling *telling, const Fact *pick, Narration *out)
{
    Texts kinds = voice_recommends_by(telling->voice);
    Str it = voice_template(telling->voice, telling->tongue, "it", NONE);
    Sentences all = {.count = 0};

    for (size_t i = 0; i < kinds.count && all.count < SENTENCES_MAX; i++) {
        Sentence one = sentences_relationship(telling, pick, it, kinds.items[i]);
        if (one.text.len > 0)
            all.items[all.count++] = one;
    }
    (void)narration_say(telling, pick, &all, false, out);
    narration_tell_sample_links(telling, pick, &all, out);
}

static void say_portrait(const Telling *telling, const Fact *pick, Narration *out)
{
    Str portrait = passages_summary(telling, pick);

    if (!was_said(telling, out, portrait))
        narration_add(out, portrait, pick->id, false);
    narration_mark_sample(telling, pick, out);
}

/* The flavour as the world notes it; that there is no note, when there is none. */
static void say_flavour(const Telling *telling, const Fact *pick, Narration *out)
{
    Telling tasting = *telling;
    Sentences taste;

    tasting.asks = voice_flavour(telling->voice);
    sentences_asked(&tasting, pick, &taste);
    if (!narration_say(telling, pick, &taste, false, out))
        say_phrase(telling, "no_flavour", NONE, pick, false, out);
}

void tell_choice(const Telling *telling, const Plan *plan, Narration *out)
{
    const Fact *pick = plan->facts[0];

    narration_cite(out, pick->id);
    narration_choice(out, pick->id);
    say_phrase(telling, "recommend", NONE, pick, false, out);
    say_portrait(telling, pick, out);
    say_reasons(telling, plan, out);
    say_flavour(telling, pick, out);
    say_why(telling, pick, out);
    if (plan->fact_count > 2)
        tell_beside(telling, plan, plan->facts[2], 3, out);
    narration_tell_samples(telling, out);
    if (plan->fact_count > 1 && plan->facts[1] != NULL) {
        narration_cite(out, plan->facts[1]->id);
        narration_choice(out, plan->facts[1]->id);
        say_phrase(telling, "second_choice", NONE, plan->facts[1], plan->fact_count <= 2, out);
    }
    narration_add(out, wording(telling, out, "question_choice", NONE, NULL, 0), NONE, plan->fact_count == 1);
}
