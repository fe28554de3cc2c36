/* The file of what couldn't be taken: JSON Lines, one a fact, with where it stood, what was wrong and what it said.
 * Made when the first one comes. Not thread-safe. */
#ifndef NERDX_SERVICES_WORLD_INGEST_REJECTS_H
#define NERDX_SERVICES_WORLD_INGEST_REJECTS_H

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

typedef struct Rejects {
    const char *path; /* NULL: they are only counted */
    FILE *file;
    int64_t count;
} Rejects;

/* {"origin", "line", "field", "reason", "text"}; text is cut when it is long. Errors: those of the file. */
Err rejects_add(Rejects *rejects, Str origin, int64_t line, const Err *why, Str text);

/* Errors: UNAVAILABLE when not everything could be written. */
Err rejects_close(Rejects *rejects);

#endif
