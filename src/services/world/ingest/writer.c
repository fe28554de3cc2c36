#include "services/world/ingest/writer.h"

#include "base/memory.h"
#include "base/thread.h"

struct Writer {
    WriterConfig config;
    Batch batches[2];
    Batch *filling;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    Batch *handed; /* NULL when the thread has nothing to do */
    bool ended;
    Err failure;
};

static void batch_init(Batch *batch, size_t capacity)
{
    arena_init(&batch->arena);
    batch->nodes = memory_grow(NULL, capacity, sizeof(GraphNode));
    batch->node_verdicts = memory_grow(NULL, capacity, sizeof(GraphVerdict));
    batch->relationships = memory_grow(NULL, capacity, sizeof(GraphRelationship));
    batch->relationship_verdicts = memory_grow(NULL, capacity, sizeof(GraphVerdict));
}

static void batch_finish(Batch *batch)
{
    arena_finish(&batch->arena);
    memory_free(batch->nodes);
    memory_free(batch->node_verdicts);
    memory_free(batch->relationships);
    memory_free(batch->relationship_verdicts);
}

static void batch_empty(Batch *batch, const Batch *before)
{
    arena_reset(&batch->arena);
    batch->origin = before->origin;
    batch->bytes = before->bytes;
    batch->node_count = batch->relationship_count = 0;
}

static Err write_batch(const WriterConfig *config, Batch *batch)
{
    GraphOrigin origin = {batch->origin, config->now_us, config->rehearse};
    GraphBatch facts = {
        .nodes = batch->nodes,
        .node_count = batch->node_count,
        .relationships = batch->relationships,
        .relationship_count = batch->relationship_count,
        .node_verdicts = batch->node_verdicts,
        .relationship_verdicts = batch->relationship_verdicts,
    };

    return graph_put(config->graph, origin, facts);
}

static Batch *wait_for_batch(Writer *writer)
{
    MUTEX_HOLD(&writer->lock);

    while (writer->handed == NULL && !writer->ended)
        pthread_cond_wait(&writer->changed, &writer->lock);
    return writer->handed;
}

static void note_written(Writer *writer, Err e)
{
    MUTEX_HOLD(&writer->lock);

    writer->handed = NULL;
    if (failed(&e))
        writer->failure = e;
    pthread_cond_broadcast(&writer->changed);
}

static void *run(void *context)
{
    Writer *writer = context;
    Batch *batch;

    while ((batch = wait_for_batch(writer)) != NULL) {
        Err e = write_batch(&writer->config, batch);

        if (!failed(&e))
            writer->config.written(writer->config.context, batch);
        note_written(writer, e);
    }
    return NULL;
}

Writer *writer_create(const WriterConfig *config)
{
    Writer *writer = memory_new(Writer);

    writer->config = *config;
    for (size_t i = 0; i < 2; i++)
        batch_init(&writer->batches[i], config->capacity);
    writer->filling = &writer->batches[0];
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->changed, NULL);
    writer->thread = thread_start("ingest-writer", run, writer);
    return writer;
}

void writer_destroy(Writer *writer)
{
    if (writer == NULL)
        return;
    mutex_lock(&writer->lock);
    writer->ended = true;
    pthread_cond_broadcast(&writer->changed);
    mutex_unlock(&writer->lock);
    thread_join(writer->thread);
    pthread_mutex_destroy(&writer->lock);
    pthread_cond_destroy(&writer->changed);
    for (size_t i = 0; i < 2; i++)
        batch_finish(&writer->batches[i]);
    memory_free(writer);
}

Batch *writer_batch(Writer *writer)
{
    return writer->filling;
}

Err writer_wait(Writer *writer)
{
    MUTEX_HOLD(&writer->lock);

    while (writer->handed != NULL)
        pthread_cond_wait(&writer->changed, &writer->lock);
    return writer->failure;
}

Err writer_hand_over(Writer *writer)
{
    Batch *full = writer->filling;

    TRY(writer_wait(writer));
    if (full->node_count + full->relationship_count == 0)
        return OK;
    writer->filling = full == &writer->batches[0] ? &writer->batches[1] : &writer->batches[0];
    batch_empty(writer->filling, full);
    MUTEX_HOLD(&writer->lock);
    writer->handed = full;
    pthread_cond_broadcast(&writer->changed);
    return OK;
}
