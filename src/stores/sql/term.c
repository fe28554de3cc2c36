#include "stores/sql/term.h"

#include "base/clock.h"
#include "base/time.h"

Err sql_check_term(const char *what, int64_t until_us)
{
    char until[TIME_TEXT];

    if (clock_wall_us(clock_system()) < until_us)
        return OK;
    time_print(until, until_us);
    return err(
        GONE,
        "%s that might be used until %s: what people have had deleted would come back; take a later one",
        what, until);
}
