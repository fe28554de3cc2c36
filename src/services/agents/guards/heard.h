/* What a message says by itself, whatever was said before it; for the files of this folder only. A message is looked at for its own
 * verdict and for those on the next two, so what was heard in it is kept. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_HEARD_H
#define NERDX_SERVICES_AGENTS_GUARDS_HEARD_H

#include "services/agents/guards/rules.h"

void guards_hear(const Guards *guards, Str message, Heard *out);

/* Rules that may be spread over two messages, and that these touch. */
RuleSet guards_hear_both(const Guards *guards, Str earlier, Str message);

bool guard_rule_touched(const GuardRule *rule, const Looks *looks);

#endif
