/* The heap for long-lived things. Out of memory ends the program with a message: no caller checks for NULL.
 */
#ifndef NERDX_BASE_MEMORY_H
#define NERDX_BASE_MEMORY_H

#include <stddef.h>

void *memory_alloc(size_t size);                            /* not zeroed */
void *memory_zalloc(size_t size);                           /* zeroed */
void *memory_grow(void *memory, size_t count, size_t size); /* realloc, count * size checked */
char *memory_copy_text(const char *text);                   /* NULL gives NULL */
void memory_free(void *memory);                             /* accepts NULL */

#define memory_new(Type) ((Type *)memory_zalloc(sizeof(Type)))

#endif
