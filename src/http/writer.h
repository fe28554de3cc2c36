/* Who writes the body of a request when it is sent. */
#ifndef NERDX_HTTP_WRITER_H
#define NERDX_HTTP_WRITER_H

#include "base/arena.h"
#include "base/str.h"

/* Writes it in the arena, each time the same. It must not wait. */
typedef struct HttpWriter {
    Str (*write)(void *context, Arena *arena);
    void *context;
} HttpWriter;

#endif
