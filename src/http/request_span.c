#include "http/request_span.h"

/* A failure is one of ours: what a caller did wrong is none (OpenTelemetry's conventions for HTTP servers). */
static const char *failure_of(const Outcome *outcome)
{
    enum { FIRST_FAULT = 500 };

    if (outcome->status < FIRST_FAULT)
        return NULL;
    return outcome->error != NULL ? err_kind(outcome->error->code)->name : "late";
}

static void give(const Request *request, const char *failure, SpanFate fate)
{
    const Exchange *exchange = &request->exchange;
    const Outcome *outcome = &request->outcome;
    const Route *route = request->route;
    Span span;

    span_root_fill(&span, SPAN_SERVER, route->name, &exchange->trace, request->parent_id, exchange->start_us);
    span.ended_us = exchange->start_us + outcome->work_us;
    span.error = failure;
    span_note_text(&span, "http.request.method", route->method);
    span_note_text(&span, "http.route", route->path);
    span_note_int(&span, "http.response.status_code", outcome->status);
    if (outcome->aborted)
        span_note_text(&span, "nerdx.aborted", "true");
    span_root_give(&span, fate);
}

void request_span_end(Request *request, int64_t took_us)
{
    Outcome *outcome = &request->outcome;

    if (request->is_spent)
        return;
    request->is_spent = true;
    outcome->work_us = took_us;
    outcome->is_traced = !span_tracing() && request->is_kept_before;
    if (!request->is_recorded)
        return;
    const char *failure = failure_of(outcome);
    SpanFate fate = span_root_close(&request->exchange.trace, took_us, failure);
    outcome->is_traced = fate == SPAN_KEPT;
    if (fate != SPAN_DROPPED)
        give(request, failure, fate);
}
