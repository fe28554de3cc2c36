/* Who may touch a request's answer. The phase is changed by exchange, so that exactly one side wakes the
 * connection:
 *
 *     RUNNING  --handler returns or begins a stream-->  ANSWERED            (the loop has not gone to sleep)
 *     RUNNING  --the loop suspends the connection-->    ASLEEP
 *     ASLEEP   --handler returns or begins a stream-->  ANSWERED            and the connection is resumed
 *     ASLEEP   --deadline, or the server ends-->        GIVEN_UP            and the connection is resumed
 */
#ifndef NERDX_HTTP_PHASE_H
#define NERDX_HTTP_PHASE_H

#include "http/request.h"

/* On the loop, when a worker has the request: sleeps until it is answered, or its deadline has passed. */
void phase_fall_asleep(Request *request);

/* From any thread: there is something to send. */
void phase_answered(Request *request);

/* On the loop: the answer, or 504 in its stead, can be sent. */
bool phase_is_over(const Request *request);
bool phase_was_given_up(const Request *request);

/* No thread is about to resume a connection any more, once `stopping` is set and keeper_look has looked. */
void phase_wait_for_wakers(Server *server);

#endif
