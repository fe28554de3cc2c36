/* The folders of a database's archive: chains, each a base and the log's segments behind it. */
#ifndef NERDX_STORES_SQL_SQLITE_CHAIN_H
#define NERDX_STORES_SQL_SQLITE_CHAIN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

typedef struct Chain {
    const char *path;
    int64_t begin_us; /* since when moments can be had */
    bool is_gap;      /* what was before isn't all there */
} Chain;

/* All that are whole, the oldest first. Errors: those of file_error. */
Err chain_list(Arena *arena, const char *folder, Chain **out, size_t *count);

const char *chain_path(Arena *arena, const char *folder, int64_t begin_us, bool is_gap);
const char *chain_base(Arena *arena, const char *chain);
const char *chain_segment(Arena *arena, const char *chain, int64_t number); /* from 1 */
const char *chain_part(Arena *arena, const char *folder);                   /* one that isn't whole yet */

/* The number of the last. Errors: those of file_error. */
Err chain_count_segments(const char *chain, size_t *count);

/* With what is in it; nothing else but files is. Errors: those of file_error; none where it isn't there. */
Err chain_remove(const char *path);

#endif
