/* Bytes as what a client says on a WebSocket, in pieces: that ends, and what is said back are frames, no more than were asked for. */
#include "http/frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SAID_MAX = 1 << 16, HEAD = 2, CONTROL_MAX = 125, OPCODE_CLOSE = 8, OPCODE_PONG = 10 };

typedef struct Client {
    Str says;
    size_t at_once;
    size_t hears; /* bytes at once */
    uint8_t *heard;
    size_t heard_len;
} Client;

static ssize_t read_bytes(void *context, uint8_t *out, size_t room)
{
    Client *client = context;
    size_t len = client->says.len < room ? client->says.len : room;

    len = len < client->at_once ? len : client->at_once;
    if (len > 0)
        memcpy(out, client->says.data, len);
    client->says = str_slice(client->says, len, client->says.len);
    return (ssize_t)len;
}

static ssize_t write_bytes(void *context, const uint8_t *bytes, size_t len)
{
    Client *client = context;

    len = len < client->hears ? len : client->hears;
    if (len > SAID_MAX - client->heard_len)
        abort();
    memcpy(client->heard + client->heard_len, bytes, len);
    client->heard_len += len;
    return (ssize_t)len;
}

/* Pongs, and at the end a close perhaps; neither masked nor in parts. */
static void demand_frames(const uint8_t *heard, size_t len)
{
    bool is_closed = false;

    for (size_t at = 0; at < len; at += HEAD + heard[at + 1]) {
        int opcode = heard[at] & 0x0f;
        if (is_closed || len - at < HEAD || (heard[at] & 0xf0) != 0x80 || heard[at + 1] > CONTROL_MAX ||
            (opcode != OPCODE_CLOSE && opcode != OPCODE_PONG) || len - at - HEAD < heard[at + 1])
            abort();
        is_closed = opcode == OPCODE_CLOSE;
    }
}

static void talk(Frames *frames, const Client *client)
{
    size_t left;

    do {
        left = client->says.len;
        if (!frames_read(frames) || !frames_write(frames))
            abort(); /* nothing is broken here but what is said */
    } while (!frames_is_over(frames) && (client->says.len < left || frames_wants_write(frames)));
    if (frames_is_over(frames) != frames_has_closed(frames))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD || size > SAID_MAX / 4)
        return 0;
    Client client = {.says = {(const char *)data + HEAD, size - HEAD},
                     .at_once = 1U + data[0],
                     .hears = 1U + data[1],
                     .heard = malloc(SAID_MAX)};
    Frames *frames = frames_create(&(FramesIo){read_bytes, write_bytes, &client});

    talk(frames, &client);
    if (client.heard_len > 2 * size + HEAD + CONTROL_MAX)
        abort();
    demand_frames(client.heard, client.heard_len);
    frames_destroy(frames);
    free(client.heard);
    return 0;
}
