#include "services/agents/planning.h"

/* What is remarked on, and what is told with it. */
typedef enum Further { NOTHING_FURTHER, FOCUS_FURTHER, STORY_FURTHER, HOUSE_FURTHER } Further;

static const struct {
    Cue cue;
    const char *remark; /* a key of the words */
    Further further;
} REMARKS[] = {
    {CUE_INSULT, "insult", NOTHING_FURTHER},   {CUE_WELLBEING, "wellbeing", NOTHING_FURTHER},
    {CUE_OPINION, "opinion", STORY_FURTHER},   {CUE_REFUSAL, "refusal", STORY_FURTHER},
    {CUE_REACTION, "reaction", FOCUS_FURTHER}, {CUE_TRUTH, "truth", FOCUS_FURTHER},
    {CUE_SOBER, "sober", STORY_FURTHER},       {CUE_HOUSE, "house", HOUSE_FURTHER},
};

static Err add_further(Turn *turn, Further further)
{
    Str told = talk_first_told(turn, 0);

    if (further == FOCUS_FURTHER) /* where nothing was known just now, what was told before that */
        return plan_add(turn, told.len > 0 ? told : talk_focus(turn));
    if (further == STORY_FURTHER)
        return plan_add(turn, plan_favourite(turn));
    if (further == HOUSE_FURTHER)
        return plan_add(turn, voice_house(turn->tools->voice));
    return OK;
}

/* Anything but her own name. */
static bool names_something(const Turn *turn, const Topic *topic)
{
    for (size_t i = 0; i < topic->named_count; i++)
        if (!str_equal(topic->named[i]->id, voice_character(turn->tools->voice)))
            return true;
    return false;
}

Err plan_remark(Turn *turn, const Topic *topic)
{
    for (size_t i = 0; i < sizeof REMARKS / sizeof *REMARKS; i++) {
        if (!turn_heard(turn, REMARKS[i].cue) || names_something(turn, topic))
            continue;
        TRY(add_further(turn, REMARKS[i].further));
        if (REMARKS[i].further != NOTHING_FURTHER && turn->plan.fact_count == 0)
            return OK; /* its words need a thing to speak of */
        turn->plan.move = MOVE_REMARK;
        turn->plan.remark = REMARKS[i].remark;
        return OK;
    }
    return OK;
}

Err plan_image(Turn *turn, const Topic *topic)
{
    const Craft *craft = voice_craft(turn->tools->voice, turn->folded);

    if (craft == NULL ||
        (!turn_heard(turn, CUE_LIKENESS) && (!turn_heard(turn, CUE_MINE) || topic->named_count > 0)))
        return OK;
    turn->plan.move = MOVE_IMAGE;
    turn->plan.craft = craft;
    return plan_add(turn, craft->entity);
}
