/* Answers that wait for what they rest on. A thread that runs many calls in a row need not sleep through the
 * commit of each: it opens a settlement around the call. A store whose commit isn't durable yet then notes that
 * it owes (settlement_owe), lets the call go on, and pays once the commit is durable or has failed. The answer
 * leaves when nothing is owed any more. What a store has put off (settle_later) is done at the latest when the
 * thread has no call left to run and says settle_all.
 *
 *     settlement_open(&settlement, send_answer, request);
 *     settlement_close(&settlement, handler(…));
 *     …                                                      the next call, and the next
 *     settle_all();
 *
 * Where settlement_of_thread is NULL a commit returns when it is durable, as ever. */
#ifndef NERDX_BASE_SETTLE_H
#define NERDX_BASE_SETTLE_H

#include <stdatomic.h>

#include "base/err.h"

/* Runs once, on the thread that pays last. result: the first failure, or OK. */
typedef void (*SettledFn)(void *context, Err result);

typedef struct Settlement {
    atomic_int owed; /* one for the call itself, one for each commit */
    atomic_bool broken;
    Err failure; /* the first */
    SettledFn settled;
    void *context;
} Settlement;

/* Between the two the thread runs one call; result is what the call itself says. Closing may be the last
 * payment, after which *settlement may be gone. */
void settlement_open(Settlement *settlement, SettledFn settled, void *context);
void settlement_close(Settlement *settlement, Err result);

Settlement *settlement_of_thread(void);
void settlement_owe(Settlement *settlement);             /* by its thread, while it is open */
void settlement_pay(Settlement *settlement, Err result); /* by any thread, once for each owe */

/* What another service acknowledges must be durable when the call returns, as if it had gone over HTTP: until
 * the scope ends the thread waits for its commits.
 *
 *     AUTO_RESUME Settlement *suspended = settlement_suspend(); */
Settlement *settlement_suspend(void); /* may be NULL */
void settlement_resume(Settlement **suspended);
#define AUTO_RESUME __attribute__((cleanup(settlement_resume), unused))

/* finish(context) runs once in the thread's next settle_all, however often it was asked for. */
void settle_later(void (*finish)(void *context), void *context);
void settle_all(void);

#endif
