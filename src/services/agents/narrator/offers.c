/* What there is to go on with: the open question at the end, lists to choose from, and what she knows instead. */
#include "services/agents/narrator/parts.h"
#include "services/agents/narrator/passages.h"

enum { SUGGESTIONS = 3, TASTE_EVERY = 4 };

static const Str NONE = {NULL, 0};

/* Whether a name says of itself that it is a sample. */
static bool is_marked(const Telling *telling, Str name)
{
    Texts marks = voice_marks(telling->voice, telling->tongue);

    for (size_t i = 0; i < marks.count; i++)
        if (str_ends(name, marks.items[i]))
            return true;
    return false;
}

static const Relation *unvisited(const Telling *telling, const Fact *fact, const Narration *out)
{
    for (size_t i = 0; fact != NULL && i < fact->relation_count; i++) {
        const Relation *relation = &fact->relations[(i + telling->turn) % fact->relation_count];
        if (relation->name.len > 0 && !texts_have(voice_keeps_from(telling->voice), relation->directed) &&
            !is_marked(telling, relation->name) && !narration_cites(out, relation->id) &&
            !texts_have(telling->visited, relation->id) &&
            !str_equal(relation->id, voice_character(telling->voice)))
            return relation;
    }
    return NULL;
}

static const Relation *next_to(const Telling *telling, const Plan *plan, const Narration *out)
{
    const Relation *next = NULL;

    for (size_t i = 0; i < plan->fact_count && next == NULL; i++)
        next = unvisited(telling, plan->facts[i], out);
    return next != NULL ? next : unvisited(telling, plan->self, out);
}

/* A question about the visitor's own taste, every few turns; returns whether it was asked. */
static bool ask_taste(const Telling *telling, bool opens_paragraph, Narration *out)
{
    Str words = wording_new(telling, out, "question_taste", NONE, NULL, 0);

    narration_add(out, words, NONE, opens_paragraph);
    return words.len > 0;
}

static void ask_about(const Telling *telling, const Relation *next, bool opens_paragraph, Narration *out)
{
    const Slot slot = {"name", name_introduced(telling, out, next->label, next->name, next->korean)};
    Str words = wording_new(telling, out, "questions", next->label, &slot, 1);

    if (words.data == NULL)
        words = wording(telling, out, "question", NONE, &slot, 1);
    narration_add(out, words, NONE, opens_paragraph);
    narration_cite(out, next->id);
    out->offered = next->id;
}

void ask_on(const Telling *telling, const Plan *plan, bool opens_paragraph, Narration *out)
{
    const Relation *next = next_to(telling, plan, out);

    if (telling->turn % TASTE_EVERY == TASTE_EVERY - 1 && ask_taste(telling, opens_paragraph, out))
        return;
    if (next != NULL)
        ask_about(telling, next, opens_paragraph, out);
    else
        narration_add(out, wording(telling, out, "question_alone", NONE, NULL, 0), NONE, opens_paragraph);
}

static void say_list(const Telling *telling, const char *group, const Str *names, size_t count,
                     Narration *out)
{
    const Slot slot = {"list",
                       voice_list(telling->voice, telling->tongue, telling->arena, (Texts){names, count})};

    narration_add(out, wording(telling, out, group, NONE, &slot, 1), NONE, false);
}

/* All by name, then in a sentence each, what is no sample first. */
void tell_list(const Telling *telling, const Plan *plan, Narration *out)
{
    Str names[PLAN_FACTS_MAX];

    for (size_t i = 0; i < plan->fact_count; i++) {
        names[i] = name_spoken(telling, plan->facts[i]->label, plan->facts[i]->name);
        narration_cite(out, plan->facts[i]->id);
        narration_choice(out, plan->facts[i]->id);
    }
    say_list(telling, "listing", names, plan->fact_count, out);
    for (size_t i = 0; i < plan->fact_count; i++) {
        Str summary = passages_summary(telling, plan->facts[i]);
        if (!was_said(telling, out, summary))
            narration_add(out, summary, plan->facts[i]->id, i == 0);
    }
    narration_add(out, wording(telling, out, "question_choice", NONE, NULL, 0), NONE, false);
}

/* Names of what there is to tell instead: others each time, and only what content lets her offer. */
static size_t suggest(const Telling *telling, const Fact *self, Str names[SUGGESTIONS], Narration *out)
{
    size_t count = 0, skip = telling->turn * SUGGESTIONS;

    for (size_t i = 0; i < self->relation_count && count < SUGGESTIONS; i++) {
        const Relation *relation = &self->relations[(i + skip) % self->relation_count];
        if (relation->name.len == 0 || !texts_have(voice_suggests(telling->voice), relation->directed) ||
            texts_have(telling->visited, relation->id))
            continue;
        names[count++] = name_introduced(telling, out, relation->label, relation->name, relation->korean);
        narration_cite(out, relation->id);
        narration_choice(out, relation->id);
    }
    return count;
}

void tell_nothing(const Telling *telling, const Plan *plan, Narration *out)
{
    Str names[SUGGESTIONS];
    size_t count;

    narration_add(out, wording(telling, out, "abstain", NONE, NULL, 0), NONE, false);
    count = plan->self == NULL ? 0 : suggest(telling, plan->self, names, out);
    if (count > 0)
        say_list(telling, "suggest", names, count, out);
    narration_add(out, wording(telling, out, "question_alone", NONE, NULL, 0), NONE, false);
}
