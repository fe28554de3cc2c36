/* Until when a copy of a store may be used: with an older one what people have had deleted would come back. */
#ifndef NERDX_STORES_SQL_TERM_H
#define NERDX_STORES_SQL_TERM_H

#include <stdint.h>

#include "base/err.h"

/* what: "a backup". Errors: GONE when that moment is past. */
Err sql_check_term(const char *what, int64_t until_us);

#endif
