/* Random bytes nobody can guess (getrandom(2)), and ids made of them. Thread-safe. */
#ifndef NERDX_BASE_RANDOM_H
#define NERDX_BASE_RANDOM_H

#include <stdint.h>

#include "base/clock.h"
#include "base/str.h"

void random_bytes(void *out, size_t size);
uint64_t random_u64(void);

/* UUID version 7 (RFC 9562, section 5.7): "019ab5c2-7d3e-7abc-9def-0123456789ab". Sorts by the time it was
 * made, to a quarter of a microsecond; within this process every id is greater than the one before. */
enum { ID_TEXT = 36 + 1 };
void id_print(const Clock *clock, char out[ID_TEXT]);
Str id_new(Arena *arena, const Clock *clock);

/* One of that microsecond, whatever the clock says: that of a later one is greater. */
Str id_of_moment(Arena *arena, int64_t time_us);

#endif
