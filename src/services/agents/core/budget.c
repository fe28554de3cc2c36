#include "services/agents/core/budget.h"

Err agent_budget_time(const AgentBudget *budget, const Clock *clock)
{
    if (budget->deadline_us == 0 || clock_monotonic_us(clock) < budget->deadline_us)
        return OK;
    return err(TIMED_OUT, "the answer took too long and wasn't kept; send the message again");
}

static Err take(int64_t *left, int64_t amount, const char *of_what)
{
    if (amount <= *left) {
        *left -= amount;
        return OK;
    }
    *left = 0;
    return err(LIMITED, "this answer has used up its %s", of_what);
}

Err agent_budget_tokens(AgentBudget *budget, int64_t tokens)
{
    return take(&budget->tokens, tokens, "tokens");
}

Err agent_budget_call(AgentBudget *budget)
{
    return take(&budget->calls, 1, "calls of tools");
}
