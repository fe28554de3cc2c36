/* Why something is recommended, as a sentence (content/world/reasons.yaml). */
#ifndef NERDX_SERVICES_WORLD_REASONS_H
#define NERDX_SERVICES_WORLD_REASONS_H

#include "services/world/advice.h"

typedef struct Reasons Reasons;

/* Errors: INVALID names a sentence that is missing. */
Err reasons_read(Str yaml, Reasons **out);
void reasons_destroy(Reasons *reasons); /* accepts NULL */

/* The sentence. Names are those of the catalogue; what it doesn't know is called by its id. */
Str reasons_tell(const Reasons *reasons, Arena *arena, const Advice *advice, const Catalogue *catalogue,
                 Tongue tongue);

#endif
