/* HTTP to other services (libcurl): connections are kept and shared, every wait is bounded, a problem that
 * comes back is the Err it was. Generated clients use http_client_invoke; http_client_send is for the rest. */
#ifndef NERDX_HTTP_CLIENT_H
#define NERDX_HTTP_CLIENT_H

#include "http/contract/binding.h"
#include "http/writer.h"

typedef struct HttpClientConfig {
    const char *name;       /* of those that are counted together (client_watch.h); NULL: it isn't counted */
    const char *base_url;   /* "http://127.0.0.1:8080"; a path ("/v1") comes before each target */
    int connect_timeout_ms; /* 0 = 2000 */
    int total_timeout_ms;   /* 0 = 30000; a call's deadline may shorten it */
    size_t max_body;        /* bytes of an answer; 0 = 8 MiB */
    size_t max_idle;        /* connections kept open; 0 = 16 */
    size_t max_open;        /* requests under way at once; more wait for one to end. 0 = no limit */
    size_t max_waiting;     /* that wait so; more are turned away. 0 = no limit */
    /* What to show as Authorization with an operation of the contract, in the call's arena; NULL: nothing. */
    const char *(*show)(void *context, const Call *call, Str method, Str target);
    void *show_context;
    /* Somebody else's: the environment may name a proxy (https_proxy, no_proxy), and tracestate isn't sent. */
    bool is_outside;
} HttpClientConfig;

typedef struct HttpRequest {
    const char *method;
    Str target;                 /* "/path?query" */
    Str body;                   /* absent = none */
    HttpWriter writer;          /* of a body, in its place: see http_client_open */
    const char *body_type;      /* its media type; NULL = JSON */
    const char *auth;           /* value of an Authorization header, or NULL */
    const char *const *headers; /* further "Name: value" lines, ended by NULL; NULL = none */
    const char *accept;         /* media types of the answer; NULL = JSON */
    const char *route;          /* the template of the target, for traces; NULL = it has none */
} HttpRequest;

typedef struct HttpReply {
    int status;
    int retry_after_s; /* of a Retry-After header in seconds; 0 = none */
    Str content_type;  /* absent when there was none */
    Str body;          /* in the arena */
} HttpReply;

/* Thread-safe; one for each service that is elsewhere. Errors: INVALID for a base_url that isn't http(s). */
Err http_client_create(const HttpClientConfig *config, HttpClient **out);
void http_client_destroy(HttpClient *client); /* accepts NULL */

/* How many requests are under way, and how many wait for one of those to end. */
typedef struct HttpClientLoad {
    size_t open;
    size_t waiting;
} HttpClientLoad;
HttpClientLoad http_client_load(HttpClient *client);

/* Its caller sent nothing, as a breaker is open or the server wants rest: that is counted too. */
void http_client_leave_alone(HttpClient *client);

/* One request; any status is an answer. trace and deadline are the call's (NULL = a new trace, no deadline).
 * Errors: UNAVAILABLE when the server can't be reached, or no connection came free in time; TIMED_OUT; INTERNAL when the
 * answer is too large. */
Err http_client_send(HttpClient *client, Arena *arena, const Call *call, const HttpRequest *request,
                     HttpReply *out);

/* Takes an answer as it comes. take: the next piece of a success's body; an error of its own ends the answer with that
 * error. until_us: when to give up waiting (monotonic), asked at the beginning and whenever something was taken; also how long a
 * free connection is waited for. is_whole, asked before until_us: nothing is missing any more, so that what until_us ends then is a
 * success, and its connection is let go; NULL: only the server says so, by ending it. */
typedef struct HttpReader {
    void *context;
    Err (*take)(void *context, Str bytes);
    int64_t (*until_us)(void *context);
    bool (*is_whole)(void *context);
} HttpReader;

/* An answer on its way. No thread waits for it: told(context) is called, on the one thread that the client has for all of them, when
 * something has come. It must not wait, and has http_stream_read called by some other thread; it isn't called again before that
 * has returned false. */
typedef struct HttpStream HttpStream;

typedef struct HttpTold {
    void (*told)(void *context);
    void *context;
} HttpTold;

/* not_before_us: when it is to be sent (monotonic); 0 = now. What request and reader point to must last until the stream is over.
 * The request's writer is called on the client's thread when the request is sent; what it wrote is gone once it has been.
 * Errors: those that are known at once; then there is no stream. */
Err http_client_open(HttpClient *client, Arena *arena, const Call *call, const HttpRequest *request,
                     const HttpReader *reader, int64_t not_before_us, HttpTold told, HttpStream **out);

/* Gives the reader what has come. True: it is over, and gone. *result is as of http_client_send, or TIMED_OUT also when until_us
 * has come, GONE soon after the call was cancelled, or the reader's own error; *out its reply, whose body is empty when a success (2xx) went to the reader. */
bool http_stream_read(HttpStream *stream, HttpReply *out, Err *result);

/* An operation of the contract: sends *in, fills in *out. Errors: the server's own, as they were, and those of
 * http_client_send. */
Err http_client_invoke(HttpClient *client, const Binding *binding, Call *call, const void *in, void *out);

#endif
