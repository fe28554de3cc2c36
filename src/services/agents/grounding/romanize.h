/* Hangul in Latin letters by the Revised Romanization (National Institute of Korean Language, notice 2000-8), syllable by syllable,
 * made so loose that other spellings of the same name come out equal: kimchi and gimchi, makgeolli and makgeolri. */
#ifndef NERDX_SERVICES_AGENTS_GROUNDING_ROMANIZE_H
#define NERDX_SERVICES_AGENTS_GROUNDING_ROMANIZE_H

#include "base/str.h"

/* Hangul and Latin letters of the text, loosely; everything else is left out. */
Str romanize(Arena *arena, Str text);

/* Whether a Hangul word of the text, with or without what is attached to it, sounds like this (which is romanized). */
bool romanized_occurs(Arena *arena, Str text, Str romanized);

#endif
