#include "stores/graph/neo4j/queue.h"

#include "base/thread.h"

void queue_init(RecordQueue *queue)
{
    *queue = (RecordQueue){.last = NULL};
    queue->last = &queue->first;
    (void)pthread_mutex_init(&queue->lock, NULL);
    (void)pthread_cond_init(&queue->changed, NULL);
}

void queue_finish(RecordQueue *queue)
{
    (void)pthread_cond_destroy(&queue->changed);
    (void)pthread_mutex_destroy(&queue->lock);
}

static void append(RecordQueue *queue, RecordJob *job)
{
    job->done = false;
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
}

/* The first of those that wait, as many as fit into one transaction. */
static RecordJob *take(RecordQueue *queue)
{
    RecordJob *jobs = queue->first;
    RecordJob *end = jobs;
    size_t count = jobs->count;

    while (end->next != NULL && count + end->next->count <= QUEUE_MAX_INTERACTIONS) {
        end = end->next;
        count += end->count;
    }
    queue->first = end->next;
    end->next = NULL;
    if (queue->first == NULL)
        queue->last = &queue->first;
    return jobs;
}

/* A job that is done belongs to its caller again, who may be gone at once: next is read first. */
static void tell(RecordJob *jobs)
{
    while (jobs != NULL) {
        RecordJob *next = jobs->next;

        jobs->done = true;
        jobs = next;
    }
}

static void do_some(RecordQueue *queue, QueueFn work, void *context)
{
    RecordJob *jobs = take(queue);

    queue->busy = true;
    mutex_unlock(&queue->lock);
    work(context, jobs);
    (void)mutex_lock(&queue->lock);
    queue->busy = false;
    tell(jobs);
    (void)pthread_cond_broadcast(&queue->changed);
}

Err queue_run(RecordQueue *queue, RecordJob *job, QueueFn work, void *context)
{
    MUTEX_HOLD(&queue->lock);

    append(queue, job);
    while (!job->done) {
        if (queue->busy)
            (void)pthread_cond_wait(&queue->changed, &queue->lock);
        else
            do_some(queue, work, context);
    }
    return job->result;
}
