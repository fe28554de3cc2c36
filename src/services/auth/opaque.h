/* Secrets that mean nothing by themselves: 256 random bits, shown once, kept as their hash. Looking one up compares hashes,
 * so the time it takes tells nothing of the secret; no salt is needed, for nobody guesses 256 bits. */
#ifndef NERDX_SERVICES_AUTH_OPAQUE_H
#define NERDX_SERVICES_AUTH_OPAQUE_H

#include "base/str.h"

/* "nr_4f1c…": the prefix says what it is, to people and to those who look for secrets where none should be. */
Str opaque_new(Arena *arena, const char *prefix);

/* SHA-256 as hexadecimal digits. */
Str opaque_hash(Arena *arena, Str secret);

#endif
