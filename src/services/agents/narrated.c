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

/* Many sentences are looked for in them. */
static void read_said(const Turn *turn, Quads *out)
{
    for (size_t i = 0; i < turn->said.count; i++)
        quads_add(out, turn->said.items[i]);
}

static void put_together(Turn *turn)
{
    Quads said = {{0}};
    Telling telling = turn_telling(turn);
    Str fixed = fixed_words(turn);
    bool first = turn->number == 0;

    read_said(turn, &said);
    telling.said_quads = &said;

    if (first && fixed.len == 0)
        narrate_disclosure(&telling, turn->self, true, &turn->narration);
    if (fixed.len > 0)
        narrate_words(&telling, fixed, &turn->narration);
    else
        tell(&telling, turn);
    if (first && fixed.len > 0)
        narrate_disclosure(&telling, turn->self, false, &turn->narration);
}

/* What was said before by somebody else comes first. */
static void compose(Turn *turn)
{
    Narration *narration = &turn->narration;

    put_together(turn);
    turn->composed = arena_array(turn->call->arena, Line, narration->count + 1);
    turn->composed_count = narration->count;
    if (narration->count > 0)
        memcpy(turn->composed, narration->lines, narration->count * sizeof *turn->composed);
    turn->weighed = narration->count = 0;
}

/* Says what may be said of the composed sentences, until so many are. */
static Err say_until(Turn *turn, size_t count)
{
    while (turn->narration.count < count && turn->weighed < turn->composed_count) {
        const Line *line = &turn->composed[turn->weighed++];
        bool rests, said;
        TRY(turn_rests(turn, line, &rests));
        if (rests)
            TRY(turn_say(turn, *line, &said));
    }
    return OK;
}

/* The first sentence goes out as soon as it is weighed. */
Err narrator_generate(Turn *turn, Way *way)
{
    *way = STRAIGHT;
    compose(turn);
    TRY(say_until(turn, turn->spoken + 1));
    return turn_speak(turn);
}

Err narrator_say_rest(Turn *turn)
{
    if (turn->weighed == turn->composed_count)
        return OK;
    turn->interrupted = call_is_cancelled(turn->call);
    if (turn->interrupted)
        return OK;
    TRY(say_until(turn, LINES_MAX));
    return turn_speak_last(turn);
}

static bool begins_alike(const Narration *a, const Narration *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!str_equal(a->lines[i].text, b->lines[i].text))
            return false;
    return true;
}

Err narrator_take_up(Turn *turn)
{
    const Narration said = turn->narration;

    turn->narration = (Narration){.arena = turn->call->arena};
    compose(turn);
    TRY(say_until(turn, said.count));
    if (begins_alike(&turn->narration, &said))
        return OK;
    turn->narration = said;
    turn->composed_count = turn->weighed;
    return OK;
}
