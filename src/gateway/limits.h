/* How often a consumer may ask: a class of operations a line, as data.
 *
 *     default 60/minute 1000/hour; sign-in 10/minute 50/hour
 *
 * An operation's class is its x-limit-class in the contract, "default" where it says nothing. */
#ifndef NERDX_GATEWAY_LIMITS_H
#define NERDX_GATEWAY_LIMITS_H

#include "base/err.h"
#include "base/str.h"

enum { LIMIT_CLASSES = 8, LIMIT_NAME = 24, LIMIT_MOST = 1000000 };

typedef struct LimitClass {
    char name[LIMIT_NAME];
    int64_t per_minute;
    int64_t per_hour;
} LimitClass;

typedef struct Limits {
    LimitClass classes[LIMIT_CLASSES];
    size_t count; /* 0: no limits */
} Limits;

/* "off" gives none. INVALID says what is wrong, and what would be right. */
Err limits_read(Str text, Limits *out);

/* The class of that name, or the first. */
const LimitClass *limits_find(const Limits *limits, Str name);

#endif
