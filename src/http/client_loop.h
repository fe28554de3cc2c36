/* The one thread of a client that waits for the answers that are streamed, however many there are (client_poller.h). It never runs
 * who reads them: it puts bytes into a stream's inbox and says so. For the files of the client only. */
#ifndef NERDX_HTTP_CLIENT_LOOP_H
#define NERDX_HTTP_CLIENT_LOOP_H

#include <stdatomic.h>

#include "http/client_body.h"
#include "http/transfer.h"

enum { STREAM_TYPE_MAX = 128, STREAM_UNREAD_MAX = 256 << 10 };

typedef enum StreamStage {
    STREAM_WAITING, /* for its time, or for a request under way to end */
    STREAM_FLYING,
    STREAM_OVER
} StreamStage;

/* Of the loop until it is over, but for what the lock of the client guards. */
struct HttpStream {
    Transfer transfer;
    Arena *arena;
    const HttpReader *reader; /* of who reads */
    const Err *refused;       /* what the reader said last (err_keep) */
    HttpTold told;
    int64_t not_before_us;
    _Atomic int64_t until_us;     /* when nothing is worth waiting for any more */
    atomic_bool is_whole;         /* the reader has all of it */
    const atomic_bool *cancelled; /* of the call; or NULL */
    CURLcode code;
    StreamBody body;
    bool flew;                  /* it was sent before it ended */
    char type[STREAM_TYPE_MAX]; /* where the reply's content_type lies */

    /* guarded by the client's lock */
    StreamStage stage;
    HttpReply reply; /* its status is there with the first bytes */
    char *inbox;     /* what has come and wasn't read */
    size_t inbox_len;
    size_t inbox_capacity;
    bool is_told; /* the reader has been, and hasn't finished reading */
    bool is_held; /* the inbox was full: curl holds the rest back */
    bool is_unwanted;
    HttpStream *next; /* in the order they came */
    HttpStream *previous;
};

/* Started with the first stream. */
ClientLoop *client_loop_create(HttpClient *client);
void client_loop_destroy(ClientLoop *loop); /* every stream must be over; accepts NULL */

/* With the client's lock held: a stream is new, or is to be looked at. */
void client_loop_add(ClientLoop *loop, HttpStream *stream);
void client_loop_wake(ClientLoop *loop);

#endif
