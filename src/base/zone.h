/* What the clock on the wall shows in a time zone, by the system's zoneinfo (RFC 8536), for moments that it knows: past rules, and those
 * to come as far as they are written out there (until 2037; later ones are as the last). */
#ifndef NERDX_BASE_ZONE_H
#define NERDX_BASE_ZONE_H

#include "base/err.h"
#include "base/str.h"

/* How far the zone ("Asia/Seoul") is ahead of UTC at that moment, in seconds. Errors: NOT_FOUND (no such zone), INVALID (a damaged file). */
Err zone_offset(Str name, int64_t time_us, int *seconds);

#endif
