#include "llm/inside.h"

enum {
    US_PER_MS = 1000,
    USAGE_US = 500 * US_PER_MS, /* after the last word: the usage, and [DONE] */
    CLOSE_US = 100 * US_PER_MS, /* after [DONE]: the end, which leaves the connection to the next request */
    REST_MAX_S = 60,
};

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

static bool has_ended(const Reading *reading)
{
    return reading->done || reading->assembly.finished;
}

static bool is_whole(void *context)
{
    const Attempt *attempt = context;

    return has_ended(&attempt->reading);
}

static int64_t until_us(void *context)
{
    const Attempt *attempt = context;
    const Reading *reading = &attempt->reading;
    int64_t idle_us = (int64_t)attempt->llm->config.idle_ms * US_PER_MS;

    if (has_ended(reading))
        return earlier(reading->sign_us + (reading->done ? CLOSE_US : USAGE_US), attempt->total_until_us);
    return has_begun(reading) ? earlier(reading->sign_us + idle_us, attempt->total_until_us)
                              : attempt->first_until_us;
}

static void note_first_token(Attempt *attempt)
{
    if (has_begun(&attempt->reading) && attempt->first_token_us == 0)
        attempt->first_token_us = attempt->reading.sign_us;
}

static Err take_event(void *context, Str name, Str data)
{
    Attempt *attempt = context;
    Reading *reading = &attempt->reading;

    if (str_equal(str_trim(data), STR("[DONE]"))) {
        reading->done = true;
        reading->sign_us = now_us();
    }
    if (reading->done || str_trim(data).len == 0)
        return OK;
    if (str_equal(name, STR("error")))
        return refusal_in_stream(data);
    Err e = assembly_take(&reading->assembly, data);
    note_first_token(attempt);
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
    Attempt *attempt = context;
    Reading *reading = &attempt->reading;

    if (reading->done)
        return OK;
    if (!has_ended(reading)) /* a server may say for ever that it lives */
        reading->sign_us = now_us();
    reading->bytes += bytes.len;
    if (reading->bytes > LLM_ANSWER_MAX)
        return too_much();
    look_at_form(reading, bytes);
    if (reading->form != FORM_JSON)
        return event_reader_feed(&reading->events, bytes, take_event, attempt);
    if (bytes.len > LLM_EVENT_MAX - reading->whole.len)
        return too_much();
    buf_put(&reading->whole, bytes);
    return OK;
}

static Err finish(Attempt *attempt)
{
    Reading *reading = &attempt->reading;

    if (reading->form == FORM_JSON)
        TRY(assembly_take(&reading->assembly, buf_str(&reading->whole)));
    else
        TRY(event_reader_end(&reading->events, take_event, attempt));
    note_first_token(attempt);
    if (reading->done)
        reading->assembly.finished = true;
    if (reading->bytes > 0 && !reading->assembly.finished && !has_begun(reading))
        return err(INTERNAL, "what the language model sent can't be read");
    return assembly_end(&reading->assembly, attempt->answer);
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

static void reading_init(Attempt *attempt)
{
    Reading *reading = &attempt->reading;
    Arena *arena = attempt->call->arena;

    *reading = (Reading){.sign_us = now_us()};
    assembly_init(&reading->assembly, arena, &attempt->sink);
    event_reader_init(&reading->events, arena, LLM_EVENT_MAX);
    buf_init(&reading->whole, arena, 0);
}

static Str write_body(void *context, Arena *arena)
{
    const Attempt *attempt = context;

    return body_write(arena, &attempt->llm->config, attempt->request, attempt->extras);
}

static Err send(Attempt *attempt, int64_t not_before_us)
{
    const Llm *llm = attempt->llm;
    Arena *arena = attempt->call->arena;
    const HttpRequest request = {
        .method = "POST",
        .target = STR("/chat/completions"),
        .writer = {write_body, attempt},
        .auth = llm->auth,
        .accept = "text/event-stream, application/json",
    };

    attempt->reader =
        (HttpReader){.context = attempt, .take = take, .until_us = until_us, .is_whole = is_whole};
    return http_client_open(llm->http, arena, attempt->call, &request, &attempt->reader, not_before_us,
                            attempt->told, &attempt->stream);
}

/* A server that wants to be left alone until then is, by everybody. */
static void note_rest(Llm *llm, const Err *e)
{
    int64_t seconds = e->retry_after_s < REST_MAX_S ? e->retry_after_s : REST_MAX_S;

    if (e->code == LIMITED && seconds > 0)
        atomic_store(&llm->rest_until_us, now_us() + seconds * US_PER_MS * 1000);
}

/* What the answer is. e: how its request ended. */
static Err conclude(Attempt *attempt, Err e)
{
    const Reading *reading = &attempt->reading;

    if (!failed(&e) && attempt->reply.status >= 300)
        e = refusal_of(&attempt->reply);
    else if (!failed(&e) || (has_ended(reading) && (e.code == TIMED_OUT || e.code == UNAVAILABLE)))
        e = finish(attempt);
    else
        e = on_the_way(reading, &e);
    note_rest(attempt->llm, &e);
    attempt->answer->began = reading->assembly.began;
    attempt->answer->usage = reading->assembly.usage;
    return e;
}

/* Whether it was refused for an extra, which from now on no request has. */
static bool goes_without(const Attempt *attempt)
{
    unsigned blamed = refusal_blames(&attempt->reply, attempt->extras);

    (void)atomic_fetch_and(&attempt->llm->extras, ~blamed);
    return blamed != 0;
}

Err attempt_begin(Attempt *attempt, int64_t not_before_us)
{
    attempt->extras = atomic_load(&attempt->llm->extras);
    attempt->reply = (HttpReply){0};
    reading_init(attempt);
    Err e = send(attempt, not_before_us);
    return failed(&e) ? conclude(attempt, e) : OK;
}

bool attempt_go_on(Attempt *attempt, Err *result)
{
    if (!http_stream_read(attempt->stream, &attempt->reply, result))
        return false;
    *result = conclude(attempt, *result);
    if (!failed(result) || !goes_without(attempt))
        return true;
    *result = attempt_begin(attempt, 0);
    return failed(result);
}
