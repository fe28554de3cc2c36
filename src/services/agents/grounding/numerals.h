/* How numbers are written: each function reads one at the start of a folded text and returns how many bytes it takes, 0 when
 * there is none. For numbers.c. */
#ifndef NERDX_SERVICES_AGENTS_GROUNDING_NUMERALS_H
#define NERDX_SERVICES_AGENTS_GROUNDING_NUMERALS_H

#include "services/agents/grounding/lexicon.h"

/* Digits ("1,000", "6.5"), Sino-Korean ("오백"), and both mixed ("3만 5천"). has_place: whether there is a 십, 백, 천 …; may
 * be NULL. */
size_t numeral_mixed(const Lexicon *lexicon, Str text, double *value, bool *has_place);

/* Native Korean, up to 99: "열두", "스무". */
size_t numeral_native(const Lexicon *lexicon, Str text, double *value);

/* English words: "twenty-one", "five hundred and six", "a thousand", "nineteenth". */
size_t numeral_english(const Lexicon *lexicon, Str text, double *value);

#endif
