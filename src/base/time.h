/* Moments as RFC 3339 text and as microseconds since 1970 in UTC, for the years 0000 to 9999.
 * Reading is strict: a full date and time with an offset; days must exist; second 60 only where a leap second
 * can be (23:59:60 UTC on the last day of a month; it counts as the following second, as POSIX does). Digits
 * after the sixth are dropped. */
#ifndef NERDX_BASE_TIME_H
#define NERDX_BASE_TIME_H

#include "base/str.h"

enum { TIME_TEXT = sizeof "2026-11-23T23:58:44.123456Z" };

bool time_parse(Str text, int64_t *out_us);
bool time_parse_date(Str text, int64_t *out_us); /* "2026-11-23": its first moment in UTC */

/* The calendar year in Korea (UTC+9, without summer time since 1988), which ages are counted by there. */
int64_t time_korean_year(int64_t time_us);

/* "2026-11-23T23:58:44.123456Z"; the fraction is left out when it is zero. A time outside the years 0000 to
 * 9999 is moved to the nearest end. */
Str time_format(Arena *arena, int64_t time_us);
size_t time_print(char out[TIME_TEXT], int64_t time_us); /* NUL-terminated; returns the length */

#endif
