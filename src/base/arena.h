/* Memory that is made piece by piece and given back all at once: one arena a request, one a long job.
 * arena_init, any number of arena_alloc, arena_finish; arena_reset keeps the first block for the next round.
 * Running out of memory aborts with a message; sizes that come from outside are checked before they get here.
 */
#ifndef NERDX_BASE_ARENA_H
#define NERDX_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *newest;
    ArenaBlock *large; /* pieces that have a block each: what is left of the newest is used on */
    char *next;
    char *end;
    size_t used; /* bytes handed out since init or reset */
} Arena;

void arena_init(Arena *arena);
void arena_finish(Arena *arena); /* accepts a zeroed arena */
void arena_reset(Arena *arena);

/* Aligned for any type, not zeroed. */
void *arena_alloc(Arena *arena, size_t size);
void *arena_zalloc(Arena *arena, size_t size);

/* Whether this piece could be made so large where it is: it was the last one made, and there is room behind it. */
bool arena_extend(Arena *arena, const void *piece, size_t size, size_t larger);

/* A zeroed object, or array of count objects (checked against overflow). */
#define arena_new(arena, Type) ((Type *)arena_zalloc((arena), sizeof(Type)))
#define arena_array(arena, Type, count) ((Type *)arena_zalloc_array((arena), (count), sizeof(Type)))
void *arena_zalloc_array(Arena *arena, size_t count, size_t size);

/* Room for one more item in an array of count of them: the array itself, or one of twice the capacity (`first` for the
 * first) that begins with the same items and is zero behind them. */
#define ARENA_MORE(arena, items, count, capacity, first) \
    ((items) = arena_more((arena), (items), (count), &(capacity), (first), sizeof *(items)))
void *arena_more(Arena *arena, void *items, size_t count, size_t *capacity, size_t first, size_t size);

/* arena_rewind gives back all that was made after the mark, which must be of this arena and not behind another rewind. */
typedef struct ArenaMark {
    ArenaBlock *block;
    ArenaBlock *large;
    char *next;
    size_t used;
} ArenaMark;

ArenaMark arena_mark(const Arena *arena);
void arena_rewind(Arena *arena, ArenaMark mark);

/* Leaves with the scope: AUTO_ARENA Arena scratch = {0}; */
#define AUTO_ARENA __attribute__((cleanup(arena_finish)))

#endif
