#include "services/agents/live.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"
#include "services/agents/floor.h"

enum { US_PER_MS = 1000, COME_BACK_S = 2, ASK_AGAIN_MS = 25, RENEW_MS = FLOOR_MS / 4 };

struct LiveTurn {
    LiveTurn *next; /* the one that came after */
    char *id;
    char *session; /* user and session: "user\nsession" */
    size_t before; /* turns of its session that came earlier */
    EventLog *log;
    atomic_bool cancelled;
    LiveWaiter waiter; /* let_in is NULL when nobody is to be told */
    int64_t until_us;  /* of the waiter */
    int64_t who;       /* among nodes */
    bool has_floor;
    bool is_asking; /* whether it has */
    int64_t ask_us; /* when to ask again */
};

struct LiveTurns {
    const Clock *clock;
    pthread_mutex_t lock;
    pthread_cond_t left;
    pthread_cond_t waits; /* for the thread that looks at the time */
    pthread_t timer;
    bool ends;
    LiveTurn *oldest;
    LiveTurn **newest; /* where the next one goes */
    size_t count;
    size_t waiting; /* that have a waiter */
    Floor *floor;   /* NULL: this node is alone */
};

static char *own_text(Str text)
{
    char *copy = memory_alloc(text.len + 1);

    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return copy;
}

static bool are_of_one_session(const LiveTurn *a, const LiveTurn *b)
{
    return strcmp(a->session, b->session) == 0;
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
    for (LiveTurn *later = turn->next; later != NULL; later = later->next)
        later->before -= are_of_one_session(later, turn);
    (void)pthread_cond_broadcast(&turns->left);
}

static void turn_free(LiveTurn *turn)
{
    event_log_release(turn->log);
    memory_free(turn->id);
    memory_free(turn->session);
    memory_free(turn);
}

static Str session_key(Arena *arena, Str user_id, Str session_id)
{
    return str_format(arena, "%.*s\n%.*s", STR_ARG(user_id), STR_ARG(session_id));
}

static LiveTurn *turn_new(Str turn_id, Str user_id, Str session_id, EventLog *log)
{
    AUTO_ARENA Arena scratch = {0};
    LiveTurn *turn = memory_new(LiveTurn);

    arena_init(&scratch);
    turn->id = own_text(turn_id);
    turn->session = own_text(session_key(&scratch, user_id, session_id));
    turn->log = event_log_retain(log);
    turn->who = floor_new_who();
    return turn;
}

/* Of the user, and of that session when it is one. */
static bool is_of(const LiveTurn *turn, Str user_id, Str session_id)
{
    Str rest = str_from(turn->session), user;

    return str_split(&rest, '\n', &user) && str_equal(user, user_id) &&
           (session_id.data == NULL || str_equal(rest, session_id));
}

static LiveTurn *find(const LiveTurns *turns, Str turn_id)
{
    for (LiveTurn *turn = turns->oldest; turn != NULL; turn = turn->next)
        if (str_equal(str_from(turn->id), turn_id))
            return turn;
    return NULL;
}

/* --- among nodes --- */

/* With the lock held: whether it may have to ask, now or later. */
static bool asks(const LiveTurns *turns, const LiveTurn *turn)
{
    return turns->floor != NULL && !turn->is_asking && turn->before == 0;
}

static bool take_next_to_ask(LiveTurns *turns, uint64_t *session, int64_t *who)
{
    int64_t now_us = clock_monotonic_us(turns->clock);

    MUTEX_HOLD(&turns->lock);
    for (LiveTurn *turn = turns->oldest; turn != NULL; turn = turn->next) {
        if (!asks(turns, turn) || turn->ask_us > now_us)
            continue;
        turn->is_asking = true;
        *session = str_hash(str_from(turn->session));
        *who = turn->who;
        return true;
    }
    return false;
}

/* Without the lock: the answer may come at once. */
static void ask_for_floors(LiveTurns *turns)
{
    uint64_t session;
    int64_t who;

    while (turns->floor != NULL && take_next_to_ask(turns, &session, &who))
        floor_ask(turns->floor, session, who);
}

static LiveTurn *find_who(const LiveTurns *turns, int64_t who)
{
    for (LiveTurn *turn = turns->oldest; turn != NULL; turn = turn->next)
        if (turn->who == who)
            return turn;
    return NULL;
}

static void tell_waiters(LiveTurns *turns);

/* One that has begun isn't held up when its lease was lost meanwhile. */
static void note_floor(void *context, int64_t who, bool is_ours)
{
    LiveTurns *turns = context;

    {
        MUTEX_HOLD(&turns->lock);
        LiveTurn *turn = find_who(turns, who);
        if (turn == NULL)
            return;
        turn->is_asking = false;
        turn->has_floor |= is_ours;
        turn->ask_us = clock_monotonic_us(turns->clock) +
                       (int64_t)(turn->has_floor ? RENEW_MS : ASK_AGAIN_MS) * US_PER_MS;
        (void)pthread_cond_broadcast(&turns->left);
        (void)pthread_cond_signal(&turns->waits);
    }
    tell_waiters(turns);
}

void live_share(LiveTurns *turns, Kv *kv)
{
    MUTEX_HOLD(&turns->lock);
    turns->floor = floor_create(kv, note_floor, turns);
}

/* --- */

static Err too_many_in_session(void)
{
    return err_retry_after(
        err(UNAVAILABLE, "session_id: earlier messages of this session are still being answered"),
        COME_BACK_S);
}

/* With the lock held. */
static Err join(LiveTurns *turns, LiveTurn *turn)
{
    if (turns->count == LIVE_TURNS_MAX)
        return err_retry_after(err(UNAVAILABLE, "too many conversations at once; come back in a moment"),
                               COME_BACK_S);
    if (find(turns, str_from(turn->id)) != NULL)
        return err(CONFLICT, "turn_id: %s is being answered", turn->id);
    for (const LiveTurn *one = turns->oldest; one != NULL; one = one->next)
        turn->before += are_of_one_session(one, turn);
    if (turn->before >= LIVE_SESSION_MAX)
        return too_many_in_session();
    *turns->newest = turn;
    turns->newest = &turn->next;
    turns->count++;
    return OK;
}

Err live_join(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, EventLog *log, LiveTurn **out)
{
    LiveTurn *turn = turn_new(turn_id, user_id, session_id, log);
    Err e;

    {
        MUTEX_HOLD(&turns->lock);
        e = join(turns, turn);
    }
    *out = failed(&e) ? NULL : turn;
    if (failed(&e))
        turn_free(turn);
    else
        ask_for_floors(turns);
    return e;
}

/* --- waiting --- */

static int64_t wait_limit(const LiveTurns *turns, int64_t deadline_us)
{
    int64_t until_us = clock_monotonic_us(turns->clock) + (int64_t)LIVE_WAIT_MS * US_PER_MS;

    return deadline_us != 0 && deadline_us < until_us ? deadline_us : until_us;
}

Err live_gone(void)
{
    return err(GONE, "turn_id: it was ended before anything was said, and isn't kept");
}

/* With the lock held: how the wait of a turn has ended, if it has. */
static bool wait_is_over(const LiveTurns *turns, const LiveTurn *turn, int64_t until_us, Err *result)
{
    bool cancelled = atomic_load(&turn->cancelled);
    bool first = turn->before == 0 && (turns->floor == NULL || turn->has_floor);

    *result = cancelled ? live_gone() : first ? OK : too_many_in_session();
    return cancelled || first || clock_monotonic_us(turns->clock) >= until_us;
}

Err live_wait(LiveTurns *turns, LiveTurn *turn, int64_t deadline_us)
{
    int64_t until_us = wait_limit(turns, deadline_us);
    Err result;

    MUTEX_HOLD(&turns->lock);
    while (!wait_is_over(turns, turn, until_us, &result))
        (void)cond_wait_until(&turns->left, &turns->lock, until_us);
    return result;
}

/* One whose wait is over, if any; it belongs to its waiter from then on. */
static bool take_waiter(LiveTurns *turns, LiveWaiter *out, Err *result)
{
    MUTEX_HOLD(&turns->lock);
    for (LiveTurn *turn = turns->oldest; turn != NULL && turns->waiting > 0; turn = turn->next) {
        if (turn->waiter.let_in == NULL || !wait_is_over(turns, turn, turn->until_us, result))
            continue;
        *out = turn->waiter;
        turn->waiter.let_in = NULL;
        turns->waiting--;
        return true;
    }
    return false;
}

/* Without the lock: whoever is told may leave at once. */
static void tell_waiters(LiveTurns *turns)
{
    LiveWaiter waiter;
    Err result;

    while (take_waiter(turns, &waiter, &result))
        waiter.let_in(waiter.context, result);
}

void live_await(LiveTurns *turns, LiveTurn *turn, int64_t deadline_us, LiveWaiter waiter)
{
    {
        MUTEX_HOLD(&turns->lock);
        turn->waiter = waiter;
        turn->until_us = wait_limit(turns, deadline_us);
        turns->waiting++;
        if (turn->before > 0 || turns->floor != NULL)
            (void)pthread_cond_signal(&turns->waits);
    }
    tell_waiters(turns);
}

/* With the lock held: when somebody has waited too long, or is to ask again; INT64_MAX when nobody waits. */
static int64_t next_end(const LiveTurns *turns)
{
    int64_t next_us = INT64_MAX;

    for (const LiveTurn *turn = turns->oldest; turn != NULL; turn = turn->next) {
        if (turn->waiter.let_in != NULL && turn->until_us < next_us)
            next_us = turn->until_us;
        if (asks(turns, turn) && turn->ask_us < next_us)
            next_us = turn->ask_us;
    }
    return next_us;
}

/* Until then; false at the end. */
static bool sleep_until_late(LiveTurns *turns)
{
    MUTEX_HOLD(&turns->lock);
    int64_t until_us = next_end(turns);

    if (turns->ends)
        return false;
    if (until_us == INT64_MAX)
        (void)pthread_cond_wait(&turns->waits, &turns->lock);
    else
        (void)cond_wait_until(&turns->waits, &turns->lock, until_us);
    return !turns->ends;
}

static void *look_at_time(void *context)
{
    LiveTurns *turns = context;

    while (sleep_until_late(turns)) {
        ask_for_floors(turns);
        tell_waiters(turns);
    }
    return NULL;
}

Err live_enter(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, EventLog *log, int64_t deadline_us,
               LiveTurn **out)
{
    Err e;

    TRY(live_join(turns, turn_id, user_id, session_id, log, out));
    e = live_wait(turns, *out, deadline_us);
    if (failed(&e)) {
        live_leave(turns, *out);
        *out = NULL;
    }
    return e;
}

void live_leave(LiveTurns *turns, LiveTurn *turn)
{
    {
        MUTEX_HOLD(&turns->lock);
        unlink_turn(turns, turn);
    }
    if (turns->floor != NULL)
        floor_leave(turns->floor, str_hash(str_from(turn->session)), turn->who);
    turn_free(turn);
    ask_for_floors(turns);
    tell_waiters(turns);
}

bool live_cancel(LiveTurns *turns, Str turn_id, Str user_id)
{
    bool is_theirs;

    {
        MUTEX_HOLD(&turns->lock);
        LiveTurn *turn = find(turns, turn_id);
        is_theirs = turn != NULL && is_of(turn, user_id, (Str){NULL, 0});
        if (is_theirs)
            atomic_store(&turn->cancelled, true);
        (void)pthread_cond_broadcast(&turns->left);
    }
    tell_waiters(turns);
    return is_theirs;
}

const atomic_bool *live_cancelled(const LiveTurn *turn)
{
    return &turn->cancelled;
}

EventLog *live_find_of(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, bool *mine)
{
    MUTEX_HOLD(&turns->lock);
    const LiveTurn *turn = find(turns, turn_id);
    *mine = turn == NULL || is_of(turn, user_id, session_id);
    return turn != NULL && *mine ? event_log_retain(turn->log) : NULL;
}

Err live_wait_end(LiveTurns *turns, Str turn_id, int64_t deadline_us)
{
    int64_t until_us = wait_limit(turns, deadline_us);

    MUTEX_HOLD(&turns->lock);
    while (find(turns, turn_id) != NULL)
        if (!cond_wait_until(&turns->left, &turns->lock, until_us))
            return err(TIMED_OUT, "turn_id: it is still being answered; come back for its events");
    return OK;
}

bool live_has_session(LiveTurns *turns, Str user_id, Str session_id)
{
    AUTO_ARENA Arena scratch = {0};
    Str session;

    arena_init(&scratch);
    session = session_key(&scratch, user_id, session_id);
    MUTEX_HOLD(&turns->lock);
    for (const LiveTurn *turn = turns->oldest; turn != NULL; turn = turn->next)
        if (str_equal(str_from(turn->session), session))
            return true;
    return false;
}

LiveTurns *live_create(const Clock *clock)
{
    LiveTurns *turns = memory_new(LiveTurns);

    turns->clock = clock;
    turns->newest = &turns->oldest;
    (void)pthread_mutex_init(&turns->lock, NULL);
    cond_init(&turns->left);
    cond_init(&turns->waits);
    turns->timer = thread_start("turns", look_at_time, turns);
    return turns;
}

void live_destroy(LiveTurns *turns)
{
    if (turns == NULL)
        return;
    assert(turns->count == 0);
    {
        MUTEX_HOLD(&turns->lock);
        turns->ends = true;
        (void)pthread_cond_signal(&turns->waits);
    }
    thread_join(turns->timer);
    floor_destroy(turns->floor);
    (void)pthread_cond_destroy(&turns->waits);
    (void)pthread_cond_destroy(&turns->left);
    (void)pthread_mutex_destroy(&turns->lock);
    memory_free(turns);
}
