#include "app/chat/answer.h"

#include <stdatomic.h>

#include "app/chat/signals.h"
#include "app/chat/words.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/thread.h"

struct Answer {
    Agents *agents;
    Arena said; /* of the turn's thread: input and reply */
    AgentsChatInput in;
    ChatReply reply;
    Err failure;
    _Atomic(EventLog *) log; /* NULL before the first event */
    atomic_bool ended;
    uint64_t shown; /* events of it */
    pthread_t thread;
};

static void note_event(void *context)
{
    (void)context;
    signals_wake();
}

/* Call.start_stream: called before the first event, on the turn's thread. */
static void follow(Call *call, EventLog *log)
{
    Answer *answer = call->stream_context;

    event_log_watch(log, note_event, answer);
    atomic_store(&answer->log, event_log_retain(log));
    signals_wake();
}

static void *run(void *context)
{
    Answer *answer = context;
    Call call = {
        .arena = &answer->said,
        .service = answer->agents,
        .trace = trace_new(),
        .identity = IDENTITY_OF_MACHINE,
        .wants_events = true,
        .start_stream = follow,
        .stream_context = answer,
    };

    answer->failure = agents_chat(&call, &answer->in, &answer->reply);
    atomic_store(&answer->ended, true);
    signals_wake();
    return NULL;
}

static Str copied(Arena *arena, Str text)
{
    return text.data != NULL ? str_copy(arena, text) : text;
}

Answer *answer_begin(Agents *agents, const AgentsChatInput *in)
{
    Answer *answer = memory_new(Answer);

    answer->agents = agents;
    arena_init(&answer->said);
    answer->in = *in;
    answer->in.body.user_id = copied(&answer->said, in->body.user_id);
    answer->in.body.session_id = copied(&answer->said, in->body.session_id);
    answer->in.body.message = copied(&answer->said, in->body.message);
    answer->in.body.turn_id = id_new(&answer->said, clock_system());
    answer->thread = thread_start("turn", run, answer);
    return answer;
}

/* --- what comes of it --- */

static Err show_meta(const json_t *data, Arena *arena, Paper *paper)
{
    ChatMeta meta = {0};

    TRY(chat_meta_decode(arena, data, &meta));
    paper_label(paper, INK_BOLD, chat_words(meta.language)->label);
    paper_end(paper);
    return OK;
}

static Err show_delta(const json_t *data, Arena *arena, Paper *paper)
{
    ChatDelta delta = {0};

    TRY(chat_delta_decode(arena, data, &delta));
    paper_put(paper, delta.text);
    return OK;
}

typedef struct EventRow {
    const char *name;
    Err (*show)(const json_t *data, Arena *arena, Paper *paper);
} EventRow;

/* The others say what the reply says too. */
static const EventRow EVENTS[] = {{"meta", show_meta}, {"delta", show_delta}};

static Err show_event(Str name, Json data, Arena *arena, Paper *paper)
{
    AUTO_JSON json_t *root = NULL;

    for (size_t i = 0; i < sizeof EVENTS / sizeof *EVENTS; i++) {
        if (!str_equal(name, str_from(EVENTS[i].name)))
            continue;
        TRY(json_read(data, &root));
        TRY(EVENTS[i].show(root, arena, paper));
    }
    return OK;
}

static Err show_new(Answer *answer, Paper *paper)
{
    AUTO_ARENA Arena scratch = {0};
    EventLog *log = atomic_load(&answer->log);
    Str name;
    Json data;

    arena_init(&scratch);
    for (; log != NULL && event_log_get(log, answer->shown + 1, &scratch, &name, &data); answer->shown++)
        TRY(show_event(name, data, &scratch, paper));
    (void)fflush(paper->out);
    return OK;
}

/* One that hasn't begun, or has ended, is left alone. */
static void cancel(const Answer *answer)
{
    AUTO_ARENA Arena scratch = {0};
    Call call = {
        .arena = &scratch, .service = answer->agents, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    const AgentsCancelTurnInput in = {
        .agent = answer->in.agent, .turn_id = answer->in.body.turn_id, .user_id = answer->in.body.user_id};
    TurnCancelled ignored;
    Err e = agents_cancel_turn(&call, &in, &ignored);

    (void)e;
}

Err answer_show(Answer *answer, Paper *paper, AnswerEnd *end)
{
    bool ended = false;

    *end = ANSWER_STOPPED;
    while (!ended) {
        ended = atomic_load(&answer->ended); /* asked first: what came before it is shown */
        TRY(show_new(answer, paper));
        if (signals_interrupted()) {
            cancel(answer);
            return OK;
        }
        if (!ended)
            signals_sleep();
    }
    *end = ANSWER_WHOLE;
    return answer->failure;
}

bool answer_ended(Answer *answer)
{
    return atomic_load(&answer->ended);
}

bool answer_wait(Answer *answer)
{
    while (!answer_ended(answer)) {
        signals_sleep();
        if (signals_interrupted())
            return false;
    }
    return true;
}

const ChatReply *answer_reply(const Answer *answer)
{
    return &answer->reply;
}

void answer_destroy(Answer *answer)
{
    if (answer == NULL)
        return;
    thread_join(answer->thread);
    EventLog *log = atomic_load(&answer->log);
    if (log != NULL)
        event_log_unwatch(log, answer);
    event_log_release(log);
    arena_finish(&answer->said);
    memory_free(answer);
}
