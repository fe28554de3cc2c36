/* A text as rules read it: Unicode's compatibility forms folded (NFKC, case, marks and what can't be seen left out; UAX #15),
 * Hangul put together from its letters, look-alike letters as the ones they stand for, white space one space. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_PLAIN_H
#define NERDX_SERVICES_AGENTS_GUARDS_PLAIN_H

#include "services/agents/guards/letters.h"

Str plain_text(const Letters *letters, Arena *arena, Str text);

/* Hangul compatibility letters put together to syllables: "ㅅㅣㅅㅡㅌㅔㅁ" is 시스템. Letters that make none become spaces:
 * "ㅋㅋ" says nothing. The Unicode Standard, section 3.12. */
Str hangul_assemble(Arena *arena, Str text);

#endif
