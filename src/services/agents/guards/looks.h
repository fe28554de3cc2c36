/* The ways in which a text can be read by who wants to be understood and not be seen: as it stands, decoded, with its
 * letters joined, with digits for letters, ages for years of birth, with slips of spelling, backwards. Rules look at all of them. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_LOOKS_H
#define NERDX_SERVICES_AGENTS_GUARDS_LOOKS_H

#include "services/agents/guards/births.h"
#include "services/agents/guards/letters.h"
#include "services/agents/guards/spelling.h"
#include "services/agents/text.h"

typedef enum LookKind {
    LOOK_PLAIN,  /* every rule is for it */
    LOOK_HIDDEN, /* only rules against what hides: nobody writes harmless things backwards */
    LOOK_JOINED, /* the same, and words have no boundaries in it */
} LookKind;

typedef struct Look {
    Str text;
    LookKind kind;
} Look;

enum { LOOKS_MAX = 12 };
typedef struct Looks {
    Look items[LOOKS_MAX];
    size_t count;
} Looks;

typedef struct Reading {
    Letters letters;   /* look-alikes */
    Letters digits;    /* that stand for letters */
    Spelling spelling; /* words that matter */
    Births births;     /* years for which ages are read */
} Reading;

/* The first look is the plain one. Looks that show nothing new are left out. */
void looks_of(const Reading *reading, Arena *arena, Str text, Looks *out);

#endif
