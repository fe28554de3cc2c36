/* What a worker tells of its runs to who counts (queue_metrics_create). Nothing happens where nobody does. */
#ifndef NERDX_STORES_QUEUE_METRICS_H
#define NERDX_STORES_QUEUE_METRICS_H

#include "stores/queue/queue.h"

void metrics_note_begun(const JobRun *run);
void metrics_note_ended(const JobRun *run);

#endif
