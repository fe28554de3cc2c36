/* One request and its answer, as routes and filters see it. The server fills in the first part before anyone
 * is asked; a handler fills in the second with exchange_reply, exchange_put_header or exchange_stream.
 * Everything it points to lives in its arena until the answer is sent and the handler has returned. */
#ifndef NERDX_HTTP_EXCHANGE_H
#define NERDX_HTTP_EXCHANGE_H

#include "http/call.h"

enum { EXCHANGE_MAX_REPLY_HEADERS = 24 };

typedef struct Header {
    Str name; /* as it came: compare with str_equal_nocase */
    Str value;
} Header;

typedef struct ReplyHeader {
    const char *name;
    const char *value;
} ReplyHeader;

/* The rest of an answer, made while the client takes it (flow.h): next makes a piece of it, on a worker. arena: the piece's. context lasts
 * as long as the exchange. */
typedef struct FlowSource {
    Err (*next)(void *context, Arena *arena, Str *piece, bool *is_over);
    void *context;
} FlowSource;

typedef struct Exchange {
    /* What came in: doesn't change any more. */
    Arena arena;       /* the handler's: filters that run at the end leave it alone */
    const char *route; /* the template that matched, "/api/v1/world-model/entity/{id}"; "" when none did */
    const char *limit_class; /* of the route */
    Str method;
    Str target; /* as it came, percent-encoded, with the query */
    const Header *headers;
    size_t header_count;
    CallInput input; /* decoded path and query parameters; body */
    Trace trace;     /* this request's span in its trace */
    Str client;      /* the peer's address as text, without its port */
    Str origin;      /* the address it came from, where proxies stand between and a filter has found it out */
    int64_t start_us;      /* monotonic: when the request line was there */
    Identity identity;     /* who is asking, once a filter has found it out */
    bool from_node;        /* another process of ours asks for them, which has checked what they may */
    const char *challenge; /* what WWW-Authenticate says of a credential that was no good; NULL = none came */
    Str tail;              /* for a route that ends in "/ *": the decoded rest of the path */

    /* What goes out: the handler's until it has returned. */
    int status; /* 0 until there is an answer */
    const char *content_type;
    Str body;
    const FlowSource *rest; /* what comes behind it; NULL: nothing */
    ReplyHeader reply_headers[EXCHANGE_MAX_REPLY_HEADERS];
    size_t reply_header_count;
} Exchange;

/* How it went, for filters that run at the end. */
typedef struct Outcome {
    int status;
    uint64_t bytes; /* of the body */
    int64_t duration_us;
    int64_t work_us;  /* the same; of what somebody follows: until its stream began */
    bool aborted;     /* the connection ended before the answer was out */
    bool is_traced;   /* its trace is kept */
    const Err *error; /* why it was refused, or NULL; its detail is for the log */
} Outcome;

/* The value of the first request header with this name; absent when there is none. */
Str exchange_header(const Exchange *exchange, Str name);

/* content_type and body must live as long as the arena. */
void exchange_reply(Exchange *exchange, int status, const char *content_type, Str body);

/* The same of an answer that goes on. body: its first piece. */
void exchange_reply_on(Exchange *exchange, int status, const char *content_type, Str body,
                       const FlowSource *rest);

/* Both texts must live as long as the arena, and hold no control characters. */
void exchange_put_header(Exchange *exchange, const char *name, const char *value);

/* Answers with the events of a log (retained until the answer is over), those after last_event_id, while
 * the handler may go on. Last-Event-ID, or ?last_event_id=, says where to start. */
void exchange_stream(Exchange *exchange, EventLog *log);
void exchange_stream_after(Exchange *exchange, EventLog *log,
                           uint64_t id);                   /* from the event behind that one on */
uint64_t exchange_last_event_id(const Exchange *exchange); /* 0 = from the start */

#endif
