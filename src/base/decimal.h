/* Numbers as decimal text, quickly: the values that answers are full of (scores, shares) and short ones as they are
 * written by hand. What is out of range is left to the C library; where both can, both agree to the last digit. */
#ifndef NERDX_BASE_DECIMAL_H
#define NERDX_BASE_DECIMAL_H

#include <stdbool.h>

#include "base/str.h"

enum { DECIMAL_TEXT = 32 };

/* The fewest digits from 15 on that read back as the value, without zeros at the end ("0.1"); returns how many bytes
 * were written. 0 when the value isn't at least 0.0001 and below 1000, or the negative of such. */
size_t decimal_print(double value, char out[static DECIMAL_TEXT]);

/* Reads [-]digits[.digits] of at most 15 digits, exactly rounded; false for everything else. */
bool decimal_read(Str text, double *out);

#endif
