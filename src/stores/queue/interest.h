/* Who wants what was told, now: what nobody does isn't delivered. Each type is asked after once, in a transaction or a round of one. */
#ifndef NERDX_STORES_QUEUE_INTEREST_H
#define NERDX_STORES_QUEUE_INTEREST_H

#include "stores/queue/queue.h"

typedef struct Wanted {
    Str type;
    bool by[EVENT_MOST_CONSUMERS]; /* in the order of the queue's subscriptions */
    bool by_anybody;
} Wanted;

/* All of it in the arena. */
typedef struct Interest {
    Queue *queue;
    Arena *arena;
    Wanted *known;
    size_t count, capacity;
} Interest;

/* Until the next is asked for. */
const Wanted *interest_find(Interest *interest, Str type);

/* What was found is a hint for who tells: of what nobody wanted lately nobody needs to hear at once. */
void interest_note(const Interest *interest);

/* Something was told. */
void interest_call(Queue *queue);

#endif
