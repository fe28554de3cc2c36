/* The usual answer: what was asked of a thing, then a little of something beside it. */
#include "services/agents/narrator/passages.h"
#include "services/agents/narrator/parts.h"

enum { MAIN_SENTENCES = 4, UNKNOWN_SENTENCES = 2 };

static const Str NO_ENTITY = {NULL, 0};

/* How much a sentence has of what was asked: that itself, or words in common. */
static size_t fit(const Telling *telling, const Terms *question, const Passage *one)
{
    enum { EVIDENT = 100 };

    return ((one->tells & telling->asks) != 0 ? EVIDENT : 0) + passages_shared(question, one);
}

/* What was asked for and has been said before, said so: "As I told you: …". */
static bool remind(const Telling *telling, const Fact *main, Narration *out)
{
    Passages *passages = arena_new(telling->arena, Passages);
    const Passage *best = NULL;
    Terms question;

    passages_read(telling, main, passages);
    passages_question(telling, main, &question);
    for (size_t i = 0; i < passages->count; i++) {
        const Passage *one = &passages->items[i];
        bool evident = (one->tells & telling->asks) != 0;
        if (one->said && (evident || !one->leans) && !one->forbidden &&
            fit(telling, &question, one) > (best == NULL ? 0 : fit(telling, &question, best)))
            best = one;
    }
    if (best == NULL || (telling->asks != 0 && (best->tells & telling->asks) == 0))
        return false;
    const Slot slot = {"value", best->text};
    narration_add(out, wording_new(telling, out, "reminder", NO_ENTITY, &slot, 1), main->id, false);
    narration_cite(out, main->id);
    return true;
}

/* Says plainly that what was asked for isn't known, in the words for that kind of question. Returns whether it did. */
static bool admit(const Telling *telling, const Fact *main, Narration *out)
{
    for (size_t i = 0; i < voice_ask_count(telling->voice); i++) {
        Str key = voice_ask_key(telling->voice, i);
        size_t before = out->count;
        if ((telling->asks >> i & 1) == 0)
            continue;
        say_phrase(telling, "unknown", key, main, false, out);
        if (out->count > before)
            return true;
    }
    return false;
}

/* What it is about; says plainly when what was asked for isn't known, or when there is no more to tell. */
static void tell_main(const Telling *telling, const Fact *main, Narration *out)
{
    Sentences sentences;

    sentences_choose(telling, main, MAIN_SENTENCES, &sentences);
    bool missed = telling->asks != 0 && !sentences.answers;
    bool reminded = (missed || sentences.count == 0) && remind(telling, main, out);
    if (reminded)
        sentences.count = 0;
    if (missed && !reminded && admit(telling, main, out) && sentences.count > UNKNOWN_SENTENCES)
        sentences.count = UNKNOWN_SENTENCES;
    if (!narration_say(telling, main, &sentences, false, out) && out->count == 0)
        say_phrase(telling, "again", NO_ENTITY, main, false, out);
    narration_cite(out, main->id);
    narration_tell_sample_links(telling, main, &sentences, out);
}

static void lead_in(const Telling *telling, const Plan *plan, const Fact *beside, Narration *out)
{
    const Fact *main = plan->facts[0];
    const Slot slots[] = {
        {"name", name_spoken(telling, beside->label, beside->name)},
        {"main", name_spoken(telling, main->label, main->name)},
    };
    Str words = {NULL, 0};

    if (plan->link != NULL && str_equal(plan->link->id, beside->id))
        words = wording_new(telling, out, "links", plan->link->directed, slots, 2);
    if (words.data == NULL)
        words = wording_new(telling, out, "lead_in", NO_ENTITY, slots, 2);
    narration_add(out, words, NO_ENTITY, true);
}

/* A link that is a sample is said to be one. */
static void mark_link(const Telling *telling, const Plan *plan, const Fact *beside, Narration *out)
{
    const Sentences link = {.items = {{.sample_link = true}}, .count = 1};

    if (plan->link != NULL && plan->link->sample && str_equal(plan->link->id, beside->id))
        narration_tell_sample_links(telling, plan->facts[0], &link, out);
}

void tell_beside(const Telling *telling, const Plan *plan, const Fact *beside, size_t sentences,
                 Narration *out)
{
    Telling quiet = *telling;
    Sentences found;

    quiet.asks = 0; /* what was asked for was asked of the main one; here only the text speaks */
    sentences_read_on(&quiet, beside, sentences, &found);
    if (found.count == 0)
        return;
    lead_in(telling, plan, beside, out);
    (void)narration_say(telling, beside, &found, false, out);
    mark_link(telling, plan, beside, out);
}

/* Brewing seen as something else, where content has such a picture of the thing; once a session. */
static void show_image(const Telling *telling, const Fact *main, Narration *out)
{
    narration_add(out, wording_new(telling, out, "images", main->id, NULL, 0), main->id, false);
}

void tell_facts(const Telling *telling, const Plan *plan, Narration *out)
{
    enum { BESIDE_SENTENCES = 3 };
    const Fact *beside = plan->fact_count > 1 ? plan->facts[1] : NULL;

    tell_main(telling, plan->facts[0], out);
    if (telling->asks == 0)
        show_image(telling, plan->facts[0], out);
    if (beside != NULL)
        tell_beside(telling, plan, beside, BESIDE_SENTENCES, out);
    narration_tell_samples(telling, out);
    ask_on(telling, plan, beside == NULL, out);
}
