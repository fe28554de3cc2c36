/* The operations of api/jobs.yaml. */
#include <stdlib.h>

#include "base/time.h"
#include "services/jobs/room.h"
#include "services/jobs/show.h"

/* ---- lists */

/* The names of those that have jobs here. */
static Str list_services(const JobsConfig *config, Arena *arena)
{
    Buf out = {.arena = arena};

    for (size_t i = 0; i < config->count; i++)
        buf_format(&out, "%s%s", i > 0 ? ", " : "", queue_service(config->queues[i]));
    return buf_str(&out);
}

static bool is_wanted(const Queue *queue, Str service)
{
    return service.data == NULL || str_equal(service, str_from(queue_service(queue)));
}

/* Of each queue as many as the page has room for, and one: to know whether there is another page. */
static Err gather(const JobsConfig *config, Arena *arena, const JobsListInput *in, JobItem *items,
                  size_t *count)
{
    JobFilter filter = {
        .state = in->has_state ? JOB_STATE_TEXT[in->state] : (Str){NULL, 0},
        .kind = in->kind,
        .before_id = in->before,
        .most = (int)in->limit + 1,
    };

    *count = 0;
    for (size_t i = 0; i < config->count; i++) {
        JobShown *found;
        size_t found_count;
        if (!is_wanted(config->queues[i], in->service))
            continue;
        TRY(queue_list(config->queues[i], arena, &filter, &found, &found_count));
        for (size_t j = 0; j < found_count; j++)
            items[(*count)++] = show_job(arena, config->queues[i], &found[j]);
    }
    return OK;
}

/* An id sorts by when the job was added. */
static int newest_first(const void *a, const void *b)
{
    return str_compare(((const JobItem *)b)->job_id, ((const JobItem *)a)->job_id);
}

static Err check_service(const JobsConfig *config, Arena *arena, Str service)
{
    for (size_t i = 0; i < config->count; i++)
        if (is_wanted(config->queues[i], service))
            return OK;
    return err_at(err(UNPROCESSABLE, "service: this process has no jobs of \"%.*s\"; it has those of %.*s",
                      STR_ARG(service), STR_ARG(list_services(config, arena))),
                  "/service");
}

Err jobs_list(Call *call, const JobsListInput *in, JobPage *out)
{
    const Jobs *jobs = call->service;
    size_t limit = (size_t)in->limit, count;
    JobItem *items = arena_array(call->arena, JobItem, jobs->config.count * (limit + 1) + 1);

    TRY(check_service(&jobs->config, call->arena, in->service));
    TRY(gather(&jobs->config, call->arena, in, items, &count));
    qsort(items, count, sizeof *items, newest_first);
    out->items.items = items;
    out->items.count = count < limit ? count : limit;
    if (count > limit)
        out->next_before = items[limit - 1].job_id;
    return OK;
}

static void put_counts(Arena *arena, const Queue *queue, const JobCount *counts, size_t count, JobCounts *out)
{
    for (size_t i = 0; i < count; i++)
        out->items.items[out->items.count++] = (JobCountItem){
            .service = str_from(queue_service(queue)),
            .state = show_state(counts[i].state),
            .jobs = counts[i].jobs,
            .oldest_due = time_format(arena, counts[i].oldest_us),
        };
}

Err jobs_count(Call *call, JobCounts *out)
{
    const Jobs *jobs = call->service;

    out->items.items = arena_array(call->arena, JobCountItem, jobs->config.count * JOB_STATE_COUNT + 1);
    out->items.count = 0;
    for (size_t i = 0; i < jobs->config.count; i++) {
        Queue *queue = jobs->config.queues[i];
        JobCount *counts;
        size_t count;
        TRY(queue_count(queue, call->arena, &counts, &count));
        put_counts(call->arena, queue, counts, count, out);
    }
    return OK;
}

/* ---- one */

typedef struct Found {
    Queue *queue;
    JobShown job;
} Found;

/* Whose it is nobody needs to know: ids are unique over all services. */
static Err find(const Call *call, Str id, Found *out)
{
    const Jobs *jobs = call->service;
    Err e = err(NOT_FOUND, "this process has no jobs of any service");

    *out = (Found){0};
    for (size_t i = 0; i < jobs->config.count; i++) {
        out->queue = jobs->config.queues[i];
        e = queue_get(out->queue, call->arena, id, &out->job);
        if (e.code != NOT_FOUND)
            return e;
    }
    return e;
}

Err jobs_get(Call *call, const JobsGetInput *in, JobItem *out)
{
    Found found;

    TRY(find(call, in->job_id, &found));
    *out = show_job(call->arena, found.queue, &found.job);
    if (in->content != 0)
        out->content = show_content(call->arena, &found.job);
    return OK;
}

static Err steer(Call *call, Str id, Err (*act)(Queue *queue, Arena *arena, Str job_id, JobShown *out),
                 JobItem *out)
{
    Found found;

    TRY(find(call, id, &found));
    TRY(act(found.queue, call->arena, id, &found.job));
    *out = show_job(call->arena, found.queue, &found.job);
    return OK;
}

Err jobs_retry(Call *call, const JobsRetryInput *in, JobItem *out)
{
    return steer(call, in->job_id, queue_retry, out);
}

Err jobs_cancel(Call *call, const JobsCancelInput *in, JobItem *out)
{
    return steer(call, in->job_id, queue_cancel, out);
}

/* Whoever comes back is told how it is now, too, whichever node's events they had before. */
Err jobs_follow(Call *call, const JobsFollowInput *in)
{
    const Jobs *jobs = call->service;
    EventLog *log;
    Found found;

    TRY(find(call, in->job_id, &found));
    FollowedJob followed = followed_job(found.queue, &found.job);
    TRY(followers_add(jobs->followers, call->arena, &followed, sizeof followed, &log));
    call->last_event_id = 0;
    call_stream(call, log);
    event_log_release(log);
    return OK;
}
