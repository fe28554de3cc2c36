#include "services/agents/turn.h"

#include <string.h>

typedef enum NodeId {
    GUARD_INPUT,
    GATHER_CONTEXT,
    RETRIEVE,
    DECIDE,
    IMPROVISE,
    GENERATE,
    GUARD_OUTPUT,
    SPEAK,
    RECORD,
    THE_END,
} NodeId;

typedef struct Node {
    const char *name;
    Err (*run)(Turn *turn, Way *way);
    NodeId next;
    NodeId aside;
} Node;

static Err guard_input(Turn *turn, Way *way);
static Err generate(Turn *turn, Way *way);
static Err guard_output(Turn *turn, Way *way);
static Err speak(Turn *turn, Way *way);

/* Nothing is sent before IMPROVISE or SPEAK, each sentence after its guards, and nothing is kept before RECORD. */
static const Node NODES[] = {
    [GUARD_INPUT] = {"guard the input", guard_input, GATHER_CONTEXT, GATHER_CONTEXT},
    [GATHER_CONTEXT] = {"gather context", turn_gather_context, RETRIEVE,
                        IMPROVISE}, /* aside: no facts are needed */
    [RETRIEVE] = {"retrieve", turn_retrieve, DECIDE, DECIDE},
    [DECIDE] = {"decide", turn_decide, IMPROVISE, IMPROVISE},
    [IMPROVISE] = {"improvise", turn_improvise, RECORD, GENERATE}, /* aside: it is the narrator's to speak */
    [GENERATE] = {"generate", generate, GUARD_OUTPUT, GUARD_OUTPUT},
    [GUARD_OUTPUT] = {"guard the output", guard_output, SPEAK, SPEAK},
    [SPEAK] = {"speak", speak, RECORD, RECORD},
    [RECORD] = {"record", turn_record, THE_END, THE_END},
};

FactReader turn_reader(const Turn *turn)
{
    return (FactReader){turn->tools->world, turn->tools->voice, turn->book, turn->call, turn->tongue};
}

static Err guard_input(Turn *turn, Way *way)
{
    const Voice *voice = turn->tools->voice;

    (void)way;
    turn->folded = text_fold(turn->call->arena, turn->in->message);
    turn->tongue = tongue_of(turn->in->message, KOREAN);
    if (turn->in->has_language)
        turn->tongue = turn->in->language == LANGUAGE_KO ? KOREAN : ENGLISH;
    guards_judge(voice_guards(voice), turn->call->arena, turn->in->message, (Texts){NULL, 0}, &turn->verdict);
    turn->intent = turn->verdict.rule != NULL ? INTENT_QUESTION : voice_intent(voice, turn->folded);
    turn->asks = voice_asks(voice, turn->folded);
    turn->cues = voice_cues(voice, turn->folded);
    turn->outcome = turn->verdict.outcome;
    return OK;
}

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

/* Words that are fixed by content: a guard's, or the hand-off. */
static Str fixed_words(const Turn *turn)
{
    if (turn->verdict.rule != NULL)
        return guards_words(turn->verdict.rule, turn->tongue, turn->number);
    if (turn->outcome == CHAT_REPLY_OUTCOME_HANDOFF)
        return voice_phrase(turn->tools->voice, turn->tongue, "handoff", turn->number);
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

static Err generate(Turn *turn, Way *way)
{
    const Telling telling = turn_telling(turn);
    Str fixed = fixed_words(turn);
    bool first = turn->number == 0;

    (void)way;
    if (fixed.len > 0) {
        narrate_words(&telling, fixed, &turn->narration);
        if (first)
            narrate_disclosure(&telling, turn->self, false, &turn->narration);
        return OK;
    }
    if (first)
        narrate_disclosure(&telling, turn->self, true, &turn->narration);
    tell(&telling, turn);
    return OK;
}

/* The narrator has left such sentences out already; this holds for any generator. */
static Err guard_output(Turn *turn, Way *way)
{
    Narration *narration = &turn->narration;
    size_t kept = 0;

    (void)way;
    for (size_t i = 0; i < narration->count; i++)
        if (!voice_forbids(turn->tools->voice, turn->call->arena, narration->lines[i].text))
            narration->lines[kept++] = narration->lines[i];
    narration->count = kept;
    return kept > 0 ? OK
                    : err_detail(err(INTERNAL, "nothing could be said"),
                                 "every line was refused by the output guard");
}

static Err speak(Turn *turn, Way *way)
{
    (void)way;
    return turn_speak(turn);
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
    int64_t deadline_us = turn->call->deadline_us;

    if (deadline_us == 0 || clock_monotonic_us(turn->tools->clock) < deadline_us)
        return OK;
    return err(TIMED_OUT, "the answer took too long and wasn't kept; send the message again");
}

Err turn_run(Turn *turn, ChatReply *out)
{
    Err e = OK;

    turn->reply = out;
    for (NodeId at = GUARD_INPUT; at != THE_END && !failed(&e);) {
        const Node *node = &NODES[at];
        Way way = STRAIGHT;
        e = turn_in_time(turn);
        if (!failed(&e))
            e = node->run(turn, &way);
        at = way == STRAIGHT ? node->next : node->aside;
    }
    if (failed(&e)) {
        const Problem problem = problem_of(turn->call->arena, &e);
        Err lost = agents_emit_error(turn->live, &problem);
        (void)lost; /* the log is full or closed: its readers see that it ended without `done` */
    }
    event_log_close(turn->live);
    if (turn->book != NULL)
        fact_shelf_give_back(turn->tools->shelf, turn->book);
    return e;
}
