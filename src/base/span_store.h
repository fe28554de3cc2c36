/* Where spans wait: those of a trace until its root ends, then those that are kept until they are taken. Between span_make.c and
 * span_store.c. */
#ifndef NERDX_BASE_SPAN_STORE_H
#define NERDX_BASE_SPAN_STORE_H

#include "base/span.h"

void span_store_open(const SpanRules *rules);
void span_store_close(void);

/* A root begins: its trace's spans are collected from now on. goes_on: with what was done here before, a job with its request: it is kept
 * where that was. False: there is no room for one more trace. */
bool span_store_begin(const Trace *trace, bool goes_on);

/* A root has ended: what has come of its trace is dropped, waits for another root, or is kept. */
SpanFate span_store_end(const Trace *trace, int64_t took_us, bool has_failed);

/* Takes a copy of a span that has ended: of a root after span_store_end said that it waits. */
void span_store_add(const Span *span);

/* The same of a root whose trace is kept. */
void span_store_keep(const Span *root);

#endif
