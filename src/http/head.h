/* What libmicrohttpd lets through and RFC 9112 does not: checks of a request's head that it has parsed.
 *
 * The library keeps the head as one piece of memory, in which it has replaced the colon of each header and
 * both bytes of each CRLF by NUL. So the head is well formed only if each name begins right where the line
 * before has ended with two NULs, up to the last byte: a lone LF, a folded line, a NUL in a name or a value
 * and a blank before the colon all break that chain. (What can't be told apart is NUL LF from CR LF, and at the
 * very end NUL CR LF LF and its like from CR LF CR LF. The library has found the same lines and the same end,
 * so nothing can hide there.)
 */
#ifndef NERDX_HTTP_HEAD_H
#define NERDX_HTTP_HEAD_H

#include "base/err.h"
#include "http/exchange.h"

enum { HEAD_MAX_BYTES = 8 * 1024, HEAD_MAX_HEADERS = 64, HEAD_MAX_TARGET = 4 * 1024 };

/* Headers the server itself reads, in the order of the table in head.c. */
typedef enum KnownHeader {
    HEADER_ACCEPT,
    HEADER_ACCEPT_ENCODING,
    HEADER_CONTENT_ENCODING,
    HEADER_CONTENT_LENGTH,
    HEADER_CONTENT_TYPE,
    HEADER_EXPECT,
    HEADER_HOST,
    HEADER_IF_NONE_MATCH,
    HEADER_LAST_EVENT_ID,
    HEADER_TRACEPARENT,
    HEADER_TRANSFER_ENCODING,
    KNOWN_HEADER_COUNT,
    HEADER_OTHER = KNOWN_HEADER_COUNT
} KnownHeader;

typedef struct Head {
    Str bytes; /* the whole head as the library left it; absent: the chain isn't checked */
    Str method;
    Str target;
    const char *target_place; /* where it stood in bytes: the library has cut it up there since */
    Str version;
    const Header *headers;
    size_t header_count;

    /* Filled in by head_check. */
    Str known[KNOWN_HEADER_COUNT]; /* absent where the request has none */
    int64_t content_length;        /* -1 = none */
    bool chunked;
    bool expects_continue;
} Head;

/* A refusal with a status of its own (414, 431, 501 …); status 0 = the one of the error's code. */
typedef struct Refusal {
    int status;
    Err error;
} Refusal;

/* False, and why, when the request must be refused and its connection closed. */
bool head_check(Head *head, Refusal *refusal);

KnownHeader head_known(Str name);

#endif
