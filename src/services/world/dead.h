/* Which documents of a segment are no more: one bit each, NULL while all are alive. */
#ifndef NERDX_SERVICES_WORLD_DEAD_H
#define NERDX_SERVICES_WORLD_DEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool is_dead(const uint64_t *dead, uint32_t document)
{
    return dead != NULL && (dead[document / 64] >> (document % 64) & 1) != 0;
}

static inline size_t dead_words(size_t documents)
{
    return documents / 64 + 1;
}

#endif
