/* How a value of each kind is read and written; for options.c. */
#ifndef NERDX_BASE_OPTION_KINDS_H
#define NERDX_BASE_OPTION_KINDS_H

#include "base/options.h"

/* Checks the text against the option's kind, range and check. number: the value of an int, bool (0, 1), bytes or
 * duration, 0 for others. Errors: INVALID, without the option's name. */
Err option_read(const Option *option, Str text, int64_t *number);

/* "HOST:PORT", or what its kind looks like: "N", "N[kMG]". */
const char *option_example(const Option *option);

#endif
