/* How a word ends when it is said in Korean, which decides the particle after it: 막걸리는, 누룩은, 술로.
 * Names that end in digits or Latin letters are taken as Koreans read them: NERD12는 (십이), ABV는 (브이). */
#ifndef NERDX_SERVICES_AGENTS_PARTICLE_H
#define NERDX_SERVICES_AGENTS_PARTICLE_H

#include "base/str.h"

typedef enum Ending { OPEN_ENDING, RIEUL_ENDING, CLOSED_ENDING } Ending;

/* Closing quotes and a remark in brackets at the end are passed over: "막걸리(makgeolli)" ends like 막걸리. */
Ending word_ending(Str word);

#endif
