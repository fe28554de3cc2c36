/* What the room consists of. */
#ifndef NERDX_SERVICES_JOBS_ROOM_H
#define NERDX_SERVICES_JOBS_ROOM_H

#include "services/jobs/jobs.h"
#include "services/jobs/follow.h"

struct Jobs {
    JobsConfig config;
    Followers *followers;
};

#endif
