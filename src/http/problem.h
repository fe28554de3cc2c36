/* Problems (RFC 9457, application/problem+json): how an Err crosses HTTP, in both directions. */
#ifndef NERDX_HTTP_PROBLEM_H
#define NERDX_HTTP_PROBLEM_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/trace.h"

#define PROBLEM_MIME "application/problem+json"

/* {"type":"/problems/not-found","title":…,"status":404,"detail":…,"pointer":…,"instance":"urn:trace:…",
 * "retry_after_s":…}; the Err's detail stays at home. trace may be NULL. Also the data of an `error` event. */
void problem_put(Buf *out, const Err *e, const Trace *trace);
Json problem_text(Arena *arena, const Err *e, const Trace *trace);

/* The Err that a problem was; what isn't a problem gives the code of the status. */
Err problem_read(int status, Str body);

#endif
