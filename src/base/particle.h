/* How a word ends when it is said in Korean, which decides the particle after it: 막걸리는, 누룩은, 술로.
 * Names that end in digits or Latin letters are taken as Koreans read them: NERD12는 (십이), ABV는 (브이). */
#ifndef NERDX_BASE_PARTICLE_H
#define NERDX_BASE_PARTICLE_H

#include "base/str.h"

typedef enum Ending { OPEN_ENDING, RIEUL_ENDING, CLOSED_ENDING } Ending;

/* Closing quotes and a remark in brackets at the end are passed over: "막걸리(makgeolli)" ends like 막걸리. */
Ending word_ending(Str word);

/* The form of a particle that fits the word before it. It is named by its form after a closed syllable: 은 gives 은 or 는,
 * 으로 gives 으로 or 로. A particle without forms stays as it is. */
Str particle_after(Str word, Str particle);

#endif
