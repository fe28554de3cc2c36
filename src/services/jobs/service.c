#include "base/memory.h"
#include "services/jobs/room.h"

Jobs *jobs_create(const JobsConfig *config)
{
    Jobs *jobs = memory_new(Jobs);

    jobs->config = *config;
    jobs->followers = followers_create(&FOLLOWED_JOB);
    return jobs;
}

void jobs_destroy(Jobs *jobs)
{
    if (jobs == NULL)
        return;
    followers_destroy(jobs->followers);
    memory_free(jobs);
}
