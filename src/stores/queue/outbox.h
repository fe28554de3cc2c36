/* The events of a queue's database from inside: handing out what was told, throwing away what is old. */
#ifndef NERDX_STORES_QUEUE_OUTBOX_H
#define NERDX_STORES_QUEUE_OUTBOX_H

#include "stores/queue/queue.h"

Err outbox_note(Tx *tx); /* when the queue is opened */

/* What waits becomes a job for each consumer that wants it: some thousand at most. Nothing, while nobody has subscribed. */
Err outbox_hand_out(Queue *queue, Arena *arena);

/* What waits in the queue's source becomes events here. That the source is away is no error: what is here goes on. */
void outbox_take_over(Queue *queue, Arena *arena);
/* The event as it goes to others. Errors: TOO_LARGE. */
Err outbox_write_whole(Arena *arena, const EventNew *event, Str event_id, int64_t time_us, Json *whole);
Err outbox_sweep(Tx *tx, int64_t now_us);

#endif
