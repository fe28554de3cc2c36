#include "stores/sql/sqlite_turn.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void turn_init(Turn *turn)
{
    *turn = (Turn){0};
    pthread_mutex_init(&turn->mutex, NULL);
}

void turn_finish(Turn *turn)
{
    assert(!turn->taken);
    pthread_mutex_destroy(&turn->mutex);
}

bool turn_is_mine(const Turn *turn)
{
    return pthread_equal(turn->owner, pthread_self());
}

News waiter_wait(Waiter *waiter, const struct timespec *until)
{
    int news;

    while ((news = atomic_load_explicit(&waiter->news, memory_order_acquire)) == NONE) {
        long result = syscall(SYS_futex, &waiter->news, FUTEX_WAIT_BITSET_PRIVATE, NONE, until, NULL,
                              FUTEX_BITSET_MATCH_ANY);
        if (result != 0 && errno == ETIMEDOUT)
            return (News)atomic_load_explicit(&waiter->news, memory_order_acquire);
    }
    return (News)news;
}

/* The waiter may be gone as soon as it can know: waking an address nobody waits at is harmless. */
static void tell(Waiter *waiter, News news)
{
    atomic_store_explicit(&waiter->news, (int)news, memory_order_release);
    (void)syscall(SYS_futex, &waiter->news, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void waiter_finish(Waiter *waiter, Err result)
{
    waiter->result = result;
    tell(waiter, DONE);
}

static void remove_waiter(Turn *turn, Waiter *waiter)
{
    Waiter *before = NULL;

    for (Waiter *w = turn->first; w != waiter; w = w->next)
        before = w;
    if (before)
        before->next = waiter->next;
    else
        turn->first = waiter->next;
    if (turn->last == waiter)
        turn->last = before;
    waiter->queued = false;
    turn->waiting--;
}

static void add_waiter(Turn *turn, Waiter *waiter)
{
    if (turn->last)
        turn->last->next = waiter;
    else
        turn->first = waiter;
    turn->last = waiter;
    waiter->queued = true;
    turn->waiting++;
}

/* Takes the turn, or queues for it. */
static bool take_if_free(Turn *turn, Waiter *waiter)
{
    pthread_mutex_lock(&turn->mutex);
    bool taken = turn->taken;
    if (!taken) {
        turn->taken = true;
        turn->owner = waiter->thread;
    } else {
        assert(!pthread_equal(turn->owner, waiter->thread)); /* a transaction within a transaction */
        add_waiter(turn, waiter);
    }
    pthread_mutex_unlock(&turn->mutex);
    return !taken;
}

/* False when the turn is already on its way. */
static bool give_up(Turn *turn, Waiter *waiter)
{
    pthread_mutex_lock(&turn->mutex);
    bool queued = waiter->queued;
    if (queued)
        remove_waiter(turn, waiter);
    pthread_mutex_unlock(&turn->mutex);
    return queued;
}

News turn_take(Turn *turn, Waiter *waiter)
{
    struct timespec until;

    waiter->thread = pthread_self();
    if (take_if_free(turn, waiter))
        return TURN;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += SQL_TURN_TIMEOUT_MS / 1000;
    News news = waiter_wait(waiter, &until);
    if (news == NONE && !give_up(turn, waiter))
        news = waiter_wait(waiter, NULL);
    return news;
}

Waiter *turn_next(Turn *turn)
{
    pthread_mutex_lock(&turn->mutex);
    Waiter *next = turn->first;
    if (next)
        remove_waiter(turn, next);
    pthread_mutex_unlock(&turn->mutex);
    return next;
}

void turn_give(Turn *turn, Waiter *next)
{
    pthread_mutex_lock(&turn->mutex);
    turn->owner = next->thread;
    pthread_mutex_unlock(&turn->mutex);
    tell(next, TURN);
}

void turn_use(Turn *turn, bool *is_taken, int *waiting)
{
    pthread_mutex_lock(&turn->mutex);
    *is_taken = turn->taken;
    *waiting = turn->waiting;
    pthread_mutex_unlock(&turn->mutex);
}

void turn_pass(Turn *turn)
{
    pthread_mutex_lock(&turn->mutex);
    Waiter *next = turn->first;
    if (next) {
        remove_waiter(turn, next);
        turn->owner = next->thread;
    }
    turn->taken = next != NULL;
    pthread_mutex_unlock(&turn->mutex);
    if (next)
        tell(next, TURN);
}
