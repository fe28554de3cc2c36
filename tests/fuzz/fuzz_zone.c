/* Bytes as a time zone file: whatever it says, a day begins within a day of its midnight in Greenwich. */
#include <stdlib.h>

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DAY_S = 24 * 60 * 60 };

static const int64_t DAYS[] = {-719162, -1, 0, 20000, 29220, 2932896}; /* of the years 1 to 9999 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Zone zone = {0};

    arena_init(&arena);
    Err e = zone_parse(&arena, (Str){(const char *)data, size}, &zone);
    for (size_t i = 0; !failed(&e) && i < sizeof DAYS / sizeof *DAYS; i++) {
        int64_t begins_s = zone_day_begins_s(&zone, DAYS[i]);
        if (begins_s <= (DAYS[i] - 1) * DAY_S || begins_s >= (DAYS[i] + 1) * DAY_S)
            abort();
    }
    return 0;
}
