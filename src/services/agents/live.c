#include "services/agents/live.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"

enum { US_PER_MS = 1000, COME_BACK_S = 2 };

struct LiveTurn {
    LiveTurn *next; /* the one that came after */
    char *id;
    char *session; /* user and session: "user\nsession" */
    EventLog *log;
};

struct LiveTurns {
    const Clock *clock;
    pthread_mutex_t lock;
    pthread_cond_t left;
    LiveTurn *oldest;
    LiveTurn **newest; /* where the next one goes */
    size_t count;
};

LiveTurns *live_create(const Clock *clock)
{
    LiveTurns *turns = memory_new(LiveTurns);

    turns->clock = clock;
    turns->newest = &turns->oldest;
    (void)pthread_mutex_init(&turns->lock, NULL);
    cond_init(&turns->left);
    return turns;
}

void live_destroy(LiveTurns *turns)
{
    if (turns == NULL)
        return;
    assert(turns->count == 0);
    (void)pthread_cond_destroy(&turns->left);
    (void)pthread_mutex_destroy(&turns->lock);
    memory_free(turns);
}

static char *own_text(Str text)
{
    char *copy = memory_alloc(text.len + 1);

    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return copy;
}

static size_t turns_before(const LiveTurns *turns, const LiveTurn *turn)
{
    size_t before = 0;

    for (const LiveTurn *one = turns->oldest; one != NULL && one != turn; one = one->next)
        before += strcmp(one->session, turn->session) == 0;
    return before;
}

static void unlink_turn(LiveTurns *turns, LiveTurn *turn)
{
    LiveTurn **at = &turns->oldest;

    while (*at != turn)
        at = &(*at)->next;
    *at = turn->next;
    if (turn->next == NULL)
        turns->newest = at;
    turns->count--;
    (void)pthread_cond_broadcast(&turns->left);
}

static void turn_free(LiveTurn *turn)
{
    event_log_release(turn->log);
    memory_free(turn->id);
    memory_free(turn->session);
    memory_free(turn);
}

static LiveTurn *turn_new(Str turn_id, Str user_id, Str session_id, EventLog *log)
{
    AUTO_ARENA Arena scratch = {0};
    LiveTurn *turn = memory_new(LiveTurn);

    arena_init(&scratch);
    turn->id = own_text(turn_id);
    turn->session = own_text(str_format(&scratch, "%.*s\n%.*s", STR_ARG(user_id), STR_ARG(session_id)));
    turn->log = event_log_retain(log);
    return turn;
}

/* With the lock held. */
static Err wait_for_turn(LiveTurns *turns, LiveTurn *turn, int64_t deadline_us)
{
    int64_t until_us = clock_monotonic_us(turns->clock) + (int64_t)LIVE_WAIT_MS * US_PER_MS;

    if (turns->count == LIVE_TURNS_MAX)
        return err_retry_after(err(UNAVAILABLE, "too many conversations at once; come back in a moment"),
                               COME_BACK_S);
    *turns->newest = turn;
    turns->newest = &turn->next;
    turns->count++;
    if (deadline_us != 0 && deadline_us < until_us)
        until_us = deadline_us;
    bool in_time = turns_before(turns, turn) < LIVE_SESSION_MAX;
    while (in_time && turns_before(turns, turn) > 0)
        in_time = cond_wait_until(&turns->left, &turns->lock, until_us) || turns_before(turns, turn) == 0;
    if (in_time)
        return OK;
    unlink_turn(turns, turn);
    return err_retry_after(
        err(UNAVAILABLE, "session_id: earlier messages of this session are still being answered"),
        COME_BACK_S);
}

Err live_enter(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, EventLog *log, int64_t deadline_us,
               LiveTurn **out)
{
    LiveTurn *turn = turn_new(turn_id, user_id, session_id, log);
    Err e;

    {
        MUTEX_HOLD(&turns->lock);
        e = wait_for_turn(turns, turn, deadline_us);
    }
    *out = failed(&e) ? NULL : turn;
    if (failed(&e))
        turn_free(turn);
    return e;
}

void live_leave(LiveTurns *turns, LiveTurn *turn)
{
    {
        MUTEX_HOLD(&turns->lock);
        unlink_turn(turns, turn);
    }
    turn_free(turn);
}

EventLog *live_find(LiveTurns *turns, Str turn_id)
{
    MUTEX_HOLD(&turns->lock);
    for (const LiveTurn *turn = turns->oldest; turn != NULL; turn = turn->next)
        if (str_equal(str_from(turn->id), turn_id))
            return event_log_retain(turn->log);
    return NULL;
}
