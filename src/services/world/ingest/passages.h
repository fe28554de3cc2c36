/* Prose cut into passages of a size that can be cited, and what each of them mentions. */
#ifndef NERDX_SERVICES_WORLD_INGEST_PASSAGES_H
#define NERDX_SERVICES_WORLD_INGEST_PASSAGES_H

#include "services/world/catalogue.h"

enum { PASSAGE_MAX_BYTES = 3000 /* about 1,000 syllables of Korean or 500 words of English */ };

typedef struct Passage {
    Str heading; /* the nearest above it; absent when there is none */
    Str text;    /* paragraphs, a slice of the body */
} Passage;

/* Paragraphs under one heading stay together until they are too long; one that is too long alone is cut between words. */
size_t passages_of(Arena *arena, Str body, Passage **out);

/* In code points of the passage's text. */
typedef struct MentionPlace {
    size_t offset;
    size_t length;
} MentionPlace;

typedef struct Mention {
    const CatalogueEntity *entity;
    MentionPlace *places;
    size_t place_count;
} Mention;

/* The entities whose names stand in the text, each once, by the first place. Names of several entities name none. */
size_t passage_mentions(Arena *arena, const Catalogue *catalogue, const Passage *passage, Mention **out);

#endif
