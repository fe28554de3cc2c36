/* The outbox: what was told becomes facts of the world model, each memory a source of its own (turn:<memory_id>), so that it can
 * be closed when it is corrected and retracted exactly when it is forgotten. What the world is told is what holds now;
 * told twice it changes nothing. */
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "base/time.h"
#include "services/agents/memory/room.h"

enum { DELIVERY_BATCH = 100 };

static void put_pair(Buf *out, const char *key, Str value, bool *any)
{
    if (value.len == 0)
        return;
    buf_put(out, *any ? STR(",\"") : STR("\""));
    buf_put(out, str_from(key));
    buf_put(out, STR("\":"));
    json_put_string(out, value);
    *any = true;
}

static void put_span(Buf *out, const MemorySqlItem *item)
{
    buf_put(out, STR(",\"since\":"));
    json_put_time(out, item->at_us);
    if (item->until_us == 0)
        return;
    buf_put(out, STR(",\"until\":"));
    json_put_time(out, item->until_us > item->at_us ? item->until_us : item->at_us + 1);
}

static Json property_fact(Arena *arena, const MemorySqlItem *item, Str property)
{
    Buf out = {.arena = arena};
    bool any = true;

    buf_put(&out, STR("{\"label\":\"User\""));
    put_pair(&out, "id", item->user_id, &any);
    buf_put(&out, STR(",\"properties\":{"));
    any = false;
    put_pair(&out, str_c(arena, property), item->name_en, &any);
    buf_put_char(&out, '}');
    put_span(&out, item);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

static Json relationship_fact(Arena *arena, const MemorySqlItem *item, const MemoryKind *kind, Str type)
{
    Buf out = {.arena = arena};
    bool any = false;

    buf_put_char(&out, '{');
    put_pair(&out, "type", type, &any);
    put_pair(&out, "from", item->user_id, &any);
    put_pair(&out, "to", item->entity, &any);
    buf_put(&out, STR(",\"properties\":{"));
    any = false;
    if (kind->of == OF_TASTE) {
        buf_put(&out, STR("\"score\":"));
        json_put_number(&out, item->score);
    } else {
        put_pair(&out, "who", item->who, &any);
        put_pair(&out, "how", kind->how, &any);
    }
    buf_put_char(&out, '}');
    put_span(&out, item);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

/* What it becomes in the world; absent: nothing, it is kept here alone (a place that the world doesn't know, of
 * somebody who isn't the visitor). */
static Json fact_of(const Memory *memory, Arena *arena, const MemorySqlItem *item)
{
    const MemoryKind *kind = memory_rules_kind(memory->rules, item->kind);
    bool is_word = str_equal(item->label, STR("Trait")) || kind == NULL || kind->of != OF_TASTE;

    if (kind == NULL)
        return (Json){NULL, 0};
    if (item->entity.len > 0)
        return relationship_fact(arena, item, kind, is_word ? kind->relationship : kind->thing);
    if (kind->property.len > 0 && str_equal(item->who, SELF))
        return property_fact(arena, item, kind->property);
    return (Json){NULL, 0};
}

static Str source_of(Arena *arena, const MemorySqlItem *item)
{
    return str_format(arena, "turn:%.*s", STR_ARG(item->memory_id));
}

/* Why it does may repeat what was told ("there is no entity …"): the log has the place only. */
static void log_refusal(const MemorySqlItem *item, Str pointer)
{
    log_error("the world refused what a visitor told", log_text("memory", item->memory_id),
              log_text("pointer", pointer));
}

/* *refused: the world won't take it, now or later. */
static Err teach(const Memory *memory, Arena *arena, const MemorySqlItem *item, bool *refused)
{
    Call call = {.arena = arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    LearnInput input = LEARN_INPUT_DEFAULTS;
    Json fact = fact_of(memory, arena, item);
    LearnResult result;
    Err e;

    *refused = false;
    if (fact.data == NULL)
        return OK;
    input.source = source_of(arena, item);
    input.facts.items = &fact;
    input.facts.count = 1;
    e = world_client_learn(memory->config.world, &call, &input, &result);
    if (e.code == INVALID || e.code == UNPROCESSABLE) {
        log_refusal(item, str_from(e.pointer));
        *refused = true;
        return OK;
    }
    TRY(e);
    *refused = result.verdicts.count > 0 && result.verdicts.items[0].verdict == FACT_VERDICT_VERDICT_REFUSED;
    if (*refused)
        log_refusal(item, result.verdicts.items[0].pointer);
    return OK;
}

typedef struct Settling {
    const MemorySqlItem *item;
    bool refused;
} Settling;

static Err settle(void *context, Tx *tx)
{
    const Settling *told = context;

    return memory_sql_settle(tx, told->item->memory_id, told->item->until_us,
                             told->refused ? MEMORY_REFUSED : MEMORY_KNOWN, NULL);
}

static Err tell(const Memory *memory, Arena *arena, const MemorySqlItem *item)
{
    Settling told = {.item = item};

    TRY(teach(memory, arena, item, &told.refused));
    return sql_transact(memory->config.sql, settle, &told);
}

static Err remove_row(void *memory_id, Tx *tx)
{
    return memory_sql_remove(tx, *(const Str *)memory_id, NULL);
}

static Err retract_source(const Memory *memory, Arena *arena, const MemorySqlItem *item)
{
    Call call = {.arena = arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    const ForgetInput input = {.source = source_of(arena, item)};
    Forgotten forgotten;

    return world_client_forget(memory->config.world, &call, &input, &forgotten);
}

static Err retract(const Memory *memory, Arena *arena, const MemorySqlItem *item)
{
    Str memory_id = item->memory_id;

    TRY(retract_source(memory, arena, item));
    return sql_transact(memory->config.sql, remove_row, &memory_id);
}

static Err forget_owner(void *memory_id, Tx *tx)
{
    return memory_sql_tell_anew(tx, *(const Str *)memory_id, NULL);
}

/* The same source can't say it of two: what it said of the one before goes first. */
static Err tell_anew(const Memory *memory, Arena *arena, const MemorySqlItem *item)
{
    Str memory_id = item->memory_id;

    TRY(retract_source(memory, arena, item));
    TRY(sql_transact(memory->config.sql, forget_owner, &memory_id));
    return tell(memory, arena, item);
}

static Err deliver_one(const Memory *memory, Arena *arena, const MemorySqlItem *item)
{
    return item->state == MEMORY_FORGOTTEN ? retract(memory, arena, item)
           : item->state == MEMORY_MOVED   ? tell_anew(memory, arena, item)
                                           : tell(memory, arena, item);
}

/* One batch; *more: there may be another. */
static Err deliver(const Memory *memory, bool *more)
{
    AUTO_ARENA Arena arena = {0};
    MemorySqlItem *items;
    size_t count;

    arena_init(&arena);
    *more = false;
    TRY(memory_sql_list_pending(memory->config.sql, NULL, &arena, DELIVERY_BATCH, &items, &count));
    for (size_t i = 0; i < count; i++)
        TRY(deliver_one(memory, &arena, &items[i]));
    *more = count == DELIVERY_BATCH;
    return OK;
}

void memory_deliver(Memory *memory)
{
    bool more = true;

    MUTEX_HOLD(&memory->delivering);
    while (more) {
        Err e = deliver(memory, &more);
        if (failed(&e)) {
            log_warn("what visitors told waits for the world", log_err(&e));
            return;
        }
    }
}
