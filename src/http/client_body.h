/* The body of a request whose answer is streamed: written when it is sent, and gone once it has been. A thousand that wait for their
 * answers hold none. For client_loop.c only, on its thread. */
#ifndef NERDX_HTTP_CLIENT_BODY_H
#define NERDX_HTTP_CLIENT_BODY_H

#include <curl/curl.h>

#include "http/writer.h"

typedef struct StreamBody {
    HttpWriter writer; /* write NULL: the body, if any, is its owner's */
    Arena letter;
    size_t len;
    bool is_held;
    CURL *handle;
    size_t *held; /* how many the loop holds */
} StreamBody;

/* Has it written, and sent by the handle. */
void stream_body_send(StreamBody *body, CURL *handle, size_t *held);
void stream_body_let_go(StreamBody *body); /* harmless when it isn't held */

#endif
