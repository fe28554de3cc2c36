#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"

/* A small arena grows in small steps, as thousands may live at once. A large one about doubles, in blocks that the system gets
 * back when they are freed. */
enum {
    FIRST_BLOCK = 4096 - 64,
    SMALL_BLOCK = 8 << 10,
    LARGEST_BLOCK = 1 << 20,
    TINY = 32 << 10,
    SMALL = 96 << 10,
    LARGE_SHARE = 2 /* of a block */
};

struct ArenaBlock {
    ArenaBlock *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static size_t align_up(size_t size)
{
    return (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

static void use_block(Arena *arena, ArenaBlock *block)
{
    arena->newest = block;
    arena->next = block->bytes;
    arena->end = block->bytes + block->size;
}

static size_t next_size(const Arena *arena)
{
    if (arena->used < TINY)
        return FIRST_BLOCK;
    if (arena->used < SMALL)
        return SMALL_BLOCK;
    return arena->used < LARGEST_BLOCK ? arena->used : LARGEST_BLOCK;
}

static ArenaBlock *block_new(size_t size, ArenaBlock *older)
{
    ArenaBlock *block = memory_alloc(sizeof *block + size);

    block->older = older;
    block->size = size;
    return block;
}

static void add_block(Arena *arena, size_t at_least)
{
    size_t size = next_size(arena);

    use_block(arena, block_new(size > at_least ? size : at_least, arena->newest));
}

/* Frees the blocks newer than this one of theirs (NULL: all of them), which is returned. */
static ArenaBlock *free_newer(ArenaBlock *newest, const ArenaBlock *kept)
{
    while (newest != kept) {
        ArenaBlock *older = newest->older;
        memory_free(newest);
        newest = older;
    }
    return newest;
}

static ArenaBlock *oldest(ArenaBlock *block)
{
    while (block && block->older)
        block = block->older;
    return block;
}

void arena_init(Arena *arena)
{
    assert(arena);
    *arena = (Arena){0};
}

void arena_finish(Arena *arena)
{
    (void)free_newer(arena->large, NULL);
    (void)free_newer(arena->newest, NULL);
    *arena = (Arena){0};
}

void arena_reset(Arena *arena)
{
    (void)free_newer(arena->large, NULL);
    ArenaBlock *first = free_newer(arena->newest, oldest(arena->newest));

    *arena = (Arena){0};
    if (first)
        use_block(arena, first);
}

ArenaMark arena_mark(const Arena *arena)
{
    return (ArenaMark){arena->newest, arena->large, arena->next, arena->used};
}

void arena_rewind(Arena *arena, ArenaMark mark)
{
    if (!mark.block) {
        arena_reset(arena);
        return;
    }
    arena->large = free_newer(arena->large, mark.large);
    use_block(arena, free_newer(arena->newest, mark.block));
    arena->next = mark.next;
    arena->used = mark.used;
}

static bool has_room(const Arena *arena, size_t size)
{
    return arena->next && (size_t)(arena->end - arena->next) >= size;
}

static void *take(Arena *arena, size_t size)
{
    void *piece = arena->next;

    arena->next += size;
    arena->used += size;
    return piece;
}

/* Once there is a block to go on with, a large piece gets its own. */
static void *take_behind(Arena *arena, size_t size)
{
    if (!arena->newest || size <= next_size(arena) / LARGE_SHARE) {
        add_block(arena, size);
        return take(arena, size);
    }
    arena->large = block_new(size, arena->large);
    arena->used += size;
    return arena->large->bytes;
}

void *arena_alloc(Arena *arena, size_t size)
{
    assert(arena);
    assert(size <= SIZE_MAX / 2);

    size = align_up(size ? size : 1);
    return has_room(arena, size) ? take(arena, size) : take_behind(arena, size);
}

bool arena_extend(Arena *arena, const void *piece, size_t size, size_t larger)
{
    size_t more = align_up(larger) - align_up(size);

    if (!piece || (const char *)piece + align_up(size) != arena->next || !has_room(arena, more))
        return false;
    (void)take(arena, more);
    return true;
}

void *arena_zalloc(Arena *arena, size_t size)
{
    return memset(arena_alloc(arena, size), 0, size);
}

void *arena_zalloc_array(Arena *arena, size_t count, size_t size)
{
    assert(size == 0 || count <= SIZE_MAX / 2 / size);
    return arena_zalloc(arena, count * size);
}

void *arena_more(Arena *arena, void *items, size_t count, size_t *capacity, size_t first, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity > 0 ? 2 * *capacity : first;
    void *bigger = arena_zalloc_array(arena, *capacity, size);
    if (count > 0)
        memcpy(bigger, items, count * size);
    return bigger;
}
