#include "base/memory.h"
#include "services/jobs/room.h"

Jobs *jobs_create(const JobsConfig *config)
{
    Jobs *jobs = memory_new(Jobs);

    jobs->config = *config;
    jobs->watch = watch_create();
    return jobs;
}

void jobs_destroy(Jobs *jobs)
{
    if (jobs == NULL)
        return;
    watch_destroy(jobs->watch);
    memory_free(jobs);
}
