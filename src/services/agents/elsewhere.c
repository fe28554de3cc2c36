#include "services/agents/elsewhere.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/thread.h"

#define CHANNEL STR("agents:turns")

enum { QUESTION = '?', ANSWER = '!', US_PER_MS = 1000 };

/* Who waits for an answer; on their stack. */
typedef struct Asked {
    int64_t id;
    bool is_answered;
    struct Asked *next;
} Asked;

struct Elsewhere {
    Kv *kv;
    LiveTurns *turns;
    KvSubscription *subscription;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    Asked *asked;
};

/* ---- answering: "?ID\nUSER\nTURN" is answered with "!ID" */

/* From a thread of the store, which may not wait for it: an operation may be started there. */
static const char ANSWER_IN_LUA[] = "redis.call('PUBLISH', KEYS[1], '!' .. ARGV[1]) return {1}";

static Err answer_in_memory(KvCells *cells, const int64_t *arguments, int64_t *results)
{
    (void)cells;
    (void)arguments;
    (void)results; /* one process alone asks nobody */
    return OK;
}

static const KvOperation TELL = {
    .name = "tell that a turn ends",
    .lua = ANSWER_IN_LUA,
    .embedded = answer_in_memory,
    .key_count = 1,
    .argument_count = 1,
    .result_count = 1,
};

static void note_told(void *context, Err result, const int64_t *results)
{
    (void)context;
    (void)results;
    if (failed(&result))
        log_debug("another node can't be told that a turn ends here", log_err(&result));
}

static void hear_question(const Elsewhere *elsewhere, Str question)
{
    const Str keys[] = {CHANNEL};
    Str id_text, user_id;
    int64_t id;

    if (!str_split(&question, '\n', &id_text) || !str_split(&question, '\n', &user_id) ||
        !str_to_int(id_text, &id))
        return;
    if (live_cancel(elsewhere->turns, question, user_id))
        kv_start(elsewhere->kv, &TELL, keys, &id, note_told, NULL);
}

static void hear_answer(Elsewhere *elsewhere, Str text)
{
    int64_t id;

    if (!str_to_int(text, &id))
        return;
    MUTEX_HOLD(&elsewhere->lock);
    for (Asked *asked = elsewhere->asked; asked != NULL; asked = asked->next)
        asked->is_answered |= asked->id == id;
    (void)pthread_cond_broadcast(&elsewhere->answered);
}

static void hear(void *context, Str message)
{
    if (message.len == 0)
        return;
    Str rest = str_slice(message, 1, message.len);
    if (message.data[0] == QUESTION)
        hear_question(context, rest);
    else if (message.data[0] == ANSWER)
        hear_answer(context, rest);
}

/* ---- asking */

static void begin(Elsewhere *elsewhere, Asked *asked)
{
    MUTEX_HOLD(&elsewhere->lock);
    asked->next = elsewhere->asked;
    elsewhere->asked = asked;
}

static void wait_for_answer(Elsewhere *elsewhere, const Asked *asked)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + (int64_t)ELSEWHERE_MS * US_PER_MS;

    MUTEX_HOLD(&elsewhere->lock);
    while (!asked->is_answered)
        if (!cond_wait_until(&elsewhere->answered, &elsewhere->lock, until_us))
            return;
}

static void end(Elsewhere *elsewhere, const Asked *asked)
{
    Asked **at = &elsewhere->asked;

    MUTEX_HOLD(&elsewhere->lock);
    while (*at != asked)
        at = &(*at)->next;
    *at = asked->next;
}

bool elsewhere_cancel(Elsewhere *elsewhere, Str turn_id, Str user_id)
{
    AUTO_ARENA Arena arena = {0};

    if (elsewhere == NULL)
        return false;
    Asked asked = {.id = (int64_t)(random_u64() % KV_NUMBER_MAX) + 1};
    begin(elsewhere, &asked);
    Err e = kv_publish(
        elsewhere->kv, CHANNEL,
        str_format(&arena, "?%" PRId64 "\n%.*s\n%.*s", asked.id, STR_ARG(user_id), STR_ARG(turn_id)));
    if (!failed(&e))
        wait_for_answer(elsewhere, &asked);
    end(elsewhere, &asked);
    return asked.is_answered;
}

/* ---- */

Err elsewhere_create(Kv *kv, LiveTurns *turns, Elsewhere **out)
{
    Elsewhere *elsewhere = memory_new(Elsewhere);

    *elsewhere = (Elsewhere){.kv = kv, .turns = turns};
    (void)pthread_mutex_init(&elsewhere->lock, NULL);
    cond_init(&elsewhere->answered);
    Err e = kv_subscribe(kv, CHANNEL, hear, elsewhere, &elsewhere->subscription);
    *out = elsewhere;
    return e;
}

void elsewhere_destroy(Elsewhere *elsewhere)
{
    if (elsewhere == NULL)
        return;
    kv_unsubscribe(elsewhere->subscription);
    (void)pthread_cond_destroy(&elsewhere->answered);
    (void)pthread_mutex_destroy(&elsewhere->lock);
    memory_free(elsewhere);
}
