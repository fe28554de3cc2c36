/* One job while it runs: what its function sees of it, and what its worker does. */
#ifndef NERDX_STORES_QUEUE_RUN_H
#define NERDX_STORES_QUEUE_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "stores/queue/desk.h"

typedef enum JobStop { JOB_GOES_ON, JOB_CANCELLED, JOB_LATE, JOB_LOST } JobStop;

struct JobRun {
    Queue *queue;
    const JobKind *kind;
    JobHold hold; /* texts in the arena */
    Arena arena;
    _Atomic int stop;     /* JobStop */
    int64_t begun_us;     /* monotonic; the worker's lock guards it */
    int64_t put_back_us;  /* not 0: wasn't begun, or isn't to be yet, and is due then */
    pthread_mutex_t lock; /* guards what is told */
    int percent;
    char message[JOB_MESSAGE_MAX + 1];
    bool is_told; /* something new to write */
    Json given;
    Err result;
    JobRun *next;
};

/* The hold's texts are copied. kind may be NULL: nobody here knows it. */
JobRun *run_create(Queue *queue, const JobHold *hold);
void run_destroy(JobRun *run);

/* What it last told, copied into the arena; whether that is news. */
bool run_heard(JobRun *run, Arena *arena, JobKeep *out);

JobEnd run_end(const JobRun *run);

/* Its work, in a span of its own below that of whoever added it. Held for a while, it may be cancelled or somebody else's by now: then it doesn't
 * begin. */
void run_work(JobRun *run);

#endif
