/* What others are told of the world (api/events.yaml). What happened lies in the graph's outbox since the write that made it so; from there
 * the world's queue takes it over, whatever store the graph is in, and it is delivered as any other service's events are. */
#ifndef NERDX_SERVICES_WORLD_TELL_H
#define NERDX_SERVICES_WORLD_TELL_H

#include "base/clock.h"
#include "stores/graph/graph.h"
#include "stores/queue/queue.h"

typedef struct Teller Teller;

/* store: where deliveries wait ("sqlite:/path/proposals.db"). The graph and the clock must outlive it. Errors: those of sql_open. */
Err teller_create(const char *store, Graph *graph, const Clock *clock, Teller **out);
void teller_destroy(Teller *teller); /* accepts NULL */

/* Something was written: it is told soon. Accepts NULL: nobody tells, other processes do. */
void teller_note(Teller *teller);

JobTable teller_jobs(void);
Queue *teller_queue(const Teller *teller);
void teller_start_jobs(Teller *teller, size_t threads);
void teller_stop_jobs(Teller *teller);

#endif
