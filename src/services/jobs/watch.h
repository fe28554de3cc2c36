/* Jobs that somebody follows: one thread looks at them again and again and tells what has changed. Whoever does a job may be
 * another process, so that there is nobody here who could say it. */
#ifndef NERDX_SERVICES_JOBS_WATCH_H
#define NERDX_SERVICES_JOBS_WATCH_H

#include "http/events.h"
#include "stores/queue/queue.h"

enum { WATCH_LOOK_MS = 250, WATCH_LONGEST_S = 600, WATCH_EVENTS_MAX_BYTES = 1024 * 1024 };

typedef struct Watch Watch;

Watch *watch_create(void);
void watch_destroy(Watch *watch); /* accepts NULL */

/* The events of a job, at least one: its latest is how it is now. It ends with the job, or after WATCH_LONGEST_S. The caller
 * releases the log. Errors: INTERNAL. */
Err watch_follow(Watch *watch, Queue *queue, const JobShown *job, EventLog **out);

#endif
