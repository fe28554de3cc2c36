#include "http/exchange.h"

#include <assert.h>

#include "http/phase.h"

Str exchange_header(const Exchange *exchange, Str name)
{
    for (size_t i = 0; i < exchange->header_count; i++)
        if (str_equal_nocase(exchange->headers[i].name, name))
            return exchange->headers[i].value;
    return (Str){0};
}

void exchange_reply(Exchange *exchange, int status, const char *content_type, Str body)
{
    assert(status >= 200 && status <= 599);
    exchange->status = status;
    exchange->content_type = content_type;
    exchange->body = body;
}

void exchange_reply_on(Exchange *exchange, int status, const char *content_type, Str body,
                       const FlowSource *rest)
{
    exchange_reply(exchange, status, content_type, body);
    exchange->rest = rest;
}

void exchange_put_header(Exchange *exchange, const char *name, const char *value)
{
    assert(exchange->reply_header_count < EXCHANGE_MAX_REPLY_HEADERS);
    exchange->reply_headers[exchange->reply_header_count++] = (ReplyHeader){name, value};
}

void exchange_stream(Exchange *exchange, EventLog *log)
{
    exchange_stream_after(exchange, log, exchange_last_event_id(exchange));
}

void exchange_stream_after(Exchange *exchange, EventLog *log, uint64_t id)
{
    Request *request = (Request *)exchange;

    assert(!request->events);
    request->events = event_log_retain(log);
    request->events_after = id;
    phase_answered(request);
}

uint64_t exchange_last_event_id(const Exchange *exchange)
{
    Str text = exchange_header(exchange, STR("last-event-id"));
    int64_t id;

    for (size_t i = 0; !text.data && i < exchange->input.query.count; i++)
        if (str_equal(exchange->input.query.items[i].name, STR("last_event_id")))
            text = exchange->input.query.items[i].value;
    return str_to_int(str_trim(text), &id) && id > 0 ? (uint64_t)id : 0;
}
