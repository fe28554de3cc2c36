#include "services/agents/generator.h"

#include <signal.h>
#include <string.h>

#include "base/awaited.h"
#include "base/span.h"

typedef enum NodeId {
    GUARD_INPUT,
    GATHER_CONTEXT,
    RETRIEVE,
    DECIDE,
    GENERATE,
    APPROVE,
    SAY_REST,
    RECORD
} NodeId;

static Err guard_input(void *state, Way *way);
static Err gather(void *state, Way *way);
static Err retrieve(void *state, Way *way);
static Err decide(void *state, Way *way);
static Err generate(void *state, Way *way);
static Err approve(void *state, Way *way);
static Err say_rest(void *state, Way *way);
static Err record(void *state, Way *way);

/* Nothing is sent before GENERATE, and there each sentence only after its guard; nothing is kept before RECORD. */
static const AgentNode NODES[] = {
    [GUARD_INPUT] = {"guard the input", guard_input, GATHER_CONTEXT, AGENT_END},
    [GATHER_CONTEXT] = {"gather context", gather, RETRIEVE, GENERATE, .when = "no facts are needed"},
    [RETRIEVE] = {"retrieve", retrieve, DECIDE, AGENT_END},
    [DECIDE] = {"decide", decide, GENERATE, AGENT_END},
    [GENERATE] = {"generate", generate, SAY_REST, APPROVE, "a tool needs approval",
                  "the language model answers"},
    [APPROVE] = {"approve", approve, GENERATE, AGENT_END, .stop = "nobody has decided"},
    [SAY_REST] = {"say the rest", say_rest, RECORD, AGENT_END, .later = true},
    [RECORD] = {"record", record, AGENT_END, AGENT_END, .later = true},
};

const AgentGraph TURN_GRAPH = {"", NODES, sizeof NODES / sizeof *NODES};

/* An agent's row says which of them are asked, and in which order, until one speaks. */
static Err (*const GENERATORS[GENERATOR_COUNT])(Turn *turn, Way *way) = {
    [GENERATOR_LLM] = turn_improvise,
    [GENERATOR_NARRATOR] = narrator_generate,
};

Language turn_language(const Turn *turn)
{
    return turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
}

FactReader turn_reader(const Turn *turn)
{
    return (FactReader){turn->tools->world, turn->tools->voice, turn->book, turn->call, turn->tongue};
}

static Err guard_input(void *state, Way *way)
{
    return turn_hear(state, way);
}

static Err gather(void *state, Way *way)
{
    return turn_gather_context(state, way);
}

static Err retrieve(void *state, Way *way)
{
    return turn_retrieve(state, way);
}

static Err decide(void *state, Way *way)
{
    return turn_decide(state, way);
}

static Err approve(void *state, Way *way)
{
    return turn_wait(state, way);
}

static Err say_rest(void *state, Way *way)
{
    (void)way;
    return narrator_say_rest(state);
}

static Err record(void *state, Way *way)
{
    return turn_record(state, way);
}

/* What was said before the process was killed stands: it isn't said anew in other words. The narrator goes on with it. */
static Err go_on(Turn *turn)
{
    const Kept *kept = turn->kept;

    turn->narration = kept->narration;
    turn->spoken = kept->narration.count;
    turn->generator = kept->generator;
    turn->has_fallback = kept->has_fallback;
    turn->fallback = kept->fallback;
    turn->plan.move = kept->move;
    turn->focus = kept->focus;
    if (kept->outcome == CHAT_REPLY_OUTCOME_HANDOFF && turn->handoff == NULL)
        TRY(turn_hand_off(turn, NULL, NULL));
    turn->outcome = kept->outcome;
    return kept->generator == GENERATOR_NARRATOR ? narrator_take_up(turn) : OK;
}

/* What was said before it waited for approval stands, and is gone on with. */
static void take_up(Turn *turn)
{
    turn->narration = turn->kept->narration;
    turn->spoken = turn->narration.count;
    turn->waiting.is_taken_up = true;
}

/* Those of the agent's row; then the narrator, as fixed words and memory's are hers for all agents. */
static Generator generator_at(const Turn *turn, size_t i)
{
    return i < turn->agent->generator_count ? turn->agent->generators[i] : GENERATOR_NARRATOR;
}

static Err speak(Turn *turn, Way *spoke)
{
    while (turn->asked <= turn->agent->generator_count && *spoke == ASIDE) {
        turn->generator = generator_at(turn, turn->asked);
        TRY(GENERATORS[turn->generator](turn, spoke));
        turn->asked += *spoke == ASIDE;
    }
    return OK;
}

static Err generate(void *state, Way *way)
{
    Turn *turn = state;
    bool decided = turn->waiting.decision != UNDECIDED;
    Way spoke = ASIDE;

    if (decided && !turn->waiting.is_taken_up) {
        take_up(turn);
        *way = ASIDE;
        return OK;
    }
    if (!decided && turn->kept != NULL && turn->kept->narration.count > 0)
        return go_on(turn);
    TRY(speak(turn, &spoke));
    *way = spoke == STOP ? STOP : turn->waiting.is_new ? ASIDE : STRAIGHT;
    return *way != STRAIGHT || turn->narration.count > 0
               ? OK
               : err_detail(err(INTERNAL, "nothing could be said"),
                            "every line was refused by the output guard");
}

static Problem problem_of(Arena *arena, const Err *e)
{
    const ErrKind *kind = err_kind(e->code);

    return (Problem){
        .type = str_format(arena, "/problems/%s", kind->name),
        .title = str_from(kind->title),
        .status = kind->status,
        .detail = str_copy(arena, str_from(e->message)),
        .has_retry_after_s = e->retry_after_s > 0,
        .retry_after_s = e->retry_after_s,
    };
}

Err turn_in_time(const Turn *turn)
{
    return agent_budget_time(&turn->budget, turn->tools->clock);
}

/* Of what was cancelled before anything was said nothing is kept; else what was said is. */
static Err is_wanted(void *state)
{
    const Turn *turn = state;

    return turn->spoken == 0 && call_is_cancelled(turn->call) ? live_gone() : turn_in_time(turn);
}

/* There is nothing to keep here: what leaves is kept by turn_release, before it does. */
static Err after(void *state, const AgentNode *node, int next)
{
    const Turn *turn = state;

    (void)next;
    if (turn->tools->dies_after != NULL && strcmp(turn->tools->dies_after, node->name) == 0)
        (void)raise(SIGKILL);
    return OK;
}

static void have_go_on(void *state)
{
    turn_go_on(state);
}

/* First words of others go first: whoever waits for them has nothing yet. */
static void later(void *state)
{
    Turn *turn = state;

    if (!pool_submit_later(turn->tools->turners, have_go_on, turn))
        turn_go_on(turn);
}

static const AgentHooks HOOKS = {.before = is_wanted, .saw = turn_saw, .after = after, .later = later};

static void say_failure(Turn *turn, const Err *e)
{
    const Problem problem = problem_of(turn->call->arena, e);
    Err lost = agents_emit_error(turn->live, &problem);

    (void)lost; /* the log is full or closed: its readers see that it ended without `done` */
}

void turn_open_stream(Turn *turn)
{
    if (turn->call->wants_events && !turn->call->streaming)
        call_stream(turn->call, turn->live);
}

/* The last events and the end are shown at once. */
static void show_end(Turn *turn, const Err *e)
{
    if (failed(e))
        say_failure(turn, e);
    else
        (void)event_log_take_over(turn->live, turn->stored, &turn->released, true);
    event_log_close(turn->live);
    turn_open_stream(turn);
}

static void end(Turn *turn, Err e)
{
    if (!failed(&e) && turn->trace)
        turn->reply->trace = turn_trace(turn);
    checkpoint_end(turn->tools->checkpoints, &turn->checkpoint);
    show_end(turn, &e);
    if (turn->book != NULL)
        fact_shelf_give_back(turn->tools->shelf, turn->book);
    turn->over.over(turn->over.context, e);
}

/* What it waits for is begun last: from then on the turn belongs to others. */
void turn_go_on(Turn *turn)
{
    const Trace trace = turn->call->trace; /* the turn may be gone before this returns */
    AUTO_DOING const Trace *before = span_enter(&trace);
    Err e = agent_run(&turn->run);
    const AgentWait *wait = &turn->run.wait;

    if (!failed(&e) && turn->run.stopped && wait->begin != NULL) {
        if (!turn->run.is_put_off)
            turn_open_stream(turn);
        wait->begin(wait->context);
    } else
        end(turn, e);
}

void turn_start(Turn *turn, ChatReply *out, TurnOver over)
{
    turn->run = (AgentRun){.graph = &turn->agent->graph,
                           .state = turn,
                           .hooks = &HOOKS,
                           .clock = turn->tools->clock,
                           .arena = turn->trace ? turn->call->arena : NULL};
    turn->narration.arena = turn->call->arena;
    turn->reply = out;
    turn->over = over;
    turn->budget = (AgentBudget){turn->call->deadline_us, turn->agent->tokens, turn->agent->calls};
    turn_go_on(turn);
}

/* --- waiting for it --- */

Err turn_run(Turn *turn, ChatReply *out)
{
    Awaited awaited;

    awaited_init(&awaited);
    turn_start(turn, out, (TurnOver){awaited_tell, &awaited});
    return awaited_wait(&awaited);
}
