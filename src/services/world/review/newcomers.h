/* What entities are called that are proposed and not in the catalogue yet, so that what joins them may name them. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_NEWCOMERS_H
#define NERDX_SERVICES_WORLD_REVIEW_NEWCOMERS_H

#include "services/world/ingest/fact.h"

typedef struct Newcomer {
    Str name;
    Str id;
} Newcomer;

typedef struct Newcomers {
    Arena *arena; /* owns the texts */
    Newcomer *items;
    size_t count;
    size_t room;
} Newcomers;

/* Its name or title, in both languages, and its aliases. The fact is a node with an id. */
void newcomers_add(Newcomers *newcomers, const Fact *node);

/* The id of the only one that is called so, Latin letters large or small; absent when there is none, or several. */
Str newcomers_find(const Newcomers *newcomers, Str name);

#endif
