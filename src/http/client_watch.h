/* What every server shows of those it calls by HTTP, by the name of the client: nerdx_client_requests_total by what came of them,
 * nerdx_client_request_seconds, and how many are under way, may be and wait. Whoever is called isn't named: no address is in a label.
 *
 *     ClientCall call;
 *     client_call_wait(&call, client_watch_of("webhooks"), 0);
 *     client_call_go(&call);                                        its connection is free
 *     client_call_end(&call, client_outcome_of(code, status)); */
#ifndef NERDX_HTTP_CLIENT_WATCH_H
#define NERDX_HTTP_CLIENT_WATCH_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

enum { CLIENT_NAME_MAX = 24, CLIENT_NAMES_MOST = 16 };

typedef enum ClientOutcome {
    CLIENT_OK,
    CLIENT_3XX,
    CLIENT_4XX,
    CLIENT_5XX,
    CLIENT_TIMED_OUT,
    CLIENT_UNREACHED,  /* no such name, nobody listens, no TLS */
    CLIENT_CUT,        /* the connection broke before the answer was whole */
    CLIENT_TOO_LARGE,  /* the answer was */
    CLIENT_CANCELLED,  /* nobody wanted the rest */
    CLIENT_NO_ROOM,    /* it was never sent: as many as may be were under way */
    CLIENT_FORBIDDEN,  /* nor was this: its name led to an address inside (http/outside.h) */
    CLIENT_LEFT_ALONE, /* nor this: a breaker is open, or the server wants rest */
    CLIENT_OUTCOMES
} ClientOutcome;

typedef struct ClientWatch ClientWatch;

/* Of all clients of that name, kept as long as the program. name: a word of the code, small letters, digits and '_'; NULL: nothing is counted. */
ClientWatch *client_watch_of(const char *name);

/* One more pool of so many at once, or one less (0: of no limit). All of these accept NULL. */
void client_watch_pool(ClientWatch *watch, int64_t most);
void client_watch_left_alone(ClientWatch *watch);

/* One request. Zeroed: none. */
typedef struct ClientCall {
    ClientWatch *watch;
    int64_t from_us;
    bool is_under_way;
} ClientCall;

/* from_us: monotonic, when it is to be sent at the earliest; 0 = now. Its time counts from there. */
void client_call_wait(ClientCall *call, ClientWatch *watch, int64_t from_us);
void client_call_go(ClientCall *call);
void client_call_end(ClientCall *call, ClientOutcome outcome); /* once; harmless when there is none */

/* What curl says came of it. */
ClientOutcome client_outcome_of(CURLcode code, long status);

#endif
