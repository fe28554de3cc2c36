#include "services/agents/narrator/narrator.h"

#include <assert.h>

#include "services/agents/narrator/parts.h"

static const Str NONE = {NULL, 0};

const char *const MOVE_NAMES[MOVE_COUNT] = {
    [MOVE_NOTHING] = "nothing", [MOVE_TELL] = "tell",     [MOVE_STORY] = "story",
    [MOVE_COMPARE] = "compare", [MOVE_LIST] = "list",     [MOVE_RECOMMEND] = "recommend",
    [MOVE_SUM_UP] = "sum_up",   [MOVE_REMARK] = "remark", [MOVE_IMAGE] = "image",
};

static const struct {
    void (*tell)(const Telling *telling, const Plan *plan, Narration *out);
    size_t facts; /* how many it can't do without */
} MOVES[MOVE_COUNT] = {
    [MOVE_NOTHING] = {tell_nothing, 0}, [MOVE_TELL] = {tell_facts, 1},    [MOVE_STORY] = {tell_story, 1},
    [MOVE_COMPARE] = {tell_apart, 2},   [MOVE_LIST] = {tell_list, 1},     [MOVE_RECOMMEND] = {tell_choice, 1},
    [MOVE_SUM_UP] = {tell_in_short, 1}, [MOVE_REMARK] = {tell_remark, 0}, [MOVE_IMAGE] = {tell_image, 0},
};

void narrate(const Telling *telling, const Plan *plan, Narration *out)
{
    assert(plan->move < MOVE_COUNT && plan->fact_count >= MOVES[plan->move].facts);
    MOVES[plan->move].tell(telling, plan, out);
}

/* What she says of herself: the property that content names for it, else the text about her. */
static Fact in_first_person(const Telling *telling, const Fact *self)
{
    Fact speaking = *self;

    for (size_t i = 0; i < self->property_count; i++)
        if (str_equal(self->properties[i].key, voice_introduction(telling->voice, telling->tongue)))
            speaking.text = self->properties[i].value;
    return speaking;
}

void narrate_self(const Telling *telling, const char *key, size_t sentences, bool leads_on, const Fact *self,
                  Narration *out)
{
    const Plan plan = {.move = MOVE_REMARK, .self = self};
    Sentences said;

    if (key != NULL)
        narration_add(out, wording(telling, out, key, NONE, NULL, 0), NONE, false);
    if (self == NULL) {
        narration_add(out, wording(telling, out, "unnamed", NONE, NULL, 0), NONE, false);
        return;
    }
    if (sentences > 0) {
        const Fact speaking = in_first_person(telling, self);
        sentences_read_on(telling, &speaking, sentences, &said);
        (void)narration_say(telling, self, &said, false, out);
    }
    narration_cite(out, self->id);
    if (leads_on)
        ask_on(telling, &plan, sentences > 1, out);
}

void narrate_words(const Telling *telling, Str words, Narration *out)
{
    Str sentence;

    while (text_next_sentence(&words, voice_abbreviations(telling->voice, telling->tongue), &sentence))
        narration_add(out, sentence, NONE, false);
}

void narrate_disclosure(const Telling *telling, const Fact *self, bool first, Narration *out)
{
    const Slot slot = {"self", self == NULL ? STR("") : self->name};

    narration_add(out,
                  wording(telling, NULL,
                          self == NULL ? "unnamed"
                          : first      ? "opening"
                                       : "closing",
                          NONE, &slot, 1),
                  NONE, !first);
}
