/* Threads that do a queue's jobs: one keeps the books (desk.h), the others run. As many jobs are held as the threads can begin
 * soon: one each where they are long, more where a turn of the books sees many end. */
#ifndef NERDX_STORES_QUEUE_WORKER_H
#define NERDX_STORES_QUEUE_WORKER_H

#include "base/metrics.h"
#include "stores/queue/queue.h"

typedef struct Worker Worker;

enum {
    WORKER_MOST_THREADS = 256,
    WORKER_POLL_MS = 500 /* how late it hears of what another process added */
};

/* The queue must outlive it. */
Worker *worker_start(Queue *queue, size_t threads);

/* Takes nothing more, puts back what hasn't begun, waits for what runs, and after drain_ms asks it to stop; what even then doesn't
 * is left to whoever finds its lease over. False: something was left. Accepts NULL. */
bool worker_stop(Worker *worker, int drain_ms);

#endif
