#include "http/frames.h"

#include <assert.h>
#include <wslay/wslay.h>

#include "base/memory.h"

/* wslay takes all that it was given, before it asks for more: with empty pings, 85 at most. */
enum { READ_AT_ONCE = 512 };

struct Frames {
    wslay_event_context_ptr context;
    FramesIo io;
    size_t room; /* bytes that may yet be read this time */
    bool is_broken;
    bool was_answered;
};

static ssize_t result_of(Frames *frames, ssize_t count)
{
    if (count > 0)
        return count;
    frames->is_broken = frames->is_broken || count < 0;
    wslay_event_set_error(frames->context, count == 0 ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

/* What a close has overtaken is still counted. */
static bool may_answer(const Frames *frames)
{
    return !wslay_event_want_write(frames->context) ||
           wslay_event_get_queued_msg_count(frames->context) < FRAMES_ANSWERS_MAX;
}

static ssize_t receive(wslay_event_context_ptr context, uint8_t *out, size_t room, int flags, void *user)
{
    Frames *frames = user;
    size_t most = room < READ_AT_ONCE ? room : READ_AT_ONCE;

    (void)context;
    (void)flags;
    if (frames->room < most || !may_answer(frames))
        return result_of(frames, 0);
    frames->room -= most;
    return result_of(frames, frames->io.read(frames->io.context, out, most));
}

static ssize_t transmit(wslay_event_context_ptr context, const uint8_t *bytes, size_t len, int flags,
                        void *user)
{
    Frames *frames = user;

    (void)context;
    (void)flags;
    return result_of(frames, frames->io.write(frames->io.context, bytes, len));
}

/* Its length has been looked at. */
static void on_frame(wslay_event_context_ptr context, const struct wslay_event_on_frame_recv_start_arg *frame,
                     void *user)
{
    Frames *frames = user;

    if (frame->opcode == WSLAY_PONG)
        frames->was_answered = true;
    if (wslay_is_ctrl_frame(frame->opcode))
        return;
    (void)wslay_event_queue_close(context, WSLAY_CODE_UNSUPPORTED_DATA, NULL, 0);
    wslay_event_shutdown_read(context);
}

Frames *frames_create(const FramesIo *io)
{
    static const struct wslay_event_callbacks CALLS = {
        .recv_callback = receive, .send_callback = transmit, .on_frame_recv_start_callback = on_frame};
    Frames *frames = memory_new(Frames);

    frames->io = *io;
    int failure = wslay_event_context_server_init(&frames->context, &CALLS, frames);
    assert(failure == 0); /* it fails without memory only */
    (void)failure;
    wslay_event_config_set_max_recv_msg_length(frames->context, FRAMES_HEARD_MAX);
    return frames;
}

void frames_destroy(Frames *frames)
{
    if (frames == NULL)
        return;
    wslay_event_context_free(frames->context);
    memory_free(frames);
}

/* What wslay refuses it closes, too, which is yet to be sent. */
bool frames_read(Frames *frames)
{
    frames->room = FRAMES_READ_MAX;
    (void)wslay_event_recv(frames->context);
    return !frames->is_broken;
}

bool frames_write(Frames *frames)
{
    (void)wslay_event_send(frames->context);
    return !frames->is_broken;
}

bool frames_wants_read(const Frames *frames)
{
    return wslay_event_want_read(frames->context) && may_answer(frames);
}

bool frames_wants_write(const Frames *frames)
{
    return wslay_event_want_write(frames->context);
}

static void queue(Frames *frames, enum wslay_opcode opcode, Str text)
{
    const struct wslay_event_msg message = {(uint8_t)opcode, (const uint8_t *)text.data, text.len};

    (void)wslay_event_queue_msg(frames->context, &message); /* refused behind a close */
}

void frames_say(Frames *frames, Str text)
{
    queue(frames, WSLAY_TEXT_FRAME, text);
}

void frames_ping(Frames *frames)
{
    queue(frames, WSLAY_PING, STR(""));
}

bool frames_was_answered(Frames *frames)
{
    bool was_answered = frames->was_answered;

    frames->was_answered = false;
    return was_answered;
}

void frames_close(Frames *frames, int code)
{
    (void)wslay_event_queue_close(frames->context, (uint16_t)code, NULL, 0);
}

bool frames_has_closed(const Frames *frames)
{
    return wslay_event_get_close_sent(frames->context);
}

bool frames_was_closed(const Frames *frames)
{
    return wslay_event_get_close_received(frames->context);
}

bool frames_is_over(const Frames *frames)
{
    return !wslay_event_want_read(frames->context) && !wslay_event_want_write(frames->context);
}
