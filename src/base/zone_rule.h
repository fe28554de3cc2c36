/* What a time zone file says of the time behind its last change: a rule such as "EST5EDT,M3.2.0,M11.1.0" (POSIX TZ, with the hours that
 * RFC 9636, section 3.3.2, adds). */
#ifndef NERDX_BASE_ZONE_RULE_H
#define NERDX_BASE_ZONE_RULE_H

#include "base/err.h"
#include "base/str.h"

typedef enum ZoneDayForm {
    ZONE_DAY_OF_365, /* J1..J365: 29 February isn't counted */
    ZONE_DAY_OF_366, /* 0..365 */
    ZONE_DAY_OF_WEEK /* M3.2.0: the second Sunday of March; week 5 is the last */
} ZoneDayForm;

typedef struct ZoneTurn {
    ZoneDayForm form;
    int day; /* of the year, or of the week from Sunday = 0 */
    int month, week;
    int32_t time_s; /* from midnight, by the clocks before the turn */
} ZoneTurn;

typedef struct ZoneRule {
    int32_t standard_s, summer_s; /* east of Greenwich */
    bool has_summer;
    ZoneTurn begin, end; /* of summer time */
} ZoneRule;

/* Errors: INVALID. */
Err zone_rule_parse(Str text, ZoneRule *out);

/* Seconds east of Greenwich at a moment. */
int32_t zone_rule_offset(const ZoneRule *rule, int64_t moment_s);

#endif
