#include "services/agents/llm/inside.h"

#include "base/log.h"

enum { ROUNDS_MAX = 4, CALLS_MAX = 8, ANSWERS_MAX = 2 };

/* Fixed words, what is asked of memory, and mere telling are not for a model. */
static bool is_wanted(const Turn *turn)
{
    return turn->tools->improviser != NULL && turn->verdict.rule == NULL &&
           turn->outcome != CHAT_REPLY_OUTCOME_HANDOFF && turn->recollection.answer.count == 0 &&
           !turn_only_tells(turn);
}

static Err ask(Improvisation *improvisation, bool must_speak, LlmAnswer *answer)
{
    const Improviser *improviser = improvisation->improviser;
    const LlmSink sink = {improvisation, speech_hear};
    const LlmRequest request = {
        .messages = improvisation->messages,
        .message_count = improvisation->message_count,
        .tools = improviser->tools,
        .tool_count = improviser->tool_count,
        .must_speak = must_speak,
        .cache_key = STR("maeju"),
    };

    speech_begin(improvisation);
    TRY(llm_stream(improviser->llm, improvisation->turn->call, &request, &sink, answer));
    return speech_end(improvisation);
}

/* Asks until the model has nothing more to look up, or the budget is spent. */
static Err converse(Improvisation *improvisation)
{
    size_t calls = 0;

    for (size_t round = 1;; round++) {
        LlmAnswer answer;
        bool last = round == ROUNDS_MAX || calls >= CALLS_MAX;
        TRY(ask(improvisation, last, &answer));
        if (answer.call_count == 0 || last)
            return OK;
        calls += answer.call_count;
        TRY(toolbox_run(improvisation, &answer));
        if (improvisation->handed_off)
            return OK;
    }
}

/* No sentence of the first answer could be sent: it is told why, once. */
static void ask_anew(Improvisation *improvisation)
{
    const Slot slots[] = {{"missing", improvisation->missing}};
    Str again = prompt_text(improvisation->improviser, "again", tongue_code(improvisation->turn->tongue));

    improviser_count_regenerated(improvisation->improviser);
    prompt_add(improvisation, (LlmMessage){LLM_ASSISTANT, buf_str(&improvisation->whole)});
    prompt_add(improvisation, (LlmMessage){LLM_USER, template_fill(improvisation->arena, again, slots, 1)});
}

static bool has_spoken(const Improvisation *improvisation)
{
    return improvisation->turn->spoken > 0;
}

static Err improvise(Improvisation *improvisation)
{
    TRY(prompt_write(improvisation));
    for (size_t answers = 1; answers <= ANSWERS_MAX; answers++) {
        TRY(converse(improvisation));
        if (has_spoken(improvisation) || improvisation->handed_off || improvisation->missing.len == 0)
            return OK;
        if (answers < ANSWERS_MAX)
            ask_anew(improvisation);
    }
    return OK;
}

/* --- what it comes to --- */

static const Fallback FALLBACK_OF[ERR_CODE_COUNT] = {
    [LIMITED] = FALLBACK_LIMITED,     [TIMED_OUT] = FALLBACK_TIMED_OUT,     [FORBIDDEN] = FALLBACK_REFUSED,
    [INTERNAL] = FALLBACK_UNREADABLE, [UNAVAILABLE] = FALLBACK_UNAVAILABLE,
};

static void leave_to_narrator(Improvisation *improvisation, Fallback why)
{
    Turn *turn = improvisation->turn;

    turn->generator = GENERATOR_NARRATOR;
    turn->has_fallback = true;
    turn->fallback = why;
    improviser_count_fallback(improvisation->improviser, why);
}

static bool is_spoken_of(Improvisation *improvisation, Str said, Str name)
{
    Str squeezed = squeeze(improvisation->arena, text_fold(improvisation->arena, name));

    return squeezed.len > 1 && str_find(said, squeezed, 0) != SIZE_MAX;
}

/* What it was told of, and speaks of; the first fact in any case, as the answer rests on it. */
static void cite(Improvisation *improvisation)
{
    Narration *narration = &improvisation->turn->narration;
    Str said = text_fold(improvisation->arena, narration_text(narration, improvisation->arena));

    said = squeeze(improvisation->arena, said);
    for (size_t i = 0; i < improvisation->fact_count && narration->cited_count < CITED_MAX; i++) {
        const Fact *fact = improvisation->facts[i];
        bool is_named = i == 0 || is_spoken_of(improvisation, said, fact->name);
        for (size_t k = 0; k < improvisation->aliases[i].count && !is_named; k++)
            is_named = is_spoken_of(improvisation, said, improvisation->aliases[i].items[k]);
        if (is_named)
            narration->cited[narration->cited_count++] = fact->id;
    }
}

static void finish(Improvisation *improvisation, Way *way)
{
    Turn *turn = improvisation->turn;

    if (improvisation->handed_off)
        return; /* Joon's words are fixed: the narrator says them */
    if (!has_spoken(improvisation)) {
        leave_to_narrator(improvisation, FALLBACK_UNGROUNDED);
        return;
    }
    cite(improvisation);
    if (improvisation->looked_up && turn->outcome == CHAT_REPLY_OUTCOME_ABSTAIN)
        turn->outcome = CHAT_REPLY_OUTCOME_ANSWER;
    improviser_count_answer(improvisation->improviser);
    *way = STRAIGHT;
}

Err turn_improvise(Turn *turn, Way *way)
{
    *way = ASIDE;
    if (!is_wanted(turn))
        return OK;
    Improvisation *improvisation = arena_new(turn->call->arena, Improvisation);
    *improvisation =
        (Improvisation){.improviser = turn->tools->improviser, .turn = turn, .arena = turn->call->arena};
    grounds_init(&improvisation->grounds, turn->tools->grounding, improvisation->arena);
    turn->generator = GENERATOR_LLM;
    Err e = improvise(improvisation);
    if (failed(&e) && improvisation->began)
        return e;
    if (failed(&e)) {
        log_warn("the narrator answers in place of the language model", log_err(&e),
                 log_trace(&turn->call->trace));
        leave_to_narrator(improvisation, FALLBACK_OF[e.code]);
        return OK;
    }
    finish(improvisation, way);
    if (*way == ASIDE)
        turn->generator = GENERATOR_NARRATOR;
    return OK;
}
