/* A job that somebody follows (http/followers.h): its events are progress and, at its end, done. */
#ifndef NERDX_SERVICES_JOBS_FOLLOW_H
#define NERDX_SERVICES_JOBS_FOLLOW_H

#include "base/random.h"
#include "http/followers.h"
#include "stores/queue/queue.h"

typedef struct FollowedJob {
    Queue *queue;
    char job_id[ID_TEXT];
    int64_t attempt; /* that was told last */
    char message[JOB_MESSAGE_MAX + 1];
} FollowedJob;

extern const FollowKind FOLLOWED_JOB;

FollowedJob followed_job(Queue *queue, const JobShown *job);

#endif
