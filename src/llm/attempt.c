#include "llm/inside.h"

#include "http/event_reader.h"

enum {
    US_PER_MS = 1000,
    GRACE_US = 500 * US_PER_MS, /* after the end was said: the usage, and the end of the connection's turn */
    REST_MAX_S = 60,
};

typedef enum Form { FORM_UNKNOWN, FORM_EVENTS, FORM_JSON } Form;

/* The answer to one request. */
typedef struct Reading {
    const Attempt *attempt;
    Assembly assembly;
    EventReader events;
    Buf whole; /* an answer that isn't streamed, though it was asked for */
    Form form;
    size_t bytes;
    int64_t sign_us; /* monotonic: the last sign of life */
    bool done;       /* [DONE] */
} Reading;

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool has_begun(const Reading *reading)
{
    return reading->assembly.began || reading->assembly.call_count > 0;
}

static int64_t until_us(void *context)
{
    const Reading *reading = context;
    const Attempt *attempt = reading->attempt;
    int64_t idle_us = (int64_t)attempt->llm->config.idle_ms * US_PER_MS;

    if (reading->done || reading->assembly.finished)
        return earlier(reading->sign_us + GRACE_US, attempt->total_until_us);
    return has_begun(reading) ? earlier(reading->sign_us + idle_us, attempt->total_until_us)
                              : attempt->first_until_us;
}

static void note_first_token(const Reading *reading)
{
    if (has_begun(reading) && *reading->attempt->first_token_us == 0)
        *reading->attempt->first_token_us = reading->sign_us;
}

static Err take_event(void *context, Str name, Str data)
{
    Reading *reading = context;

    if (str_equal(str_trim(data), STR("[DONE]")))
        reading->done = true;
    if (reading->done || str_trim(data).len == 0)
        return OK;
    if (str_equal(name, STR("error")))
        return refusal_in_stream(data);
    Err e = assembly_take(&reading->assembly, data);
    note_first_token(reading);
    return e;
}

/* The bytes say how the answer is written; what its header says isn't always true. */
static void look_at_form(Reading *reading, Str bytes)
{
    Str text = str_trim(bytes);

    if (reading->form == FORM_UNKNOWN && text.len > 0)
        reading->form = text.data[0] == '{' ? FORM_JSON : FORM_EVENTS;
}

static Err too_much(void)
{
    return err(INTERNAL, "the language model's answer is longer than %d bytes", LLM_ANSWER_MAX);
}

static Err take(void *context, Str bytes)
{
    Reading *reading = context;

    reading->sign_us = now_us();
    reading->bytes += bytes.len;
    if (reading->bytes > LLM_ANSWER_MAX)
        return too_much();
    look_at_form(reading, bytes);
    if (reading->form != FORM_JSON)
        return event_reader_feed(&reading->events, bytes, take_event, reading);
    if (bytes.len > LLM_EVENT_MAX - reading->whole.len)
        return too_much();
    buf_put(&reading->whole, bytes);
    return OK;
}

static Err finish(Reading *reading, LlmAnswer *out)
{
    if (reading->form == FORM_JSON)
        TRY(assembly_take(&reading->assembly, buf_str(&reading->whole)));
    else
        TRY(event_reader_end(&reading->events, take_event, reading));
    note_first_token(reading);
    if (reading->done)
        reading->assembly.finished = true;
    if (reading->bytes > 0 && !reading->assembly.finished && !has_begun(reading))
        return err(INTERNAL, "what the language model sent can't be read");
    return assembly_end(&reading->assembly, out);
}

/* What happened on the way there, in words of ours. */
static Err on_the_way(const Reading *reading, const Err *e)
{
    const char *detail = e->detail[0] != '\0' ? e->detail : e->message;

    if (e->code == TIMED_OUT)
        return err_detail(err(TIMED_OUT, "the language model took too long; send the message again"), "%s",
                          detail);
    if (e->code == TOO_LARGE)
        return err_detail(err(INTERNAL, "what the language model sent can't be read"), "%s", detail);
    if (e->code != UNAVAILABLE || reading->assembly.began)
        return e->code == UNAVAILABLE
                   ? err_detail(err(UNAVAILABLE, "the language model broke off; send the message again"),
                                "%s", detail)
                   : *e;
    return err_detail(err(UNAVAILABLE, "the language model can't be reached for now"), "%s", detail);
}

static void reading_init(Reading *reading, const Attempt *attempt)
{
    Arena *arena = attempt->call->arena;

    *reading = (Reading){.attempt = attempt, .sign_us = now_us()};
    assembly_init(&reading->assembly, arena, attempt->sink);
    event_reader_init(&reading->events, arena, LLM_EVENT_MAX);
    buf_init(&reading->whole, arena, 64);
}

static Err send(Reading *reading, unsigned extras, HttpReply *reply)
{
    const Attempt *attempt = reading->attempt;
    const Llm *llm = attempt->llm;
    const HttpReader reader = {.context = reading, .take = take, .until_us = until_us};
    HttpRequest request = {
        .method = "POST",
        .target = STR("/chat/completions"),
        .body = body_write(attempt->call->arena, &llm->config, attempt->request, extras),
        .auth = llm->auth,
        .accept = "text/event-stream, application/json",
    };

    return http_client_stream(llm->http, attempt->call->arena, attempt->call, &request, &reader, reply);
}

/* A server that wants to be left alone until then is, by everybody. */
static void note_rest(Llm *llm, const Err *e)
{
    int64_t seconds = e->retry_after_s < REST_MAX_S ? e->retry_after_s : REST_MAX_S;

    if (e->code == LIMITED && seconds > 0)
        atomic_store(&llm->rest_until_us, now_us() + seconds * US_PER_MS * 1000);
}

static Err read_answer(const Attempt *attempt, unsigned extras, HttpReply *reply, LlmAnswer *out)
{
    Reading reading;

    reading_init(&reading, attempt);
    Err e = send(&reading, extras, reply);
    bool said_end = reading.done || reading.assembly.finished;
    if (!failed(&e) && reply->status >= 300)
        e = refusal_of(reply);
    else if (!failed(&e) || (said_end && (e.code == TIMED_OUT || e.code == UNAVAILABLE)))
        e = finish(&reading, out);
    else
        e = on_the_way(&reading, &e);
    note_rest(attempt->llm, &e);
    out->began = reading.assembly.began;
    out->usage = reading.assembly.usage;
    return e;
}

Err attempt_run(const Attempt *attempt, LlmAnswer *out)
{
    Llm *llm = attempt->llm;
    HttpReply reply;
    unsigned extras, blamed;
    Err e;

    do {
        extras = atomic_load(&llm->extras);
        reply = (HttpReply){0};
        e = read_answer(attempt, extras, &reply, out);
        blamed = refusal_blames(&reply, extras);
        (void)atomic_fetch_and(&llm->extras, ~blamed);
    } while (failed(&e) && blamed != 0);
    return e;
}
