#include "base/memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAPS_A_CORE = 2 }; /* measured: one costs a twentieth of the turns a second, two nothing */

void memory_share_heaps(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    (void)mallopt(M_ARENA_MAX, cores > 0 ? HEAPS_A_CORE * (int)cores : HEAPS_A_CORE);
}

static void *or_die(void *memory, size_t size)
{
    if (!memory) {
        (void)fprintf(stderr, "nerdx: out of memory (asked for %zu bytes)\n", size);
        abort();
    }
    return memory;
}

void *memory_alloc(size_t size)
{
    return or_die(malloc(size ? size : 1), size);
}

void *memory_zalloc(size_t size)
{
    return or_die(calloc(1, size ? size : 1), size);
}

void *memory_grow(void *memory, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        return or_die(NULL, SIZE_MAX);
    return or_die(realloc(memory, total ? total : 1), total);
}

char *memory_copy_text(const char *text)
{
    return text ? strcpy(memory_alloc(strlen(text) + 1), text) : NULL; /* NOLINT: the size is strlen + 1 */
}

void memory_free(void *memory)
{
    free(memory);
}
