/* W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context-1/): which request this work belongs to. */
#ifndef NERDX_BASE_TRACE_H
#define NERDX_BASE_TRACE_H

#include <stdint.h>

#include "base/str.h"

enum { TRACE_SAMPLED = 1 };
enum { TRACE_TEXT = 55 + 1, TRACE_ID_TEXT = 32 + 1, SPAN_ID_TEXT = 16 + 1 };

typedef struct Trace {
    uint8_t trace_id[16];
    uint8_t span_id[8];
    uint8_t flags;
} Trace;

/* traceparent as it came, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01". False when it must be
 * ignored: wrong length, upper case, version ff, ids of zeros; a later version may carry more behind a '-'.
 */
bool trace_parse(Str traceparent, Trace *out);

Trace trace_new(void);                    /* random ids, not sampled (see span_new_trace) */
Trace trace_child(const Trace *parent);   /* the same trace, a new span */
Trace trace_from_header(Str traceparent); /* a child of what came, or new when that is absent or wrong */

/* tracestate as it came, where it may be handed on: list members of printable characters, 512 bytes at the most; else absent. */
enum { TRACE_STATE_MAX = 512 };
Str trace_state_of(Str tracestate);

void trace_print(const Trace *trace, char out[TRACE_TEXT]); /* a traceparent */
void trace_id_print(const Trace *trace, char out[TRACE_ID_TEXT]);
void span_id_print(const Trace *trace, char out[SPAN_ID_TEXT]);

#endif
