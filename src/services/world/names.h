/* What entities are called. Finds names in a question, written together or apart (이천쌀, 이천 쌀), and the
 * names' words that a misspelt word probably means (one edit away, by letters or jamo).
 * names_create, names_add for every name, then names_find and names_correct from any number of threads.
 * Slips are found through deletions: W. Garbe, "Symmetric Delete" spelling correction (2012). */
#ifndef NERDX_SERVICES_WORLD_NAMES_H
#define NERDX_SERVICES_WORLD_NAMES_H

#include "services/world/analysis.h"

enum { NAME_MAX_WORDS = 6 };

typedef struct Names Names;

/* Words [first, first + count) of the question are the name of an entity. */
typedef struct NameMatch {
    size_t first;
    size_t count;
    const uint32_t *entities;
    size_t entity_count;
} NameMatch;

Names *names_create(void);
void names_destroy(Names *names); /* accepts NULL */

/* An entity may be added under many names, entities ascending. */
void names_add(Names *names, uint32_t entity, Words words);

/* The longest names first come, first served, from left to right; they don't overlap. */
size_t names_find(const Names *names, Arena *arena, Words question, NameMatch **out);

/* The term of the name word that is one slip away from the word; absent when there is none. */
Str names_correct(const Names *names, Arena *arena, const Word *word);

#endif
