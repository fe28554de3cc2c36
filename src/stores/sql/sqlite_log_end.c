#include "stores/sql/sqlite_log_end.h"

#include <stdatomic.h>
#include <string.h>

/* It is there twice, and the second is written first: while they differ, somebody is at it. */
bool log_index_read(const volatile uint32_t *index, uint32_t out[LOG_INDEX_WORDS])
{
    uint32_t second[LOG_INDEX_WORDS];

    for (size_t i = 0; i < LOG_INDEX_WORDS; i++)
        out[i] = __atomic_load_n(&index[i], __ATOMIC_RELAXED);
    atomic_thread_fence(memory_order_acquire);
    for (size_t i = 0; i < LOG_INDEX_WORDS; i++)
        second[i] = __atomic_load_n(&index[LOG_INDEX_WORDS + i], __ATOMIC_RELAXED);
    return memcmp(out, second, sizeof second) == 0;
}

/* https://www.sqlite.org/walformat.html, section 2.1: mxFrame, aFrameCksum and aSalt. */
bool log_end_read(const volatile uint32_t *index, LogEnd *out)
{
    enum { FRAMES = 4, CHECK = 6, SALTS = 8 };
    uint32_t header[LOG_INDEX_WORDS];

    if (!log_index_read(index, header))
        return false;
    *out = (LogEnd){.salts = {header[SALTS], header[SALTS + 1]},
                    .frames = header[FRAMES],
                    .check = {header[CHECK], header[CHECK + 1]}};
    return true;
}
