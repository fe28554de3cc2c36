/* What one run may spend: time, tokens of a language model, calls of tools. Whoever spends asks first. */
#ifndef NERDX_SERVICES_AGENTS_CORE_BUDGET_H
#define NERDX_SERVICES_AGENTS_CORE_BUDGET_H

#include "base/clock.h"
#include "base/err.h"

typedef struct AgentBudget {
    int64_t deadline_us; /* monotonic; 0 = none */
    int64_t tokens;      /* that are left */
    int64_t calls;
} AgentBudget;

/* Errors: TIMED_OUT: whoever asked doesn't wait any more. */
Err agent_budget_time(const AgentBudget *budget, const Clock *clock);

/* Takes what was, or is about to be, spent. Errors: LIMITED when there isn't so much left; then what is left is 0. */
Err agent_budget_tokens(AgentBudget *budget, int64_t tokens);
Err agent_budget_call(AgentBudget *budget);

#endif
