/* POST learn, the part that is facts. */
#ifndef NERDX_SERVICES_WORLD_TEACH_H
#define NERDX_SERVICES_WORLD_TEACH_H

#include "services/world/world.h"

/* Takes what is right of the request's facts, in one transaction, with a verdict for each. Errors: those of the graph. */
Err teach_facts(Call *call, const LearnInput *in, LearnResult *out);

#endif
