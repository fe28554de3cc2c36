/* The words of a plain text, for looking words up in it: without marks, and with spaces between Latin words only, as Korean ones are
 * written apart or not, and on both sides by whoever types. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_WORDING_H
#define NERDX_SERVICES_AGENTS_GUARDS_WORDING_H

#include "base/str.h"

typedef struct Wording {
    Str text;
    const bool *begins; /* for each byte: whether a word begins there, as it was written */
} Wording;

void wording_of(Arena *arena, Str plain, Wording *out);

/* The next word at *at, with *at behind it; absent at the end. */
Str wording_next(const Wording *wording, size_t *at);

bool wording_is_latin(char c); /* a letter or a digit */

#endif
