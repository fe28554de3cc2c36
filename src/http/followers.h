/* Things that somebody follows: one thread looks at each again and again and tells what has changed. Whoever changes them may be
 * another process, so that there is nobody here who could say it.
 *
 *     static const FollowKind JOB = {.thread = "job-watch", .look = look, .look_ms = 250, .longest_s = 600, .log_bytes = 65536};
 *
 *     TRY(followers_add(jobs->followers, arena, &followed, sizeof followed, &log));
 *     call_stream(call, log);
 *     event_log_release(log); */
#ifndef NERDX_HTTP_FOLLOWERS_H
#define NERDX_HTTP_FOLLOWERS_H

#include "http/events.h"

typedef struct FollowKind {
    const char *thread; /* its name, at most 15 bytes */
    /* Appends what has changed since it looked last (event_log_ends_with knows). Errors: LIMITED, the log is full: the stream ends;
     * any other, it can't be read just now: nothing is told. *is_over: nothing will change any more, the stream ends. */
    Err (*look)(void *thing, Arena *arena, EventLog *log, bool *is_over);
    int look_ms;      /* from one look to the next */
    int longest_s;    /* a stream ends then: whoever reads comes back */
    size_t log_bytes; /* of one stream */
} FollowKind;

typedef struct Followers Followers;

/* The kind must outlive it. */
Followers *followers_create(const FollowKind *kind);
void followers_destroy(Followers *followers); /* ends all streams; accepts NULL */

/* A stream of a thing, a copy of which is kept: each reader has one of their own, whose first events tell how it is now. The caller
 * releases the log. Errors: those of the first look. */
Err followers_add(Followers *followers, Arena *arena, const void *thing, size_t size, EventLog **out);

#endif
