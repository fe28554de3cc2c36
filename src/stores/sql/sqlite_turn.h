/* The writer's turn: one thread has it, the others queue, first come, first served.
 * A waiter sleeps on a futex of its own: a condition variable would wake each thread twice, for itself and for the
 * mutex, and that halves the writes a second of sixty-four threads. */
#ifndef NERDX_STORES_SQL_SQLITE_TURN_H
#define NERDX_STORES_SQL_SQLITE_TURN_H

#include <pthread.h>
#include <stdatomic.h>

#include "stores/sql/statement.h"

typedef enum News { NONE, TURN, DONE } News;

/* On the stack of a thread that waits: for its turn, then for the end of its group. */
typedef struct Waiter {
    struct Waiter *next; /* in the queue, then in the group */
    pthread_t thread;
    SqlWorkFn work; /* who has the turn may do it; NULL: wants the turn for itself */
    void *context;
    bool queued; /* guarded by the mutex */
    Err result;  /* set before DONE */
    atomic_int news;
} Waiter;

typedef struct Turn {
    pthread_mutex_t mutex; /* guards what follows */
    bool taken;
    pthread_t owner;
    Waiter *first;
    Waiter *last;
    int waiting; /* in the queue */
} Turn;

void turn_init(Turn *turn);
void turn_finish(Turn *turn);

/* TURN, DONE when another has done the waiter's work, or NONE after SQL_TURN_TIMEOUT_MS. */
News turn_take(Turn *turn, Waiter *waiter);
bool turn_is_mine(const Turn *turn);

/* For who has it: the first who waits leaves the queue (NULL: nobody waits), and is given the turn, or told
 * DONE by waiter_finish. turn_pass gives it to the first, or frees it: it is never free while someone waits. */
Waiter *turn_next(Turn *turn);
void turn_give(Turn *turn, Waiter *next);
void turn_pass(Turn *turn);

void turn_use(Turn *turn, bool *is_taken, int *waiting); /* for who counts */

/* NONE when until (monotonic) has passed first; NULL waits for good. */
News waiter_wait(Waiter *waiter, const struct timespec *until);
void waiter_finish(Waiter *waiter, Err result);

#endif
