/* What the model called: each call checked, all of them run at the same time, each told of when it begins and ends. */
#include "services/agents/llm/inside.h"

#include "base/memory.h"
#include "base/span.h"
#include "base/utf8.h"
#include "http/problem.h"
#include "services/agents/core/errands.h"

enum { RESULT_MAX = 12000, SHOWN_MAX = 200, CALL_LIMIT_MS = 10000, US_PER_MS = 1000 };

/* One call on its way: it owns all it needs, as it may take longer than the turn waits. */
typedef struct Job {
    Arena arena;
    Call call;
    const Tool *tool;
    json_t *arguments;
    json_t *given;
    const Clock *clock;
    int64_t began_us;
    int64_t took_us;
    Err e;
    Buf result;
} Job;

/* One call of the answer. */
typedef struct Asked {
    const LlmToolCall *call;
    const Tool *tool;
    json_t *arguments;
    size_t number; /* in the turn; 0: there is no such call */
    Job *job;      /* NULL: it wasn't run */
    bool ended;
    bool is_approved;
    bool waits; /* for approval: it isn't called */
    Err e;
    Str result;
} Asked;

/* --- checking --- */

static Err find_tool(const Improvisation *improvisation, Str name, const Tool **out)
{
    const Agent *agent = improvisation->turn->agent;
    Buf names;

    *out = agent_tool(agent, name);
    if (*out != NULL)
        return OK;
    buf_init(&names, improvisation->arena, SHOWN_MAX);
    for (size_t i = 0; i < agent->tool_count; i++)
        buf_format(&names, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(agent->tools[i].name));
    return err(INVALID, "no tool is called \"%.*s\"; there are %.*s", STR_ARG(utf8_cut_bytes(name, 40)),
               STR_ARG(buf_str(&names)));
}

/* What is no JSON object is said so. */
static Err read_arguments(Str text, json_t **out)
{
    Err e = json_read(text, out);

    if (!failed(&e) && !json_is_object(*out))
        e = err(INVALID, "they are no object");
    return failed(&e) ? err(INVALID, "the arguments must be a JSON object: %.100s", e.message) : OK;
}

static Err check(const Improvisation *improvisation, Asked *asked)
{
    TRY(find_tool(improvisation, asked->call->name, &asked->tool));
    return read_arguments(asked->call->arguments, &asked->arguments);
}

/* --- running --- */

static void job_run(void *context)
{
    Job *job = context;
    AUTO_ARENA Arena scratch = {0};
    AUTO_SPAN Span span;

    const char *name = str_c(&scratch, job->tool->name);
    span_begin(&span, SPAN_INTERNAL, str_format(&scratch, "execute_tool %s", name).data, &job->call.trace);
    span_note_text(&span, "gen_ai.operation.name", "execute_tool");
    span_note_text(&span, "gen_ai.tool.name", name);
    span_note_text(&span, "gen_ai.tool.type", "function");
    if (span.is_recorded)
        job->call.trace = span.trace;
    AUTO_DOING const Trace *before = span_enter(&job->call.trace);
    job->e = job->tool->schema->run(job->tool->client, &job->call, job->arguments, job->given, &job->result);
    job->took_us = clock_monotonic_us(job->clock) - job->began_us;
    (void)span_fail(&span, job->e);
}

static void job_free(void *context)
{
    Job *job = context;

    json_decref(job->arguments);
    json_decref(job->given);
    arena_finish(&job->arena);
    memory_free(job);
}

static ToolGiven given_by(const Turn *turn)
{
    return (ToolGiven){
        .from = str_from(turn->agent->name),
        .user_id = turn->in->user_id,
        .session_id = turn->in->session_id,
        .turn_id = turn->id,
        .message = turn->in->message,
        .language = LANGUAGE_TEXT[turn_language(turn)],
        .approval_id = turn->waiting.approval_id,
    };
}

static Job *job_create(const Turn *turn, Asked *asked)
{
    Job *job = memory_new(Job);
    const ToolGiven given = given_by(turn);

    *job = (Job){.tool = asked->tool, .arguments = asked->arguments, .clock = turn->tools->clock, .e = OK};
    asked->arguments = NULL;
    arena_init(&job->arena);
    job->call = (Call){.arena = &job->arena,
                       .trace = turn->call->trace, /* its span is made where it runs */
                       .tracestate = str_copy(&job->arena, turn->call->tracestate),
                       .identity = identity_copy(&job->arena, &turn->call->identity),
                       .deadline_us = turn->call->deadline_us};
    job->given = tool_given(asked->tool, &given);
    job->began_us = clock_monotonic_us(job->clock);
    buf_init(&job->result, &job->arena, 1024);
    return job;
}

static bool needs_approval(const Asked *asked)
{
    return !failed(&asked->e) && asked->tool->schema->needs_approval && !asked->is_approved;
}

static void let_wait(Improvisation *improvisation, Asked *asked)
{
    Waiting *waiting = &improvisation->turn->waiting;

    if (waiting->is_new) {
        asked->e = err(CONFLICT, "one call that needs approval at a time: make this one afterwards");
        return;
    }
    asked->waits = waiting->is_new = true;
    waiting->tool = asked->tool;
    waiting->call_id = asked->call->id;
    waiting->arguments = asked->call->arguments;
}

static Err begin(Improvisation *improvisation, Asked *asked)
{
    asked->e = check(improvisation, asked);
    if (needs_approval(asked))
        let_wait(improvisation, asked);
    if (asked->waits)
        return OK;
    Err e = turn_call_begins(improvisation->turn, asked->call->name, asked->call->arguments, &asked->number);
    if (e.code != LIMITED)
        return e;
    asked->e = e; /* the model is told, and does without */
    return OK;
}

static Err end(Improvisation *improvisation, Asked *asked)
{
    asked->ended = true;
    if (asked->job != NULL) {
        asked->e = asked->job->e;
        asked->result = str_copy(improvisation->arena, buf_str(&asked->job->result));
    }
    return asked->number == 0 ? OK
                              : turn_call_ends(improvisation->turn, asked->number, &asked->e,
                                               asked->job != NULL ? asked->job->took_us : 0);
}

static int64_t wait_until(const Turn *turn)
{
    int64_t until_us = clock_monotonic_us(turn->tools->clock) + (int64_t)CALL_LIMIT_MS * US_PER_MS;
    int64_t deadline_us = turn->call->deadline_us;

    return deadline_us != 0 && deadline_us < until_us ? deadline_us : until_us;
}

/* Those that were sent, as they end. */
static Err await(Improvisation *improvisation, Errands *errands, Asked *const *sent, size_t *sent_count)
{
    int64_t until_us = wait_until(improvisation->turn);
    size_t which;

    while (errands_next(errands, until_us, &which)) {
        TRY(end(improvisation, sent[which]));
        TRY(turn_release(improvisation->turn));
    }
    for (size_t i = 0; i < *sent_count; i++)
        if (!sent[i]->ended) {
            sent[i]->job = NULL; /* it is let go */
            sent[i]->e = err(TIMED_OUT, "it took longer than %d s; do without it", CALL_LIMIT_MS / 1000);
            TRY(end(improvisation, sent[i]));
        }
    return OK;
}

static void release_errands(Errands **errands)
{
    errands_release(*errands);
}

static Err run_all(Improvisation *improvisation, Asked *all, size_t count)
{
    __attribute__((cleanup(release_errands))) Errands *errands =
        errands_create(improvisation->turn->tools->hands);
    Asked *sent[ERRANDS_MAX];
    size_t sent_count = 0;

    for (size_t i = 0; i < count; i++)
        TRY(begin(improvisation, &all[i]));
    TRY(turn_release(improvisation->turn));
    for (size_t i = 0; i < count; i++) {
        if (all[i].waits)
            continue;
        if (failed(&all[i].e)) {
            TRY(end(improvisation, &all[i]));
            continue;
        }
        all[i].job = job_create(improvisation->turn, &all[i]);
        sent[sent_count++] = &all[i];
        errands_send(errands, &(Errand){job_run, job_free, all[i].job});
    }
    return await(improvisation, errands, sent, &sent_count);
}

/* --- what comes of it --- */

/* The result of a call, or why there is none, as the model is told: a problem as of any request (RFC 9457), to be mended. */
static Str told(Improvisation *improvisation, const Asked *asked)
{
    Buf out;

    if (!failed(&asked->e))
        return asked->result.len > 0 ? utf8_cut_bytes(asked->result, RESULT_MAX) : STR("{}");
    buf_init(&out, improvisation->arena, SHOWN_MAX);
    buf_put(&out, STR("{\"error\":"));
    problem_put(&out, &asked->e, NULL);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

static Err take_handoff(Improvisation *improvisation, const Asked *asked)
{
    AUTO_JSON json_t *root = NULL;
    Turn *turn = improvisation->turn;
    Handoff *handoff = arena_new(improvisation->arena, Handoff);

    TRY(json_read(asked->result, &root));
    TRY(handoff_decode(improvisation->arena, root, handoff));
    turn->handoff = handoff;
    turn->outcome = CHAT_REPLY_OUTCOME_HANDOFF;
    improvisation->handed_off = true;
    return OK;
}

static Err take(Improvisation *improvisation, const Asked *asked)
{
    bool worked = !failed(&asked->e);

    if (worked && asked->tool != NULL && asked->tool->hands_off)
        TRY(take_handoff(improvisation, asked));
    improvisation->looked_up = improvisation->looked_up || worked;
    prompt_add(improvisation,
               (LlmMessage){.role = LLM_TOOL,
                            .content = prompt_material(improvisation, told(improvisation, asked)),
                            .call_id = asked->call->id});
    return OK;
}

/* Arguments that were no JSON would be refused by the next request's server. */
static LlmToolCall *sound_calls(Improvisation *improvisation, const LlmAnswer *answer)
{
    LlmToolCall *calls = arena_array(improvisation->arena, LlmToolCall, answer->call_count + 1);

    for (size_t i = 0; i < answer->call_count; i++) {
        AUTO_JSON json_t *arguments = NULL;
        Err e = json_read(answer->calls[i].arguments, &arguments);
        calls[i] = answer->calls[i];
        if (failed(&e) || !json_is_object(arguments))
            calls[i].arguments = STR("{}");
    }
    return calls;
}

static void drop_arguments(Asked *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_decref(all[i].arguments);
}

/* All of them but the one that waits. */
static Err run_and_take(Improvisation *improvisation, Asked *all, size_t count)
{
    Err e = run_all(improvisation, all, count);

    drop_arguments(all, count);
    TRY(e);
    for (size_t i = 0; i < count; i++)
        if (!all[i].waits)
            TRY(take(improvisation, &all[i]));
    if (improvisation->turn->waiting.is_new)
        improvisation->turn->waiting.talk = talk_write(improvisation);
    return OK;
}

Err toolbox_run(Improvisation *improvisation, const LlmAnswer *answer)
{
    Asked *all = arena_array(improvisation->arena, Asked, answer->call_count + 1);

    prompt_add(improvisation, (LlmMessage){LLM_ASSISTANT, buf_str(&improvisation->whole),
                                           sound_calls(improvisation, answer), answer->call_count});
    for (size_t i = 0; i < answer->call_count; i++)
        all[i] = (Asked){.call = &answer->calls[i], .e = OK};
    return run_and_take(improvisation, all, answer->call_count);
}

Err toolbox_run_decided(Improvisation *improvisation)
{
    const Waiting *waiting = &improvisation->turn->waiting;
    const LlmToolCall call = {waiting->call_id, waiting->tool->name, waiting->arguments};
    Asked asked = {.call = &call, .is_approved = true, .e = OK};

    if (waiting->decision == APPROVED)
        return run_and_take(improvisation, &asked, 1);
    asked.e = err(FORBIDDEN, "the visitor doesn't want that; go on without it");
    return take(improvisation, &asked);
}
