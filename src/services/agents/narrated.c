/* The narrator as a generator: which of its ways of telling fits what was decided. */
#include "services/agents/generator.h"

#include <string.h>

Telling turn_telling(const Turn *turn)
{
    return (Telling){
        .voice = turn->tools->voice,
        .arena = turn->call->arena,
        .tongue = turn->tongue,
        .question = turn->folded,
        .asks = turn->asks,
        .cues = turn->cues,
        .turn = turn->number,
        .said = turn->said,
        .visited = turn->visited,
    };
}

static Str handoff_words(const Turn *turn)
{
    const AgentHandoff *target = agent_handoff_to(turn->agent, turn->handoff->to);

    return target != NULL && target->words[turn->tongue].len > 0
               ? target->words[turn->tongue]
               : voice_phrase(turn->tools->voice, turn->tongue, "handoff", turn->number);
}

/* Words that are fixed by content: a guard's, or the hand-off. */
static Str fixed_words(const Turn *turn)
{
    if (turn->verdict.rule != NULL)
        return guards_words(turn->verdict.rule, turn->tongue, turn->number);
    if (turn->outcome == CHAT_REPLY_OUTCOME_HANDOFF)
        return handoff_words(turn);
    return (Str){NULL, 0};
}

/* How much of herself goes with a greeting and the like. */
typedef struct Courtesy {
    const char *phrase; /* NULL = none */
    size_t sentences;
} Courtesy;

static const Courtesy COURTESIES[INTENT_COUNT] = {
    [INTENT_THANKS] = {"thanks", 0},
    [INTENT_FAREWELL] = {"farewell", 0},
    [INTENT_GREETING] = {"greeting", 1},
    [INTENT_IDENTITY] = {NULL, 3},
};

static bool is_courtesy(Intent intent)
{
    return COURTESIES[intent].phrase != NULL || COURTESIES[intent].sentences > 0;
}

static void tell(const Telling *telling, Turn *turn)
{
    const Courtesy *courtesy = &COURTESIES[turn->intent];

    for (size_t i = 0; i < turn->recollection.answer.count; i++)
        narrate_words(telling, turn->recollection.answer.items[i], &turn->narration);
    if (turn->recollection.answer.count > 0)
        return;
    if (turn->told.count > 0)
        narrate_words(telling, turn->told.note, &turn->narration);
    if (turn_only_tells(turn) && turn->plan.move == MOVE_NOTHING)
        narrate_words(telling, turn->told.lead_on, &turn->narration);
    else if (is_courtesy(turn->intent))
        narrate_self(telling, courtesy->phrase, courtesy->sentences, turn->intent != INTENT_FAREWELL,
                     turn->self, &turn->narration);
    else
        narrate(telling, &turn->plan, &turn->narration);
}

static void compose(Turn *turn)
{
    const Telling telling = turn_telling(turn);
    Str fixed = fixed_words(turn);
    bool first = turn->number == 0;

    if (first && fixed.len == 0)
        narrate_disclosure(&telling, turn->self, true, &turn->narration);
    if (fixed.len > 0)
        narrate_words(&telling, fixed, &turn->narration);
    else
        tell(&telling, turn);
    if (first && fixed.len > 0)
        narrate_disclosure(&telling, turn->self, false, &turn->narration);
}

/* All of it goes out at once: it was composed within a millisecond. */
Err narrator_generate(Turn *turn, Way *way)
{
    Narration *narration = &turn->narration;
    Line *composed = arena_array(turn->call->arena, Line, LINES_MAX);
    size_t count;

    *way = STRAIGHT;
    compose(turn);
    count = narration->count;
    memcpy(composed, narration->lines, count * sizeof *composed);
    narration->count = 0;
    for (size_t i = 0; i < count; i++) {
        bool rests, said;
        TRY(turn_rests(turn, &composed[i], &rests));
        if (rests)
            TRY(turn_say(turn, composed[i], &said));
    }
    return turn_speak(turn);
}
