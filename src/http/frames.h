/* What is said on a WebSocket that goes one way, as frames (RFC 6455, section 5; by wslay), over whatever carries bytes. Pings are
 * answered, and a close is; a message that a peer sends is refused (1003; longer than FRAMES_HEARD_MAX: 1009), and so is
 * what isn't a frame (1002; a frame of control that is too long or in parts: without a code, as wslay has it) and what isn't text
 * where it must be (1007). Not thread-safe. */
#ifndef NERDX_HTTP_FRAMES_H
#define NERDX_HTTP_FRAMES_H

#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"

enum {
    FRAMES_NORMAL = 1000,
    FRAMES_GOING_AWAY = 1001,
    FRAMES_HEARD_MAX = 1024,   /* bytes of a message */
    FRAMES_ANSWERS_MAX = 8,    /* pongs that wait to be sent: nothing is read meanwhile */
    FRAMES_READ_MAX = 4 * 1024 /* bytes at once, so that who says much doesn't hold up others */
};

typedef struct Frames Frames;

/* How many bytes; 0: none for now; -1: it is broken. */
typedef struct FramesIo {
    ssize_t (*read)(void *context, uint8_t *out, size_t room);
    ssize_t (*write)(void *context, const uint8_t *bytes, size_t len);
    void *context;
} FramesIo;

Frames *frames_create(const FramesIo *io);
void frames_destroy(Frames *frames); /* accepts NULL */

/* What is there, and what can be sent at once; frames_wants_write says whether that was all. False: it is broken, nothing more can be said. */
bool frames_read(Frames *frames);
bool frames_write(Frames *frames);

bool frames_wants_read(const Frames *frames);
bool frames_wants_write(const Frames *frames); /* something waits to be sent */

void frames_say(Frames *frames, Str text);
void frames_ping(Frames *frames);
bool frames_was_answered(Frames *frames); /* a pong has come since this was last asked */

/* Nothing can be said behind it. */
void frames_close(Frames *frames, int code);
bool frames_has_closed(const Frames *frames); /* ours has been sent */
bool frames_was_closed(const Frames *frames); /* theirs has come */
bool frames_is_over(const Frames *frames);    /* ours is sent and theirs has come, or isn't waited for */

#endif
