/* One request of the client on its way, for the files of the client only: client.c sends and waits for the whole answer,
 * client_stream.c hands the answer on as client_loop.c gets it. */
#ifndef NERDX_HTTP_TRANSFER_H
#define NERDX_HTTP_TRANSFER_H

#include <curl/curl.h>
#include <pthread.h>

#include "http/client.h"
#include "http/client_watch.h"

typedef struct ClientLoop ClientLoop;

/* The newest of the idle handles is taken first, as its connection is the least likely to have been closed by the
 * other side. (Connections of answers that are streamed belong to the loop.) */
struct HttpClient {
    char *base_url;
    char *host; /* of it, for traces; NULL: nobody can say */
    int64_t port;
    HttpClientConfig config;
    ClientWatch *watch; /* NULL: nobody counts */
    pthread_mutex_t lock;
    CURL **idle;
    size_t idle_count;
    pthread_cond_t ended; /* a request under way did */
    size_t open;          /* requests under way */
    size_t waiting;       /* and those that wait for one to end */
    ClientLoop *loop;     /* NULL until an answer is streamed */
};

typedef struct Transfer {
    HttpClient *client;
    ClientCall counted;
    CURL *handle;
    struct curl_slist *headers;
    Buf body;
    size_t max_body;
    bool too_large;
    Trace trace; /* what the other side is told; to be set before transfer_prepare */
} Transfer;

/* Waits for its turn until then (monotonic) when too many requests are under way. Errors: UNAVAILABLE. */
Err transfer_begin(Transfer *transfer, HttpClient *client, Arena *arena, int64_t until_us);
void transfer_finish(Transfer *transfer); /* gives the handle back */
#define AUTO_TRANSFER __attribute__((cleanup(transfer_finish)))

/* The same without waiting: the request isn't counted as under way. Errors: INTERNAL. */
Err transfer_begin_later(Transfer *transfer, HttpClient *client, Arena *arena);
void transfer_let_go(Transfer *transfer); /* gives the handle of such a one back */

/* Whether one more may be under way, and what is said when not even one more may wait; with the lock held. */
bool transfer_has_room(const HttpClient *client);
Err transfer_too_many(void);

/* Sets the handle up. receive gets the body; what it gets is *context. */
void transfer_prepare(Transfer *transfer, Arena *arena, const Call *call, const HttpRequest *request,
                      curl_write_callback receive, void *context);

/* A piece of the body, kept; false when that is too much. */
bool transfer_keep(Transfer *transfer, Str bytes);

/* Before the handle is given back. */
ClientOutcome transfer_outcome(const Transfer *transfer, CURLcode code);

/* What a failure of curl means. */
Err transfer_error(const Transfer *transfer, CURLcode code);
/* All but the body; content_type lasts as long as the handle. */
HttpReply transfer_read_head(const Transfer *transfer);
void transfer_read_reply(Transfer *transfer, Arena *arena, HttpReply *out);

/* Milliseconds left for this call, at least 1 so that curl's 0 (for ever) never comes about. */
long transfer_time_left_ms(const HttpClient *client, const Call *call);

#endif
