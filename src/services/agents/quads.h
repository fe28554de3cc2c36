/* Which groups of four bytes some texts have, roughly: a text with one that they haven't isn't in any of them. To look for a
 * hundred sentences in all that a session has said costs many times what this does (Bloom, Space/time trade-offs in hash coding,
 * 1970, with one hash).
 *
 *     quads_add(&quads, said[i]);                   for each
 *     if (quads_may_have(&quads, text)) …           look for it; else it is in none of them */
#ifndef NERDX_SERVICES_AGENTS_QUADS_H
#define NERDX_SERVICES_AGENTS_QUADS_H

#include "base/str.h"

enum { QUADS_BITS = 32768 };

typedef struct Quads {
    uint64_t bits[QUADS_BITS / 64]; /* of the groups that begin at even places */
} Quads;

void quads_add(Quads *quads, Str text);
bool quads_may_have(const Quads *quads, Str text);

#endif
