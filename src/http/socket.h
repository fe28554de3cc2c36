/* One event log over one WebSocket: what sockets.h has many of. All but socket_open is for whoever has it, one thread at a time; nothing waits. */
#ifndef NERDX_HTTP_SOCKET_H
#define NERDX_HTTP_SOCKET_H

#include "http/frames.h"
#include "http/request.h"

typedef struct Socket {
    Request *request;
    int fd;
    Str early; /* what came with the handshake, in an arena of the request */
    uint64_t cursor;
    Frames *frames;
    bool is_behind; /* more could be said or heard at once */
    bool awaits_pong;
    int64_t pinged_us;  /* monotonic */
    int64_t closing_us; /* 0: it isn't */
} Socket;

/* The first four are set. */
void socket_open(Socket *socket);
void socket_finish(Socket *socket); /* says in the outcome how it went */

void socket_close(Socket *socket, int code);

/* Hears and says what there is. False: it is over. */
bool socket_take_turn(Socket *socket);

/* To be called now and then: pings, ends with the server, gives up who doesn't answer. False: it is over. */
bool socket_look(Socket *socket, int64_t now_us);

/* Events of epoll at which it should have its turn. */
uint32_t socket_waits_for(const Socket *socket);

#endif
