/* A thread that looks, again and again, after what waits for something that may never come: calls for their
 * answer, event streams for news, connections for their clients. */
#ifndef NERDX_HTTP_KEEPER_H
#define NERDX_HTTP_KEEPER_H

#include "base/clock.h"
#include "http/connections.h"

typedef struct Watched Watched;

/* Part of what is looked after. Watched and unwatched by one thread only, the loop of its connection. */
struct Watched {
    void (*look)(Watched *watched, int64_t now_us); /* on another thread, under the keeper's lock */
    bool watched;
    Watched *next; /* guarded by the keeper's lock */
    Watched *previous;
};

typedef struct Keeper {
    const Clock *clock;
    Connections *connections;
    pthread_mutex_t lock;
    pthread_cond_t wakes;
    Watched *first;
    bool ends;
    bool started;
    pthread_t thread;
} Keeper;

void keeper_init(Keeper *keeper, const Clock *clock, Connections *connections);
void keeper_finish(Keeper *keeper); /* ends the thread */
void keeper_start(Keeper *keeper);

void keeper_watch(Keeper *keeper, Watched *watched);
void keeper_unwatch(Keeper *keeper, Watched *watched); /* harmless when it isn't watched */
void keeper_look(Keeper *keeper);                      /* at everything, now */

#endif
