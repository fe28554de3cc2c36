#include "services/agents/outcomes.h"

enum { ROW_TURNS, ROW_WITHHELD, ROW_COUNT };

static const char *const NAMES[CHAT_REPLY_OUTCOME_COUNT] = {
    [CHAT_REPLY_OUTCOME_ANSWER] = "answer",
    [CHAT_REPLY_OUTCOME_HANDOFF] = "handoff",
    [CHAT_REPLY_OUTCOME_CARE] = "care",
    [CHAT_REPLY_OUTCOME_MINOR] = "minor",
    [CHAT_REPLY_OUTCOME_MEDICAL] = "medical",
    [CHAT_REPLY_OUTCOME_EXCESS] = "excess",
    [CHAT_REPLY_OUTCOME_COMPETITOR] = "competitor",
    [CHAT_REPLY_OUTCOME_INJECTION] = "injection",
    [CHAT_REPLY_OUTCOME_ABSTAIN] = "abstain",
    [CHAT_REPLY_OUTCOME_WAITING] = "waiting",
};

static const Metric ROWS[ROW_COUNT] = {
    [ROW_TURNS] = {METRIC_COUNTER, "nerdx_agents_turns_total", "Turns that were kept, by their outcome.",
                   .labels = {{"outcome", NAMES, CHAT_REPLY_OUTCOME_COUNT}}},
    [ROW_WITHHELD] = {METRIC_COUNTER, "nerdx_agents_narrator_withheld_total",
                      "Sentences of the narrator that weren't sent, as they rest on no fact."},
};

Metrics *outcomes_create(void)
{
    return metrics_create(ROWS, ROW_COUNT);
}

void outcomes_count(Metrics *outcomes, ChatReplyOutcome outcome)
{
    metrics_add(outcomes, ROW_TURNS, metrics_series(outcomes, ROW_TURNS, outcome, 0), 1);
}

void outcomes_count_withheld(Metrics *outcomes)
{
    metrics_add(outcomes, ROW_WITHHELD, metrics_series(outcomes, ROW_WITHHELD, 0, 0), 1);
}
