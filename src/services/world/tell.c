#include "services/world/tell.h"

#include "api/events.h"
#include "base/log.h"
#include "base/memory.h"
#include "services/world/review/proposals.h"

enum { DRAIN_MS = 5000 };

struct Teller {
    Graph *graph;
    Sql *sql;
    Queue *queue;
    Worker *worker; /* NULL: others do its jobs */
};

/* ---- what happened, in the contract's words */

static Err write_entity(Arena *arena, const GraphHappening *from, EventNew *out)
{
    const EntityChanged data = {
        .entity_id = from->key,
        .state = from->what == HAPPENED_CHANGED ? ENTITY_CHANGED_STATE_PRESENT : ENTITY_CHANGED_STATE_GONE,
        .version = from->version,
    };

    return entity_changed_event(arena, data.entity_id, &data, out);
}

static Err write_filled(Arena *arena, const GraphHappening *from, EventNew *out)
{
    const WorldFilled data = {.entities = from->nodes, .version = from->version};

    return world_filled_event(arena, STR("world"), &data, out);
}

static Err write_learned(Arena *arena, const GraphHappening *from, EventNew *out)
{
    const InteractionLearned data = {.user_id = from->key, .learned_id = from->event_id};

    return interaction_learned_event(arena, data.user_id, &data, out);
}

static Err (*const WRITE[])(Arena *arena, const GraphHappening *from, EventNew *out) = {
    [HAPPENED_CHANGED] = write_entity,
    [HAPPENED_GONE] = write_entity,
    [HAPPENED_FILLED] = write_filled,
    [HAPPENED_RECORDED] = write_learned,
};

/* One that can't be told, as its key is no id of the contract (a graph that others filled), holds up nobody. */
static bool write_event(Arena *arena, const GraphHappening *from, EventTold *out)
{
    bool is_known = (size_t)from->what < sizeof WRITE / sizeof *WRITE && WRITE[from->what] != NULL;

    *out = (EventTold){.event_id = from->id, .number = from->number, .traceparent = from->traceparent};
    Err e = is_known && from->key.len <= EVENT_SUBJECT_MAX ? WRITE[from->what](arena, from, &out->event)
                                                           : err(INVALID, "no event has such a subject");
    if (failed(&e))
        log_warn("what happened to an entity isn't told", log_text("entity", from->key), log_err(&e));
    return !failed(&e);
}

static Err list(void *context, Arena *arena, size_t most, EventTold **out, size_t *count, int64_t *last)
{
    const Teller *teller = context;
    GraphHappening *happenings;
    size_t listed;

    TRY(graph_list_outbox(teller->graph, arena, most, &happenings, &listed));
    *out = arena_array(arena, EventTold, listed);
    *count = 0;
    *last = listed > 0 ? happenings[listed - 1].number : 0;
    for (size_t i = 0; i < listed; i++)
        *count += write_event(arena, &happenings[i], &(*out)[*count]);
    return OK;
}

static Err drop(void *context, int64_t number)
{
    const Teller *teller = context;

    return graph_drop_outbox(teller->graph, number);
}

/* ---- */

/* No kinds of its own: only what it tells goes through it. */
JobTable teller_jobs(void)
{
    return (JobTable){.service = "world"};
}

static Err open_all(Teller *teller, const char *store, const Clock *clock)
{
    TRY(sql_open(store, proposals_tables(), &teller->sql));
    TRY(queue_open(&(QueueConfig){teller_jobs(), teller->sql, clock, NULL}, &teller->queue));
    queue_take_from(teller->queue, &(EventSource){list, drop, teller});
    return OK;
}

Err teller_create(const char *store, Graph *graph, const Clock *clock, Teller **out)
{
    Teller *teller = memory_new(Teller);

    teller->graph = graph;
    Err e = open_all(teller, store, clock);
    *out = failed(&e) ? NULL : teller;
    if (failed(&e))
        teller_destroy(teller);
    return e;
}

void teller_destroy(Teller *teller)
{
    if (teller == NULL)
        return;
    teller_stop_jobs(teller);
    queue_close(teller->queue);
    sql_close(teller->sql);
    memory_free(teller);
}

void teller_note(Teller *teller)
{
    if (teller != NULL)
        queue_note_told(teller->queue);
}

Queue *teller_queue(const Teller *teller)
{
    return teller->queue;
}

void teller_start_jobs(Teller *teller, size_t threads)
{
    if (threads > 0)
        teller->worker = worker_start(teller->queue, threads);
}

void teller_stop_jobs(Teller *teller)
{
    (void)worker_stop(teller->worker, DRAIN_MS);
    teller->worker = NULL;
}
