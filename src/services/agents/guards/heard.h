/* What a message says by itself, whatever was said before it; for the files of this folder only. A message is looked at for its own
 * verdict and for those on the next two, so what was heard in it is kept. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_HEARD_H
#define NERDX_SERVICES_AGENTS_GUARDS_HEARD_H

#include "services/agents/guards/rules.h"

void guards_hear(const Guards *guards, Str message, Heard *out);

/* What the signs of the message and of what was said before, at most GUARDS_EARLIER_MAX, say together. */
void guards_weigh_all(const Guards *guards, Str message, Texts earlier, Weighing *out);

/* Rules that may be spread over two messages, and that these touch. */
RuleSet guards_hear_both(const Guards *guards, Str earlier, Str message);

bool guard_rule_touched(const GuardRule *rule, const Looks *looks);

#endif
