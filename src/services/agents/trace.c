/* What the steps of a turn saw, for `?trace=1` and `nerdx chat --trace`. */
#include "services/agents/turn.h"

typedef struct Sight {
    const char *node;
    void (*put)(const Turn *turn, Buf *out);
} Sight;

static void saw_message(const Turn *turn, Buf *out)
{
    buf_format(out, "%s, %s", tongue_code(turn->tongue),
               turn->verdict.rule != NULL ? "guarded" : "unguarded");
    if (turn->verdict.rule != NULL) {
        buf_put(out, STR(": "));
        buf_put(out, guards_rule_id(turn->verdict.rule));
    }
    buf_format(out, "; intent %d", (int)turn->intent);
    for (size_t i = 0; i < voice_ask_count(turn->tools->voice); i++)
        if ((turn->asks >> i & 1U) != 0)
            buf_format(out, ", asks %.*s", STR_ARG(voice_ask_key(turn->tools->voice, i)));
}

static void saw_context(const Turn *turn, Buf *out)
{
    buf_format(out, "%zu turns before, %zu memories, %zu things told now", turn->number,
               turn->recollection.fact_count, turn->told.count);
}

static void saw_found(const Turn *turn, Buf *out)
{
    enum { SHOWN = 5 };

    buf_format(out, "%zu found", turn->found.results.count);
    for (size_t i = 0; i < turn->found.results.count && i < SHOWN; i++)
        buf_format(out, "%s %.*s", i == 0 ? ":" : ",", STR_ARG(turn->found.results.items[i].entity.id));
}

static void saw_plan(const Turn *turn, Buf *out)
{
    buf_format(out, "%s, %s", CHAT_REPLY_OUTCOME_TEXT[turn->outcome].data, MOVE_NAMES[turn->plan.move]);
    for (size_t i = 0; i < turn->plan.fact_count; i++)
        buf_format(out, "%s %.*s", i == 0 ? " of" : ",", STR_ARG(turn->plan.facts[i]->id));
}

static void saw_answer(const Turn *turn, Buf *out)
{
    buf_format(out, "%s: %zu sentences, %zu calls of tools", GENERATOR_TEXT[turn->generator].data,
               turn->narration.count, turn->called_count);
    if (turn->has_fallback)
        buf_format(out, "; in place of another: %s", FALLBACK_TEXT[turn->fallback].data);
}

static void saw_reply(const Turn *turn, Buf *out)
{
    buf_format(out, "%zu bytes, %zu citations, kept", turn->reply->content.len, turn->reply->citations.count);
}

static void saw_waiting(const Turn *turn, Buf *out)
{
    static const char *const DECISIONS[] = {"waits", "approved", "refused"};

    buf_put(out, str_from(DECISIONS[turn->waiting.decision]));
}

/* By the names of the table of nodes (turn.c). */
static const Sight SIGHTS[] = {
    {"guard the input", saw_message},
    {"gather context", saw_context},
    {"retrieve", saw_found},
    {"decide", saw_plan},
    {"generate", saw_answer},
    {"say the rest", saw_answer},
    {"record", saw_reply},
    {"approve", saw_waiting},
};

Str turn_saw(const void *state, const AgentNode *node)
{
    const Turn *turn = state;
    Buf out = {.arena = turn->call->arena};

    if (!turn->trace)
        return STR("");
    for (size_t i = 0; i < sizeof SIGHTS / sizeof *SIGHTS; i++)
        if (str_equal(str_from(SIGHTS[i].node), str_from(node->name)))
            SIGHTS[i].put(turn, &out);
    return out.len > 0 ? buf_str(&out) : STR("");
}

static const TraceStepWay WAYS[] = {
    [STRAIGHT] = TRACE_STEP_WAY_STRAIGHT, [ASIDE] = TRACE_STEP_WAY_ASIDE, [STOP] = TRACE_STEP_WAY_STOP};

static const double US_IN_MS = 1e3;

TraceStepList turn_trace(const Turn *turn)
{
    const AgentRun *run = &turn->run;
    TraceStep *steps = arena_array(turn->call->arena, TraceStep, run->step_count + 1);

    for (size_t i = 0; i < run->step_count; i++) {
        const AgentStep *step = &run->steps[i];
        steps[i] = (TraceStep){
            .node = str_from(step->node->name),
            .at_ms = (double)step->at_us / US_IN_MS,
            .took_ms = (double)step->took_us / US_IN_MS,
            .way = WAYS[step->way],
            .saw = step->saw,
        };
    }
    return (TraceStepList){steps, run->step_count};
}
