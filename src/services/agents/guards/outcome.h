/* An outcome of the contract by its name, as the files of rules and of weights have it. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_OUTCOME_H
#define NERDX_SERVICES_AGENTS_GUARDS_OUTCOME_H

#include "api/agents.h"
#include "base/err.h"

/* Errors: INVALID naming the path and the text that is no outcome. */
Err guard_outcome_from(Str text, const char *path, ChatReplyOutcome *out);

#endif
