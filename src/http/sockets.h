/* Event logs over WebSockets: what a request has asked for as events, a message each, {"id":3,"event":"progress","data":{…}}. One thread
 * serves all of them. A reader gets what they can take, by a cursor of their own, so that who is slow holds up nobody and costs
 * one message; who hasn't answered a ping for idle_timeout_ms is let go. When the log has ended the socket is closed with 1000,
 * when the server ends with 1001; a client that was cut comes back with ?last_event_id=, as with any stream. */
#ifndef NERDX_HTTP_SOCKETS_H
#define NERDX_HTTP_SOCKETS_H

#include "http/request.h"

/* 101, and the request's event log from there on. NULL without memory. */
struct MHD_Response *sockets_response(Request *request);

#endif
