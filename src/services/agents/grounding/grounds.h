/* Texts that sentences may rest on, as types; what is done with them: grounding.h. */
#ifndef NERDX_SERVICES_AGENTS_GROUNDING_GROUNDS_H
#define NERDX_SERVICES_AGENTS_GROUNDING_GROUNDS_H

#include "services/agents/grounding/numbers.h"

typedef struct Grounding Grounding;

/* A text that sentences may rest on, made ready for looking things up in it. */
typedef struct Ground {
    Str folded;   /* as text_fold makes it */
    Str squeezed; /* the same without spaces and hyphens */
    Numbers numbers;
    bool is_counted; /* the numbers are in */
} Ground;

/* What sentences may rest on; one for each turn. Not thread-safe. */
typedef struct Grounds {
    const Grounding *rules;
    Arena *arena;
    Ground *items;
    size_t count;
    size_t capacity;
} Grounds;

#endif
