/* The torture contract's types by name, for tests that take any of them. */
#ifndef NERDX_TESTS_APIGEN_TYPES_H
#define NERDX_TESTS_APIGEN_TYPES_H

#include "http/contract/shape.h"

typedef struct NamedShape {
    const char *name;
    const Shape *shape;
} NamedShape;

extern const NamedShape TYPES[];
extern const size_t TYPE_COUNT;

const Shape *type_find(Str name); /* NULL when there is none */

/* Reads JSON text as a type, into zeroed memory of the arena. */
Err type_read(const Shape *shape, Arena *arena, Str text, void **out);
Str type_write(const Shape *shape, Arena *arena, const void *value);

#endif
