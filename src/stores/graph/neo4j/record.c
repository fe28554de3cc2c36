/* graph_record: what many threads want recorded goes into one draft. A caller's batch that can't be recorded goes out of
 * it, and the rest is tried again. */
#include "stores/graph/neo4j/draft.h"
#include "stores/graph/neo4j/neo4j_graph.h"
#include "stores/graph/rules.h"

static size_t count_interactions(const RecordJob *jobs)
{
    size_t count = 0;

    for (const RecordJob *job = jobs; job != NULL; job = job->next)
        count += job->count;
    return count;
}

static void want(const GraphInteraction *in, Str *nodes, Str *events, DraftEnds *ends, DraftWants *wants)
{
    nodes[wants->node_count++] = in->user;
    nodes[wants->node_count++] = in->entity;
    events[wants->event_count++] = in->event_id;
    if (in->once)
        ends[wants->end_count++] = (DraftEnds){in->type, in->user, in->entity};
}

static DraftWants wants_of(Arena *arena, const RecordJob *jobs)
{
    size_t count = count_interactions(jobs);
    Str *nodes = arena_array(arena, Str, 2 * count);
    Str *events = arena_array(arena, Str, count);
    DraftEnds *ends = arena_array(arena, DraftEnds, count);
    DraftWants wants = {.nodes = nodes, .ends = ends, .events = events};

    for (const RecordJob *job = jobs; job != NULL; job = job->next)
        for (size_t i = 0; i < job->count; i++)
            want(&job->interactions[i], nodes, events, ends, &wants);
    return wants;
}

/* The jobs without those whose result is known. */
static bool is_open(const RecordJob *job)
{
    return job->result.code == NO_ERROR;
}

typedef struct Recording {
    Link *link;
    RecordJob *jobs;
    bool again; /* a job's own fault was found: the draft holds a part of it */
} Recording;

static Err check_types(const RecordJob *job)
{
    for (size_t i = 0; i < job->count; i++)
        if (job->interactions[i].type.len == 0 || job->interactions[i].type.data[0] == '_')
            return err_at(err(INVALID,
                              "relationship %.*s: on Neo4j one that begins with a letter would be right",
                              STR_ARG(job->interactions[i].type)),
                          "/%zu", i);
    return OK;
}

static bool is_own_fault(const Err *e)
{
    return e->code == NOT_FOUND || e->code == INVALID;
}

static Err record_job(Draft *draft, RecordJob *job, bool *own_fault)
{
    Err e = check_types(job);

    if (!failed(&e))
        e = rules_record(&draft->rows, job->interactions, job->count, job->new_user_properties,
                         &job->accepted);
    *own_fault = is_own_fault(&e);
    if (*own_fault)
        job->result = e;
    return *own_fault ? OK : e;
}

static Err record_all(void *context)
{
    Recording *recording = context;
    AUTO_ARENA Arena scratch = {0};
    AUTO_DRAFT Draft draft = {0};
    DraftWants wants = wants_of(&scratch, recording->jobs);

    recording->again = false;
    TRY(draft_begin(&draft, recording->link, LINK_RECORD, NULL, &wants));
    for (RecordJob *job = recording->jobs; job != NULL && !recording->again; job = job->next)
        if (is_open(job))
            TRY(record_job(&draft, job, &recording->again));
    return recording->again ? OK : draft_commit(&draft);
}

static bool any_open(const RecordJob *jobs)
{
    for (; jobs != NULL; jobs = jobs->next)
        if (is_open(jobs))
            return true;
    return false;
}

static void do_jobs(void *link, RecordJob *jobs)
{
    Recording recording = {.link = link, .jobs = jobs, .again = true};
    Err e = OK;

    while (recording.again && any_open(jobs) && !failed(&e))
        e = link_retry(record_all, &recording);
    for (RecordJob *job = jobs; job != NULL; job = job->next)
        if (is_open(job))
            job->result = e;
}

Err neo4j_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                 size_t *accepted)
{
    Neo4jGraph *neo4j = (Neo4jGraph *)graph;
    RecordJob job = {interactions, count, new_user_properties, 0, OK, false, NULL};

    TRY(queue_run(&neo4j->queue, &job, do_jobs, neo4j->link));
    *accepted = job.accepted;
    return OK;
}
