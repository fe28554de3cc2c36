/* Turns that were cut off when the process was killed go on at the next start. */
#include "base/log.h"
#include "base/memory.h"
#include "base/pool.h"
#include "services/agents/visit.h"

enum { RESUME_THREADS = 8, RESUME_DEADLINE_MS = 60000, US_PER_MS = 1000 };

/* One of them, with all it needs: there is no request that it belongs to. */
typedef struct CutOff {
    Visit visit;
    Arena arena;
    Call call;
    ChatInput in;
    ChatReply reply;
    Str *records;
    size_t record_count;
} CutOff;

struct Resumed {
    const TurnTools *tools;
    Pool *pool;
    CutOff *items[CHECKPOINT_SLOTS];
    size_t count;
};

static void cut_off_free(CutOff *item)
{
    arena_finish(&item->arena);
    memory_free(item);
}

static Err read(CutOff *item, const TurnTools *tools, const CheckpointRun *run)
{
    Turn *turn = &item->visit.turn;
    KeptPlace place;

    arena_init(&item->arena);
    item->call = (Call){.arena = &item->arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    item->call.deadline_us = clock_monotonic_us(tools->clock) + (int64_t)RESUME_DEADLINE_MS * US_PER_MS;
    item->records = arena_array(&item->arena, Str, run->count);
    item->record_count = run->count;
    for (size_t i = 0; i < run->count; i++)
        item->records[i] = str_copy(&item->arena, run->records[i]);
    *turn = (Turn){.tools = tools, .call = &item->call, .in = &item->in, .checkpoint = run->checkpoint};
    TRY(turn_read_message(&item->arena, item->records[0], &item->in, &place));
    turn->id = place.turn_id;
    turn->at_us = place.at_us;
    turn->is_minor = place.is_minor;
    return agent_book_get(tools->agents, place.agent, &turn->agent);
}

/* Killed between the commit of its end and giving up its slot. */
static Err has_ended(const CutOff *item, bool *ended)
{
    const Turn *turn = &item->visit.turn;
    AgentsSqlGetTurn row;

    return agents_sql_get_turn(turn->tools->sql, NULL, item->call.arena, turn->id, &row, ended);
}

static Err note(void *context, const CheckpointRun *run)
{
    Resumed *resumed = context;
    CutOff *item = memory_new(CutOff);
    Err e = read(item, resumed->tools, run);
    bool ended = false;

    if (!failed(&e))
        e = has_ended(item, &ended);
    if (!failed(&e) && !ended) {
        resumed->items[resumed->count++] = item;
        return OK;
    }
    if (failed(&e))
        log_warn("a turn that was cut off can't be resumed", log_err(&e));
    checkpoint_end(resumed->tools->checkpoints, &item->visit.turn.checkpoint);
    cut_off_free(item);
    return OK;
}

/* One that was decided, and killed before its end: its tool is called (again), with the approval's id as its key. */
static Err note_decided(Resumed *resumed, const AgentsSqlListDecidedTurns *row)
{
    CutOff *item = memory_new(CutOff);
    const WaitingRow waiting = {row->record, row->approval_id, (Decision)row->state};
    Turn *turn = &item->visit.turn;

    arena_init(&item->arena);
    item->call = (Call){.arena = &item->arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    item->call.deadline_us =
        clock_monotonic_us(resumed->tools->clock) + (int64_t)RESUME_DEADLINE_MS * US_PER_MS;
    item->records = arena_array(&item->arena, Str, 2);
    item->record_count = 2;
    *turn = (Turn){.tools = resumed->tools, .call = &item->call, .in = &item->in, .checkpoint = {-1, 0}};
    Err e = visit_read_waiting(resumed->tools, &item->arena, &waiting, &item->in, turn, item->records);
    if (failed(&e)) {
        cut_off_free(item);
        return e;
    }
    resumed->items[resumed->count++] = item;
    return OK;
}

static Err note_all_decided(Resumed *resumed, Arena *arena)
{
    AgentsSqlListDecidedTurns *rows;
    size_t count;

    TRY(agents_sql_list_decided_turns(resumed->tools->sql, NULL, arena,
                                      (int64_t)(CHECKPOINT_SLOTS - resumed->count), &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(note_decided(resumed, &rows[i]));
    return OK;
}

static int by_time(const void *a, const void *b)
{
    const CutOff *const *x = a, *const *y = b;
    int64_t first = (*x)->visit.turn.at_us, second = (*y)->visit.turn.at_us;

    return first < second ? -1 : first > second;
}

static Err go_on(CutOff *item)
{
    Turn *turn = &item->visit.turn;

    TRY(turn_restore(turn, item->records, item->record_count));
    TRY(visit_wait(&item->visit));
    return turn_run(turn, &item->reply);
}

static void run(void *context)
{
    CutOff *item = context;
    Err e = go_on(item);

    log_info("a turn that was cut off has gone on", log_text("turn", item->visit.turn.id), log_err(&e));
    visit_leave(&item->visit);
    cut_off_free(item);
}

/* All take their places before any goes on: whoever comes back finds them, and the order of a session stays. */
static void take_places(Resumed *resumed)
{
    size_t joined = 0;

    qsort(resumed->items, resumed->count, sizeof(CutOff *), by_time);
    for (size_t i = 0; i < resumed->count; i++) {
        CutOff *item = resumed->items[i];
        Err e = visit_join(&item->visit);
        if (failed(&e))
            cut_off_free(item);
        else
            resumed->items[joined++] = item;
    }
    resumed->count = joined;
}

Resumed *visit_resume(const TurnTools *tools)
{
    AUTO_ARENA Arena arena = {0};
    Resumed *resumed = memory_new(Resumed);
    Err e;

    arena_init(&arena);
    resumed->tools = tools;
    e = checkpoints_each(tools->checkpoints, &arena, note, resumed);
    if (!failed(&e))
        e = note_all_decided(resumed, &arena);
    if (failed(&e))
        log_warn("not all turns that were cut off can be resumed", log_err(&e));
    take_places(resumed);
    if (resumed->count == 0)
        return resumed;
    resumed->pool = pool_create("resume", RESUME_THREADS, CHECKPOINT_SLOTS);
    for (size_t i = 0; i < resumed->count; i++)
        (void)pool_submit(resumed->pool, run, resumed->items[i]); /* there is room for all of them */
    return resumed;
}

void visit_resume_stop(Resumed *resumed)
{
    if (resumed == NULL)
        return;
    pool_destroy(resumed->pool);
    memory_free(resumed);
}
