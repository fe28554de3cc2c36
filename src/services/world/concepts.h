/* Everyday words that mean about the same here, in both languages, and words of talk that name nothing
 * (content/world/concepts.yaml, where the format is described). concepts_read makes it, then it is only read. */
#ifndef NERDX_SERVICES_WORLD_CONCEPTS_H
#define NERDX_SERVICES_WORLD_CONCEPTS_H

#include "base/err.h"
#include "services/world/analysis.h"

enum { CONCEPTS_MOST = 24 }; /* so many words mean the same at most */

typedef struct Concepts Concepts;

typedef struct Concept {
    const Word *words;
    size_t count;
} Concept;

/* Errors: INVALID says what in the file is wrong and what would be right. */
Err concepts_read(Str yaml, Concepts **out);
void concepts_destroy(Concepts *concepts); /* accepts NULL */

/* The words that mean about the same as the word, which is among them; none when nothing does. Accepts NULL. */
Concept concepts_of(const Concepts *concepts, const Word *word);

/* Does the word say nothing about what is meant, though it may be anywhere: anything, 궁금해요? Accepts NULL. */
bool concepts_is_plain(const Concepts *concepts, const Word *word);

#endif
