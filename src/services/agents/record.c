#include "services/agents/record.h"

#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "base/time.h"
#include "services/agents/agents_sql.h"
#include "services/agents/sessions.h"
#include "services/agents/wait.h"

enum { US_PER_MS = 1000 };

struct Recorder {
    RecorderConfig config;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool woken;
    bool stopping;
};

typedef struct Batch {
    AgentsSqlListUnrecorded *rows;
    size_t count;
} Batch;

static Json properties_of(Arena *arena, const AgentsSqlListUnrecorded *row)
{
    const struct {
        const char *key;
        Str value;
    } pairs[] = {{"session", row->session_id},
                 {"turn", row->turn_id},
                 {"language", row->language},
                 {"outcome", row->outcome}};
    Buf out;

    buf_init(&out, arena, 256);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        buf_put_char(&out, i == 0 ? '{' : ',');
        json_put_string(&out, str_from(pairs[i].key));
        buf_put_char(&out, ':');
        json_put_string(&out, pairs[i].value);
    }
    buf_put_char(&out, '}');
    return buf_str(&out);
}

/* Empty: an agent that the world doesn't know, or that is no more. */
static Str character_of(const Recorder *recorder, const AgentsSqlListUnrecorded *row)
{
    const Agent *agent = agent_book_find(recorder->config.agents, row->agent);

    return agent != NULL ? agent->character : STR("");
}

static LearnEvent event_of(const Recorder *recorder, Arena *arena, const AgentsSqlListUnrecorded *row)
{
    return (LearnEvent){
        .event_id = row->turn_id,
        .user_id = row->user_id,
        .type = STR("CHATTED_WITH"),
        .entity_id = character_of(recorder, row),
        .timestamp = time_format(arena, row->at_us),
        .properties = properties_of(arena, row),
    };
}

static Err teach(const Recorder *recorder, Arena *arena, Batch batch)
{
    Call call = {.arena = arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    LearnEvent *events = arena_array(arena, LearnEvent, batch.count);
    LearnInput input = LEARN_INPUT_DEFAULTS;
    LearnResult result;

    input.events.items = events;
    for (size_t i = 0; i < batch.count; i++)
        if (character_of(recorder, &batch.rows[i]).len > 0)
            events[input.events.count++] = event_of(recorder, arena, &batch.rows[i]);
    if (input.events.count == 0)
        return OK;
    return world_client_learn(recorder->config.world, &call, &input, &result);
}

static Err drop_rows(void *context, Tx *tx)
{
    const Batch *batch = context;

    for (size_t i = 0; i < batch->count; i++)
        TRY(agents_sql_drop_unrecorded(tx, batch->rows[i].at_us, batch->rows[i].turn_id, NULL));
    return OK;
}

/* Confirmed, or refused for good. */
static Err tick_off(const Recorder *recorder, Batch batch)
{
    return sql_transact(recorder->config.sql, drop_rows, &batch);
}

static bool is_refusal(const Err *e)
{
    return e->code == INVALID || e->code == UNPROCESSABLE || e->code == NOT_FOUND;
}

static Err deliver(const Recorder *recorder, Arena *arena, Batch batch);

/* One bad turn must not hold up the others for ever. */
static Err deliver_singly(const Recorder *recorder, Arena *arena, Batch batch)
{
    for (size_t i = 0; i < batch.count; i++)
        TRY(deliver(recorder, arena, (Batch){&batch.rows[i], 1}));
    return OK;
}

static Err deliver(const Recorder *recorder, Arena *arena, Batch batch)
{
    Err e = teach(recorder, arena, batch);

    if (!failed(&e))
        return tick_off(recorder, batch);
    if (!is_refusal(&e))
        return e;
    if (batch.count > 1)
        return deliver_singly(recorder, arena, batch);
    log_error("the world refused to remember a conversation", log_text("turn", batch.rows[0].turn_id),
              log_chars("pointer", e.pointer)); /* why may name whose it is */
    return tick_off(recorder, batch);
}

/* Until nothing is left, or something fails: then the rest is for the next time. */
static void deliver_all(const Recorder *recorder)
{
    Batch batch;

    do {
        AUTO_ARENA Arena arena = {0};
        arena_init(&arena);
        batch = (Batch){NULL, 0};
        Err e = agents_sql_list_unrecorded(recorder->config.sql, NULL, &arena, RECORD_BATCH, &batch.rows,
                                           &batch.count);
        if (!failed(&e) && batch.count > 0)
            e = deliver(recorder, &arena, batch);
        if (failed(&e)) {
            log_warn("conversations wait to be remembered", log_int("turns", (int64_t)batch.count),
                     log_err(&e));
            return;
        }
    } while (batch.count == RECORD_BATCH);
}

static int64_t in_ms(const Recorder *recorder, int64_t ms)
{
    return clock_monotonic_us(recorder->config.clock) + ms * US_PER_MS;
}

/* Returns false when it is time to end. What comes while others gather goes with them. */
static bool wait_for_work(Recorder *recorder)
{
    int64_t until_us = in_ms(recorder, RECORD_RETRY_MS);

    MUTEX_HOLD(&recorder->lock);
    while (!recorder->woken && !recorder->stopping)
        if (!cond_wait_until(&recorder->changed, &recorder->lock, until_us))
            break;
    until_us = in_ms(recorder, RECORD_GATHER_MS);
    while (recorder->woken && !recorder->stopping)
        if (!cond_wait_until(&recorder->changed, &recorder->lock, until_us))
            break;
    recorder->woken = false;
    return !recorder->stopping;
}

/* What was told before is told first: what is forgotten then mustn't come back by it. */
static void catch_up(const Recorder *recorder)
{
    const RecorderConfig *config = &recorder->config;
    Err e = OK;

    deliver_all(recorder);
    memory_deliver(config->memory);
    if (config->keep_us > 0)
        e = sessions_expire(config->sql, config->memory, clock_wall_us(config->clock) - config->keep_us);
    if (!failed(&e))
        e = wait_drop_late(config->sql, clock_wall_us(config->clock));
    if (!failed(&e))
        e = sessions_retract(config->sql, config->world);
    if (failed(&e))
        log_warn("conversations wait to be forgotten", log_err(&e));
}

static void *run(void *context)
{
    Recorder *recorder = context;

    do
        catch_up(recorder);
    while (wait_for_work(recorder));
    catch_up(recorder);
    return NULL;
}

Recorder *recorder_start(const RecorderConfig *config)
{
    Recorder *recorder = memory_new(Recorder);

    recorder->config = *config;
    (void)pthread_mutex_init(&recorder->lock, NULL);
    cond_init(&recorder->changed);
    recorder->thread = thread_start("recorder", run, recorder);
    return recorder;
}

static void tell(Recorder *recorder, bool *flag)
{
    MUTEX_HOLD(&recorder->lock);
    *flag = true;
    (void)pthread_cond_signal(&recorder->changed);
}

void recorder_wake(Recorder *recorder)
{
    tell(recorder, &recorder->woken);
}

void recorder_stop(Recorder *recorder)
{
    if (recorder == NULL)
        return;
    tell(recorder, &recorder->stopping);
    thread_join(recorder->thread);
    (void)pthread_cond_destroy(&recorder->changed);
    (void)pthread_mutex_destroy(&recorder->lock);
    memory_free(recorder);
}
