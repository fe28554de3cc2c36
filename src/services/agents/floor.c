#include "services/agents/floor.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/thread.h"

enum { KEY_TEXT = sizeof "floor:0123456789abcdef" };

struct Floor {
    Kv *kv;
    FloorFn told;
    void *context;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t answered;
    size_t asked; /* and not answered yet */
};

typedef struct Ask {
    Floor *floor;
    int64_t who;
    bool leaves;
} Ask;

/* arguments: who, for how long (0: leave it); results: whether it is theirs. */
static Err take_in_memory(KvCells *cells, const int64_t *arguments, int64_t *results)
{
    KvCell *cell = &cells->cells[0];

    results[0] = cell->value == 0 || cell->value == arguments[0];
    cell->value = arguments[1] > 0 ? arguments[0] : 0;
    cell->left_ms = arguments[1] > 0 ? arguments[1] : 1;
    cell->is_changed = results[0];
    return OK;
}

static const char TAKE_IN_LUA[] = "local holder = redis.call('GET', KEYS[1]) "
                                  "if holder and holder ~= ARGV[1] then return {0} end "
                                  "if ARGV[2] == '0' then redis.call('DEL', KEYS[1]) "
                                  "else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end "
                                  "return {1}";

static const KvOperation TAKE = {
    .name = "take the floor",
    .lua = TAKE_IN_LUA,
    .embedded = take_in_memory,
    .key_count = 1,
    .argument_count = 2,
    .result_count = 1,
};

static void note_answer(void *context, Err result, const int64_t *results)
{
    Ask *ask = context;
    Floor *floor = ask->floor;

    if (!ask->leaves)
        floor->told(floor->context, ask->who, failed(&result) || results[0] != 0);
    memory_free(ask);
    MUTEX_HOLD(&floor->lock);
    floor->asked--;
    (void)pthread_cond_signal(&floor->answered);
}

static void start(Floor *floor, uint64_t session, int64_t who, int64_t ms)
{
    char key[KEY_TEXT];
    Ask *ask = memory_new(Ask);

    *ask = (Ask){floor, who, ms == 0};
    {
        MUTEX_HOLD(&floor->lock);
        floor->asked++;
    }
    (void)snprintf(key, sizeof key, "floor:%016" PRIx64, session);
    const Str keys[] = {str_from(key)};
    const int64_t arguments[] = {who, ms};
    kv_start(floor->kv, &TAKE, keys, arguments, note_answer, ask);
}

void floor_ask(Floor *floor, uint64_t session, int64_t who)
{
    start(floor, session, who, FLOOR_MS);
}

void floor_leave(Floor *floor, uint64_t session, int64_t who)
{
    start(floor, session, who, 0);
}

int64_t floor_new_who(void)
{
    return (int64_t)(random_u64() % KV_NUMBER_MAX) + 1;
}

Floor *floor_create(Kv *kv, FloorFn told, void *context)
{
    Floor *floor = memory_new(Floor);

    *floor = (Floor){.kv = kv, .told = told, .context = context};
    (void)pthread_mutex_init(&floor->lock, NULL);
    (void)pthread_cond_init(&floor->answered, NULL);
    return floor;
}

void floor_destroy(Floor *floor)
{
    if (floor == NULL)
        return;
    {
        MUTEX_HOLD(&floor->lock);
        while (floor->asked > 0)
            (void)pthread_cond_wait(&floor->answered, &floor->lock);
    }
    (void)pthread_cond_destroy(&floor->answered);
    (void)pthread_mutex_destroy(&floor->lock);
    memory_free(floor);
}
