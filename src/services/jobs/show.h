/* Jobs as the contract has them. */
#ifndef NERDX_SERVICES_JOBS_SHOW_H
#define NERDX_SERVICES_JOBS_SHOW_H

#include "api/jobs.h"
#include "stores/queue/queue.h"

JobItem show_job(Arena *arena, const Queue *queue, const JobShown *job); /* without its content */
const JobContent *show_content(Arena *arena, const JobShown *job);
JobProgress show_progress(const JobShown *job);
JobState show_state(Str state);
bool has_ended(JobState state);

#endif
