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
    SMALL = 96 << 10
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

static void add_block(Arena *arena, size_t at_least)
{
    size_t size = next_size(arena);

    if (size < at_least)
        size = at_least;

    ArenaBlock *block = memory_alloc(sizeof *block + size);
    block->older = arena->newest;
    block->size = size;
    use_block(arena, block);
}

/* Frees the blocks newer than the oldest one, which is returned (or NULL). */
static ArenaBlock *free_all_but_first(Arena *arena)
{
    ArenaBlock *block = arena->newest;

    while (block && block->older) {
        ArenaBlock *older = block->older;
        memory_free(block);
        block = older;
    }
    return block;
}

void arena_init(Arena *arena)
{
    assert(arena);
    *arena = (Arena){0};
}

void arena_finish(Arena *arena)
{
    memory_free(free_all_but_first(arena));
    *arena = (Arena){0};
}

void arena_reset(Arena *arena)
{
    ArenaBlock *first = free_all_but_first(arena);

    *arena = (Arena){0};
    if (first)
        use_block(arena, first);
}

ArenaMark arena_mark(const Arena *arena)
{
    return (ArenaMark){arena->newest, arena->next, arena->used};
}

void arena_rewind(Arena *arena, ArenaMark mark)
{
    if (!mark.block) {
        arena_reset(arena);
        return;
    }
    while (arena->newest != mark.block) {
        ArenaBlock *older = arena->newest->older;
        memory_free(arena->newest);
        arena->newest = older;
    }
    use_block(arena, mark.block);
    arena->next = mark.next;
    arena->used = mark.used;
}

void *arena_alloc(Arena *arena, size_t size)
{
    assert(arena);
    assert(size <= SIZE_MAX / 2);

    size = align_up(size ? size : 1);
    if (!arena->next || (size_t)(arena->end - arena->next) < size)
        add_block(arena, size);

    void *memory = arena->next;
    arena->next += size;
    arena->used += size;
    return memory;
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
