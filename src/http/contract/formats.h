/* Text rules of the contract that no regular expression says well. All texts are valid UTF-8. */
#ifndef NERDX_HTTP_CONTRACT_FORMATS_H
#define NERDX_HTTP_CONTRACT_FORMATS_H

#include "http/contract/shape.h"

bool format_matches(TextFormat format, Str text);

/* "a date-time such as 2026-01-31T09:30:00Z" */
const char *format_expected(TextFormat format);

#endif
