#include "base/near.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, three rows at a time. */
size_t near_distance(Str a, Str b)
{
    size_t rows[3][NEAR_LONGEST + 1];
    size_t *before = rows[0];
    size_t *last = rows[1];
    size_t *now = rows[2];

    if (a.len > NEAR_LONGEST || b.len > NEAR_LONGEST)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = last[j - 1] + (a.data[i - 1] != b.data[j - 1]);
            now[j] = least(least(last[j], now[j - 1]) + 1, change);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b.len];
}

const char *near_miss(Str name, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t least_changes = SIZE_MAX;

    for (size_t i = 0; i < count; i++) {
        Str candidate = str_from(names[i]);
        size_t changes = near_distance(name, candidate);
        if (changes < least_changes && changes <= (candidate.len + 2) / 3) {
            least_changes = changes;
            nearest = names[i];
        }
    }
    return nearest;
}
