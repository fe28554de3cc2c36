#include "services/agents/guards/outcome.h"

Err guard_outcome_from(Str text, const char *path, ChatReplyOutcome *out)
{
    for (size_t i = 0; i < CHAT_REPLY_OUTCOME_COUNT; i++)
        if (str_equal(text, CHAT_REPLY_OUTCOME_TEXT[i])) {
            *out = (ChatReplyOutcome)i;
            return OK;
        }
    return err(INVALID, "%s: \"%.*s\" is no outcome of the contract", path, STR_ARG(text));
}
