/* How many turns ended with which outcome, and what the narrator withheld, for /metrics. */
#ifndef NERDX_SERVICES_AGENTS_OUTCOMES_H
#define NERDX_SERVICES_AGENTS_OUTCOMES_H

#include "api/agents.h"
#include "base/metrics.h"

Metrics *outcomes_create(void); /* metrics_destroy */
void outcomes_count(Metrics *outcomes, ChatReplyOutcome outcome);
void outcomes_count_withheld(Metrics *outcomes); /* a sentence of the narrator that rests on no fact */

#endif
