#include "services/agents/llm/inside.h"

#include "base/log.h"

enum { ANSWERS_MAX = 2, BYTES_A_TOKEN = 3 };

/* Fixed words, what is asked of memory, and mere telling are not for a model. */
bool turn_is_for_model(const Turn *turn)
{
    return turn->verdict.rule == NULL && turn->outcome != CHAT_REPLY_OUTCOME_HANDOFF &&
           turn->recollection.answer.count == 0 && !turn_only_tells(turn);
}

/* What an answer cost; estimated where the server doesn't say. Past the budget no other answer is asked for. */
static void spend(Improvisation *improvisation, const LlmAnswer *answer)
{
    int64_t tokens = answer->usage.input + answer->usage.output;

    for (size_t i = 0; i < improvisation->message_count && answer->usage.input == 0; i++)
        tokens += (int64_t)improvisation->messages[i].content.len / BYTES_A_TOKEN;
    if (answer->usage.output == 0)
        tokens += (int64_t)improvisation->whole.len / BYTES_A_TOKEN;
    Err e = agent_budget_tokens(&improvisation->turn->budget, tokens);
    improvisation->is_spent = improvisation->is_spent || failed(&e);
}

/* --- asking: each step begins the next and is then done with the improvisation --- */

static void heard(void *context, Err e);

/* Those of others go first then. */
static bool has_first_words(const void *context)
{
    const Improvisation *improvisation = context;

    return improvisation->turn->spoken > 0;
}

static void ask(Improvisation *improvisation)
{
    const Improviser *improviser = improvisation->improviser;
    const LlmSink sink = {improvisation, speech_hear, has_first_words};

    improvisation->must_speak = ++improvisation->rounds >= improvisation->turn->agent->rounds ||
                                improvisation->turn->budget.calls == 0;
    improvisation->request = (LlmRequest){
        .messages = improvisation->messages,
        .message_count = improvisation->message_count,
        .tools = improviser->offered,
        .tool_count = improviser->tool_count,
        .must_speak = improvisation->must_speak,
        .cache_key = improviser->name,
    };
    speech_begin(improvisation);
    llm_start(improviser->llm, improvisation->turn->call, &improvisation->request, &sink,
              &improvisation->answer, (LlmOver){heard, improvisation});
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

/* What follows an answer. It looks up what the model wants to know, until the budget is spent. */
static Err go_on(Improvisation *improvisation, bool *asks_again)
{
    const LlmAnswer *answer = &improvisation->answer;

    if (improvisation->is_spent)
        return OK;
    if (call_is_cancelled(improvisation->turn->call))
        return live_gone();
    if (answer->call_count > 0 && !improvisation->must_speak) {
        TRY(toolbox_run(improvisation, answer));
        *asks_again = !improvisation->handed_off && !improvisation->turn->waiting.is_new;
        return OK;
    }
    if (has_spoken(improvisation) || improvisation->missing.len == 0 ||
        ++improvisation->answers == ANSWERS_MAX)
        return OK;
    ask_anew(improvisation);
    improvisation->rounds = 0;
    *asks_again = true;
    return OK;
}

/* An answer is over, or won't come. */
static void heard(void *context, Err e)
{
    Improvisation *improvisation = context;
    bool asks_again = false;

    if (!failed(&e))
        e = speech_end(improvisation);
    spend(improvisation, &improvisation->answer);
    if (!failed(&e))
        e = go_on(improvisation, &asks_again);
    if (!failed(&e) && asks_again) {
        ask(improvisation);
        return;
    }
    improvisation->result = err_keep(improvisation->arena, e);
    turn_go_on(improvisation->turn);
}

static void begin(void *context)
{
    ask(context);
}

/* --- what it comes to --- */

static const Fallback FALLBACK_OF[ERR_CODE_COUNT] = {
    [LIMITED] = FALLBACK_LIMITED,     [TIMED_OUT] = FALLBACK_TIMED_OUT,     [FORBIDDEN] = FALLBACK_REFUSED,
    [INTERNAL] = FALLBACK_UNREADABLE, [UNAVAILABLE] = FALLBACK_UNAVAILABLE,
};

static bool is_spoken_of(Arena *scratch, Str said, Str name)
{
    Str squeezed = squeeze(scratch, text_fold(scratch, name));

    return squeezed.len > 1 && str_find(said, squeezed, 0) != SIZE_MAX;
}

/* What it was told of, and speaks of; the first fact in any case, as the answer rests on it. */
static void cite(Improvisation *improvisation)
{
    AUTO_ARENA Arena scratch = {0};
    Narration *narration = &improvisation->turn->narration;
    Str said = squeeze(&scratch, text_fold(&scratch, narration_text(narration, &scratch)));

    for (size_t i = 0; i < improvisation->fact_count; i++) {
        const Fact *fact = improvisation->facts[i];
        bool is_named = i == 0 || is_spoken_of(&scratch, said, fact->name);
        for (size_t k = 0; k < improvisation->aliases[i].count && !is_named; k++)
            is_named = is_spoken_of(&scratch, said, improvisation->aliases[i].items[k]);
        if (is_named)
            narration_cite(narration, fact->id);
    }
}

/* Without anything said: somebody else is to answer, or nobody can. */
static Err leave(Improvisation *improvisation, Fallback why, const Err *e)
{
    Turn *turn = improvisation->turn;

    improviser_count_fallback(improvisation->improviser, why);
    if (!agent_speaks_by(turn->agent, GENERATOR_NARRATOR))
        return *e;
    turn->generator = GENERATOR_NARRATOR;
    turn->has_fallback = true;
    turn->fallback = why;
    return OK;
}

static Err finish(Improvisation *improvisation, Way *way)
{
    Turn *turn = improvisation->turn;
    const Err nothing =
        err(UNAVAILABLE, "the language model said nothing that may be said; ask it otherwise");

    if (improvisation->handed_off)
        return OK; /* the words of a hand-off are fixed: the narrator says them */
    if (!has_spoken(improvisation))
        return leave(improvisation, improvisation->is_spent ? FALLBACK_LIMITED : FALLBACK_UNGROUNDED,
                     &nothing);
    cite(improvisation);
    if (improvisation->looked_up && turn->outcome == CHAT_REPLY_OUTCOME_ABSTAIN)
        turn->outcome = CHAT_REPLY_OUTCOME_ANSWER;
    improviser_count_answer(improvisation->improviser);
    *way = STRAIGHT;
    return OK;
}

static Err no_model(const Turn *turn)
{
    return agent_speaks_by(turn->agent, GENERATOR_NARRATOR)
               ? OK
               : err(UNAVAILABLE, "%s speaks with a language model only, and none is configured (llm_url)",
                     turn->agent->name);
}

static Err conclude(Improvisation *improvisation, Way *way)
{
    Turn *turn = improvisation->turn;
    const Err result = err_kept(improvisation->result), *e = &result;

    if (!failed(e) && turn->waiting.is_new) {
        *way = STRAIGHT; /* as far as it goes before somebody has decided */
        return OK;
    }
    if (e->code == GONE && has_spoken(improvisation)) {
        turn->interrupted = true;
        return finish(improvisation, way);
    }
    if (failed(e) && (improvisation->began || e->code == GONE))
        return *e;
    if (failed(e)) {
        log_warn("somebody else answers in place of the language model", log_err(e),
                 log_trace(&turn->call->trace));
        return leave(improvisation, FALLBACK_OF[e->code], e);
    }
    TRY(finish(improvisation, way));
    if (*way == ASIDE)
        turn->generator = GENERATOR_NARRATOR;
    return OK;
}

static Improvisation *improvisation_new(Turn *turn)
{
    Improvisation *improvisation = arena_new(turn->call->arena, Improvisation);

    *improvisation =
        (Improvisation){.improviser = turn->agent->improviser, .turn = turn, .arena = turn->call->arena};
    grounds_init(&improvisation->grounds, turn->tools->grounding, improvisation->arena);
    return improvisation;
}

static Err sum_up(Improvisation *improvisation)
{
    const Turn *turn = improvisation->turn;
    const MemoryPlace place = turn_place(turn);
    Str *messages = arena_array(improvisation->arena, Str, turn->history_count + 1);

    for (size_t i = 0; i < turn->history_count; i++)
        messages[i] = turn->history[i].message;
    return memory_sum_up(turn->tools->memory, improvisation->arena, &place,
                         (Texts){messages, turn->history_count}, &improvisation->earlier);
}

/* What the model is told before it speaks; of a turn that has waited, all until then, and what was decided. */
static Err prepare(Improvisation *improvisation)
{
    const Turn *turn = improvisation->turn;
    const Waiting *waiting = &turn->waiting;

    TRY(sum_up(improvisation));
    TRY(prompt_write(improvisation));
    improvisation->prompt_count = improvisation->message_count;
    if (waiting->decision == UNDECIDED)
        return OK;
    TRY(talk_read(improvisation, waiting->talk));
    return toolbox_run_decided(improvisation);
}

Err turn_improvise(Turn *turn, Way *way)
{
    *way = ASIDE;
    if (turn->improvisation != NULL)
        return conclude(turn->improvisation, way);
    if (!turn_is_for_model(turn))
        return OK;
    if (turn->agent->improviser == NULL || turn->agent->improviser->llm == NULL)
        return no_model(turn);
    turn->improvisation = improvisation_new(turn);
    turn->improvisation->result = err_keep(turn->call->arena, prepare(turn->improvisation));
    if (turn->improvisation->result != NULL)
        return conclude(turn->improvisation, way);
    turn->run.wait = (AgentWait){begin, turn->improvisation};
    *way = STOP;
    return OK;
}
