/* Where spans wait: those of a trace until its root ends, then those that are kept until they are taken. Between span_make.c and
 * span_store.c. */
#ifndef NERDX_BASE_SPAN_STORE_H
#define NERDX_BASE_SPAN_STORE_H

#include "base/span.h"

void span_store_open(const SpanRules *rules);
void span_store_close(void);

/* A root begins: its trace's spans are collected from now on. False: there is no room for one more trace. */
bool span_store_begin(const Trace *trace);

/* Takes a copy of a span that has ended and is no root. */
void span_store_add(const Span *span);

/* A root has ended, of which a copy is taken where it is needed. True: its trace is kept. */
bool span_store_end(const Span *root);

#endif
