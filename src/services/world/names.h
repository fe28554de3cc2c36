/* What entities are called. Finds names in a question, written together or apart (이천쌀, 이천 쌀), and the
 * names' words that a misspelt word probably means (one edit away, by letters or jamo).
 * names_create, names_add for every name (or names_merge), names_seal; then names_find and names_correct from any
 * number of threads, over several of them at once, as if they were one without those that are dead.
 * Slips are found through deletions: W. Garbe, "Symmetric Delete" spelling correction (2012). */
#ifndef NERDX_SERVICES_WORLD_NAMES_H
#define NERDX_SERVICES_WORLD_NAMES_H

#include "services/world/analysis.h"

enum { NAME_MAX_WORDS = 6 };

typedef struct Names Names;

/* Names of entities that are numbered from `first` on. */
typedef struct NamesPart {
    const Names *names;
    const uint64_t *dead; /* dead.h */
    uint32_t first;
} NamesPart;

typedef struct NamesParts {
    const NamesPart *items;
    size_t count;
} NamesParts;

/* Words [first, first + count) of the question are the name of an entity. */
typedef struct NameMatch {
    size_t first;
    size_t count;
    const uint32_t *entities; /* never empty */
    size_t entity_count;
} NameMatch;

Names *names_create(void);
void names_destroy(Names *names); /* accepts NULL */

/* An entity may be added under many names, entities ascending. */
void names_add(Names *names, uint32_t entity, Words words);

/* Adds the names of sealed ones for the entities' new numbers (INDEX_GONE: not taken over). */
void names_merge(Names *names, const Names *other, const uint32_t *became);
void names_seal(Names *names);

/* The longest names first come, first served, from left to right; they don't overlap. */
size_t names_find(NamesParts parts, Arena *arena, Words question, NameMatch **out);

/* The term of the name word that sounds like the Latin word (sound.h); absent when there is none. */
Str names_sounding(NamesParts parts, Arena *arena, const Word *word);

/* The term of the name word that is one slip away from the word; absent when there is none. */
Str names_correct(NamesParts parts, Arena *arena, const Word *word);

#endif
