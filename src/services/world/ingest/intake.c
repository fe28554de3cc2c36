#include "services/world/ingest/intake.h"

#include "base/memory.h"
#include "base/thread.h"
#include "services/world/ingest/differences.h"
#include "services/world/ingest/spool.h"
#include "services/world/ingest/writer.h"
#include "services/world/room.h"

/* Ids whose label the checker remembers. A rehearsal keeps nothing in the graph, so it must remember them all. */
enum { MAX_REMEMBERED = 200000 };

struct Intake {
    World *world;
    const IngestConfig *config;
    int64_t now_us;
    size_t batch; /* facts of a kind that are written at once */
    Catalogue *catalogue;
    Checker *checker;
    Writer *writer;
    Spool spool;
    bool is_last;         /* the spool is being emptied: what isn't there now won't come */
    int64_t bytes_before; /* of the files that are done */
    Arena text;           /* of the origins */
    pthread_mutex_t lock; /* guards what follows: both threads add to it */
    Rejects *rejects;
    IngestReport report;
    Err failure; /* of the rejects, the spool or the differences */
};

static bool is_rehearsal(const Intake *intake)
{
    return intake->config->differences != NULL;
}

static void note_failure(Intake *intake, Err e)
{
    MUTEX_HOLD(&intake->lock);

    if (failed(&e) && !failed(&intake->failure))
        intake->failure = e;
}

static void reject(Intake *intake, Str origin, int64_t line, const Err *why, Str text)
{
    MUTEX_HOLD(&intake->lock);
    Err e = rejects_add(intake->rejects, origin, line, why, text);

    if (failed(&e) && !failed(&intake->failure))
        intake->failure = e;
}

static void reject_fact(Intake *intake, Str origin, int64_t line, const Err *why, const Fact *fact)
{
    AUTO_ARENA Arena scratch = {0};
    Buf text = {.arena = &scratch};

    arena_init(&scratch);
    fact_to_json(&text, fact);
    reject(intake, origin, line, why, buf_str(&text));
}

/* ---- after a batch was written */

static void count_verdict(IngestReport *report, GraphVerdict verdict)
{
    int64_t *counts[] = {
        [GRAPH_ADDED] = &report->added, [GRAPH_CHANGED] = &report->changed, [GRAPH_SAME] = &report->same};

    if (verdict != GRAPH_NO_END)
        (*counts[verdict])++;
}

static void count_batch(Intake *intake, const Batch *batch)
{
    MUTEX_HOLD(&intake->lock);

    for (size_t i = 0; i < batch->node_count; i++)
        count_verdict(&intake->report, batch->node_verdicts[i]);
    for (size_t i = 0; i < batch->relationship_count; i++)
        count_verdict(&intake->report, batch->relationship_verdicts[i]);
    intake->report.bytes = batch->bytes;
    intake->report.rejected = intake->rejects->count;
}

/* One of its ends isn't in the graph (yet). In a rehearsal the checker knows better: it has seen both go by. */
static void without_end(Intake *intake, Batch *batch, size_t at)
{
    const GraphRelationship *relationship = &batch->relationships[at];
    Fact fact = {.relationship = *relationship};
    Err e = err_at(err(NOT_FOUND, "one of its ends doesn't exist: %.*s, %.*s", STR_ARG(relationship->from),
                       STR_ARG(relationship->to)),
                   "/from");

    if (intake->is_last && is_rehearsal(intake))
        batch->relationship_verdicts[at] = GRAPH_ADDED;
    else if (intake->is_last)
        reject_fact(intake, batch->origin, relationship->line, &e, &fact);
    else
        note_failure(intake, spool_add(&intake->spool, batch->origin, relationship->line, &fact));
}

static void after_writing(void *context, Batch *batch)
{
    Intake *intake = context;

    for (size_t i = 0; i < batch->relationship_count; i++)
        if (batch->relationship_verdicts[i] == GRAPH_NO_END)
            without_end(intake, batch, i);
    count_batch(intake, batch);
    if (is_rehearsal(intake))
        note_failure(intake, differences_print(intake->world->graph, batch, intake->config->differences));
    if (intake->config->on_progress != NULL)
        intake->config->on_progress(intake->config->context, &intake->report);
}

/* ---- taking */

Intake *intake_create(World *world, const IngestConfig *config, Rejects *rejects, int64_t bytes)
{
    Intake *intake = memory_new(Intake);
    int64_t now_us = clock_wall_us(world->clock);
    WriterConfig writing = {
        .graph = world->graph,
        .rehearse = config->differences != NULL,
        .now_us = now_us,
        .capacity = 2 * graph_batch(world->graph), /* facts, and users that are made for them */
        .written = after_writing,
        .context = intake,
    };

    intake->world = world;
    intake->now_us = now_us;
    intake->batch = graph_batch(world->graph);
    intake->config = config;
    intake->report.bytes_in_all = bytes;
    intake->rejects = rejects;
    arena_init(&intake->text);
    pthread_mutex_init(&intake->lock, NULL);
    spool_init(&intake->spool);
    intake->catalogue = shelf_take(&world->shelf);
    intake->checker = checker_create(world->graph, world->schema, intake->catalogue, now_us,
                                     is_rehearsal(intake) ? SIZE_MAX : MAX_REMEMBERED);
    intake->writer = writer_create(&writing);
    return intake;
}

void intake_destroy(Intake *intake)
{
    if (intake == NULL)
        return;
    writer_destroy(intake->writer);
    checker_destroy(intake->checker);
    catalogue_release(&intake->catalogue);
    spool_finish(&intake->spool);
    pthread_mutex_destroy(&intake->lock);
    arena_finish(&intake->text);
    memory_free(intake);
}

static void set_origin(Intake *intake, Str origin)
{
    writer_batch(intake->writer)->origin = str_copy(&intake->text, origin);
}

void intake_begin(Intake *intake, Str origin, int64_t moment_us)
{
    checker_set_moment(intake->checker, moment_us);
    set_origin(intake, origin);
}

const Catalogue *intake_catalogue(const Intake *intake)
{
    return intake->catalogue;
}

const Schema *intake_schema(const Intake *intake)
{
    return intake->world->schema;
}

int64_t intake_now_us(const Intake *intake)
{
    return intake->now_us;
}

Str intake_origin(const Intake *intake)
{
    return writer_batch(intake->writer)->origin;
}

Arena *intake_arena(Intake *intake)
{
    return &writer_batch(intake->writer)->arena;
}

void intake_reject(Intake *intake, int64_t line, const Err *why, Str text)
{
    reject(intake, writer_batch(intake->writer)->origin, line, why, text);
}

static void add(Batch *batch, const Fact *fact, bool new_user)
{
    if (new_user)
        batch->nodes[batch->node_count++] = checker_new_user(fact->relationship.from);
    if (fact->is_node)
        batch->nodes[batch->node_count++] = fact->node;
    else
        batch->relationships[batch->relationship_count++] = fact->relationship;
}

/* Writes the batch when it is full. What only rejects have left in its arena goes at once. */
static Err settle(Intake *intake, Batch *batch)
{
    if (batch->node_count + batch->relationship_count == 0)
        arena_reset(&batch->arena);
    if (batch->node_count < intake->batch && batch->relationship_count < intake->batch &&
        batch->arena.used < INTAKE_MAX_BATCH)
        return OK;
    return writer_hand_over(intake->writer);
}

static Err refuse(Intake *intake, const Batch *batch, int64_t line, const Err *why, const Fact *fact)
{
    if (why->code == NOT_FOUND && !intake->is_last)
        return spool_add(&intake->spool, batch->origin, line, fact);
    if (why->code != NOT_FOUND && why->code != INVALID)
        return *why;
    reject_fact(intake, batch->origin, line, why, fact);
    return OK;
}

Err intake_take(Intake *intake, int64_t line, Fact *fact)
{
    Batch *batch = writer_batch(intake->writer);
    bool new_user;
    Err e;

    if (fact->is_node)
        fact->node.line = line;
    else
        fact->relationship.line = line;
    e = checker_check(intake->checker, &batch->arena, batch->origin, fact, &new_user);
    if (failed(&e))
        TRY(refuse(intake, batch, line, &e, fact));
    else
        add(batch, fact, new_user);
    return settle(intake, batch);
}

void intake_progress(Intake *intake, int64_t bytes)
{
    writer_batch(intake->writer)->bytes = intake->bytes_before + bytes;
}

Err intake_end(Intake *intake)
{
    intake->bytes_before = writer_batch(intake->writer)->bytes;
    TRY(writer_hand_over(intake->writer));
    return writer_wait(intake->writer);
}

/* ---- the end: what waited */

static Err begin_waiting(void *context, Str origin, Arena **arena)
{
    Intake *intake = context;

    if (!str_equal(origin, writer_batch(intake->writer)->origin)) {
        TRY(intake_end(intake));
        set_origin(intake, origin);
    }
    *arena = intake_arena(intake);
    return OK;
}

static Err take_waiting(void *context, int64_t line, Fact *fact)
{
    return intake_take(context, line, fact);
}

bool intake_has_waiting(const Intake *intake)
{
    return intake->spool.count > 0;
}

Err intake_finish(Intake *intake, IngestReport *report)
{
    SpoolReader waiting = {begin_waiting, take_waiting, intake};

    intake->is_last = true;
    if (intake->spool.count > 0) {
        catalogue_release(&intake->catalogue);
        intake->catalogue = shelf_take(&intake->world->shelf);
        checker_renew(intake->checker, intake->catalogue);
    }
    TRY(spool_replay(&intake->spool, &waiting));
    TRY(intake_end(intake));
    intake->report.rejected = intake->rejects->count;
    *report = intake->report;
    return intake->failure;
}
