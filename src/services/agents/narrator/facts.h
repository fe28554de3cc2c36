/* Entities of the world model as the narrator takes them: one language, names of neighbours included. */
#ifndef NERDX_SERVICES_AGENTS_FACTS_H
#define NERDX_SERVICES_AGENTS_FACTS_H

#include "api/world.h"
#include "services/agents/narrator/book.h"

typedef struct FactReader {
    const WorldClient *world;
    const Voice *voice;
    FactBook *book; /* of the world's version now */
    Call *call;
    Tongue tongue;
} FactReader;

/* Everything about an entity, as it is in the book; *out is NULL when there is no such entity, or the id is empty. aliases (in both
 * languages; may be NULL) are for telling whether a message names it. Errors: those of the world. */
Err fact_find(const FactReader *reader, Str id, const Fact **out, Texts *aliases);

/* Only its names and texts, without neighbours. aliases may be NULL. Errors: NOT_FOUND, and those of the world. */
Err fact_read_brief(const FactReader *reader, Str id, Fact *out, Texts *aliases);

/* The same as a page, with the names made ready to be looked for. */
Err fact_read_names(const FactReader *reader, Str id, const FactPage **out);

#endif
