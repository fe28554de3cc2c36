/* The heap for long-lived things. Out of memory ends the program with a message: no caller checks for NULL.
 */
#ifndef NERDX_BASE_MEMORY_H
#define NERDX_BASE_MEMORY_H

#include <stddef.h>

/* Before there are threads: how many heaps they may have between them. By default glibc makes eight a core, and what falls free in
 * one is of no use to the others: a program of a hundred threads grows for hours until each has had its largest moment. */
void memory_share_heaps(void);

void *memory_alloc(size_t size);                            /* not zeroed */
void *memory_zalloc(size_t size);                           /* zeroed */
void *memory_grow(void *memory, size_t count, size_t size); /* realloc, count * size checked */
char *memory_copy_text(const char *text);                   /* NULL gives NULL */
void memory_free(void *memory);                             /* accepts NULL */

#define memory_new(Type) ((Type *)memory_zalloc(sizeof(Type)))

#endif
