/* Where a quotation stands in a text: word by word as it is, but for blanks and line ends, which a line that was wrapped
 * differently has in other places. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_QUOTE_H
#define NERDX_SERVICES_WORLD_REVIEW_QUOTE_H

#include "base/str.h"

/* The part of the text that says the same; absent when it doesn't stand there, or is blank. */
Str quote_find(Str text, Str quote);

#endif
