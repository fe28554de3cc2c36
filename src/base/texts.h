/* A list of texts that somebody else owns. */
#ifndef NERDX_BASE_TEXTS_H
#define NERDX_BASE_TEXTS_H

#include "base/str.h"

typedef struct Texts {
    const Str *items;
    size_t count;
} Texts;

#endif
