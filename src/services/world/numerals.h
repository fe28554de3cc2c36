/* Numbers written as words, as people say the strength of a drink: forty, 사십, 열두. */
#ifndef NERDX_SERVICES_WORLD_NUMERALS_H
#define NERDX_SERVICES_WORLD_NUMERALS_H

#include <stdbool.h>

#include "base/str.h"

/* The number, from 10 to 99, that a folded word says; 0 when it says none. Smaller ones are left alone: one, 이 and 오
 * are said of too much else. */
unsigned numeral_of(Str word);

/* Is it what a number of percent is counted in: percent, 도짜리? */
bool numeral_is_unit(Str word);

#endif
