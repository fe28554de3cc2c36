/* What the clocks of a place show: what time zone files (RFC 9636) say of it, as the system has them in /usr/share/zoneinfo. */
#ifndef NERDX_BASE_ZONE_H
#define NERDX_BASE_ZONE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone_rule.h"

typedef struct Zone {
    Str name;
    const int64_t *changes; /* seconds since 1970, rising */
    const int32_t *offsets; /* seconds east of Greenwich, from each of them on */
    size_t count;
    int32_t first_offset; /* before all of them */
    bool has_rule;
    ZoneRule rule; /* from the last of them on */
} Zone;

/* Errors: UNPROCESSABLE (there is no such zone). */
Err zone_read(Arena *arena, Str name, Zone *out);

/* The same from the bytes of such a file. Errors: INVALID (it is none). */
Err zone_parse(Arena *arena, Str file, Zone *out);

/* When a day (counted from 1970-01-01 = 0) begins there: the first moment whose date is that or later. */
int64_t zone_day_begins_s(const Zone *zone, int64_t day);

/* How far such a zone is ahead of UTC at that moment, in seconds. Errors: those of zone_read. */
Err zone_offset(Str name, int64_t time_us, int *seconds);

#endif
