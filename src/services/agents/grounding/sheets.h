/* Facts written down, made harmless for a language model, and the ground that they give. Making one costs more than all the
 * rest of an answer, and the same facts come up again and again, so they are kept, found by their words: a fact that has
 * changed is another sheet. Thread-safe. Bounded: what finds no room is made anew each time. */
#ifndef NERDX_SERVICES_AGENTS_GROUNDING_SHEETS_H
#define NERDX_SERVICES_AGENTS_GROUNDING_SHEETS_H

#include "services/agents/grounding/grounding.h"
#include "services/agents/guards/guards.h"

enum { SHEETS_MAX = 4096, SHEETS_MAX_BYTES = 32 << 20 };

typedef struct Sheets Sheets;

typedef struct Sheet {
    Str text;
    Ground ground; /* of the text, and of the other names of the fact */
} Sheet;

Sheets *sheets_create(void);
void sheets_destroy(Sheets *sheets); /* accepts NULL */

/* written: the fact in words, always the same ones; names: further ones that may be said. guards: NULL if no model is going to
 * read it. The sheet's texts live as long as the sheets, or are in the arena. */
void sheet_find(Sheets *sheets, const Guards *guards, const Grounding *grounding, Arena *arena, Str written,
                Texts names, Sheet *out);

#endif
