/* A story: the record's own sentences, in its own order, with a storyteller's opening and close around them. */
#include "services/agents/narrator/parts.h"
#include "services/agents/narrator/passages.h"

static const Str NONE = {NULL, 0};

/* How much of the record each length takes: a new paragraph begins only while there is less than `enough`. */
typedef struct Extent {
    size_t sentences;
    size_t paragraphs;
    size_t enough;
    bool close; /* with the voice's closing words */
} Extent;

static const Extent EXTENTS[] = {
    [USUAL] = {9, 3, 6, true},
    [SHORT] = {2, 1, 2, false},
    [LONG] = {18, 3, 18, true},
};

/* Sentences that can be told now: new ones that don't lean on one that is left out. Returns how many were told. */
static size_t tell_record(const Telling *telling, const Fact *record, const StoryVoice *voice,
                          const Extent *extent, Narration *out)
{
    Passages *passages = arena_new(telling->arena, Passages);
    size_t told = 0, paragraphs = 0, last = SIZE_MAX;

    passages_read(telling, record, passages);
    for (size_t i = 0; i < passages->count && told < extent->sentences; i++) {
        const Passage *one = &passages->items[i];
        bool alone = i == 0 || (last + 1 != i && !passages->items[i - 1].said);
        bool turns = last == SIZE_MAX || passages->items[last].paragraph != one->paragraph;
        if (one->said || one->forbidden || (one->leans && alone))
            continue;
        if (turns && (told >= extent->enough || ++paragraphs > extent->paragraphs))
            break;
        narration_add(out, voice_retell(telling->voice, telling->arena, voice, telling->tongue, one->text),
                      record->id, turns && paragraphs > 1);
        last = i;
        told++;
    }
    return told;
}

static void say_frame(const Telling *telling, const StoryVoice *voice, const char *group, const Fact *record,
                      Narration *out)
{
    const Slot slot = {"name", name_spoken(telling, record->label, record->name)};

    narration_add(out, wording_new(telling, out, group, voice_story_key(voice), &slot, 1), NONE, false);
}

static void open_story(const Telling *telling, const Plan *plan, const StoryVoice *voice, Narration *out)
{
    if (plan->remark != NULL)
        say_phrase(telling, "remarks", str_from(plan->remark), plan->facts[0], false, out);
    else
        say_frame(telling, voice, "story_opening", plan->facts[0], out);
}

void tell_story(const Telling *telling, const Plan *plan, Narration *out)
{
    const Fact *record = plan->facts[0];
    const StoryVoice *voice = voice_story(telling->voice, telling->question, telling->turn);
    const Extent *extent = &EXTENTS[plan->length];

    open_story(telling, plan, voice, out);
    narration_cite(out, record->id);
    if (tell_record(telling, record, voice, extent, out) == 0) {
        out->count = 0;
        say_phrase(telling, "again", NONE, record, false, out);
    } else if (extent->close) {
        say_frame(telling, voice, "story_close", record, out);
    }
    narration_mark_sample(telling, record, out);
    narration_tell_samples(telling, out);
    ask_on(telling, plan, plan->length != SHORT, out);
}

void tell_in_short(const Telling *telling, const Plan *plan, Narration *out)
{
    const Fact *main = plan->facts[0];
    Str summary = passages_summary(telling, main);
    const Slot slot = {"value", summary};

    if (was_said(telling, out, summary))
        summary = wording(telling, out, "reminder", NONE, &slot, 1);
    narration_add(out, summary, main->id, false);
    narration_cite(out, main->id);
    narration_mark_sample(telling, main, out);
    narration_tell_samples(telling, out);
    ask_on(telling, plan, false, out);
}
