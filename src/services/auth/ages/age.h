/* What a year of birth makes of somebody today. Korea's Youth Protection Act, article 2: a youth is who is under nineteen, but not who
 * turns nineteen in this calendar year: from 1 January, Korea's time, everybody of a year is an adult at once. So the year is enough,
 * and nothing more of a birthday is kept. */
#ifndef NERDX_SERVICES_AUTH_AGES_AGE_H
#define NERDX_SERVICES_AUTH_AGES_AGE_H

#include "api/auth.h"
#include "services/auth/ages_sql.h"

enum { ADULT_YEARS = 19, OLDEST_BIRTH_YEAR = 1900 };

/* Whether who was born in that year is an adult at that moment. */
bool age_is_adult(int64_t birth_year, int64_t now_us);

/* row NULL: nothing is known. A verification counts up to the moment it expires, and not at it. */
AgeState age_state(Arena *arena, const AgesSqlAge *row, int64_t now_us);

/* Errors: UNPROCESSABLE for a year that nobody alive was born in, or that hasn't come. */
Err age_check_year(int64_t birth_year, int64_t now_us);

#endif
