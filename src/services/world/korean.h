/* Korean words without the particles that are written onto them: 막걸리를, 이천에서는 -> 막걸리, 이천.
 * Rules, not a dictionary: a particle is taken off only where the sound before it allows it (은/을/이 after a
 * final consonant, 는/를/가 after a vowel), so 가을 and 나이 stay whole. */
#ifndef NERDX_SERVICES_WORLD_KOREAN_H
#define NERDX_SERVICES_WORLD_KOREAN_H

#include "services/world/fold.h"

/* How many of the syllables are the word itself; at least 1. */
size_t korean_stem(const Folded *syllables, size_t count);

/* What the forms of a verb or adjective have in common: 끓이 of 끓여, 끓인 and 끓입니다; 만드 of 만들어 and 만든. Writes it
 * to out, which has room for `count`, and returns its length; 0 when the word doesn't end as they do.
 * stem: what korean_stem says; a noun with a particle is no verb. */
size_t korean_verb_root(const Folded *syllables, size_t count, size_t stem, Folded *out);

/* Does the word end like a verb or an adjective, so that its stem is hard to tell? 걸려요, 어울리는 */
bool korean_is_predicate(const Folded *syllables, size_t count);

/* Is it a syllable that a verb before a noun may end in (띄울, 빚은), and is the noun one that only lives with such
 * a verb (때, 것, 수)? */
bool korean_is_adnominal(const Folded *last);
bool korean_is_bound_noun(const Folded *syllables, size_t count);

/* A particle that stands alone after a word in another script: NERD12를. */
bool korean_is_particle(const Folded *syllables, size_t count);

#endif
