/* Words whose letters were pulled apart: "i g n o r e", "이.전.지.시". They are joined, or the marks between them taken for
 * spaces. Plain text in, plain text out; empty when the text has no such words. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_JOIN_H
#define NERDX_SERVICES_AGENTS_GUARDS_JOIN_H

#include "base/str.h"

/* "a.b_c" as "a b c", when marks between letters are many. */
Str separators_as_spaces(Arena *arena, Str plain);

/* Runs of single syllables (Hangul) put together; the rest of the text stays. */
Str joined_syllables(Arena *arena, Str plain);

/* The runs of single Latin letters alone, each joined, and the words too long to be one. */
Str joined_letters(Arena *arena, Str plain);

#endif
