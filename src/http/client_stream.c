/* An answer that is handed on as it comes. The client's loop gets it (client_loop.c); whoever is told reads it. */
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "http/client_loop.h"

enum { SUCCESS_FIRST = 200, SUCCESS_LAST = 299 };

/* --- opening --- */

/* With the lock held: no more wait for their turn than may. Who comes back after a pause has been let in before. */
static Err may_wait(const HttpClient *client)
{
    const HttpClientConfig *config = &client->config;

    if (config->max_open > 0 && config->max_waiting > 0 &&
        client->open + client->waiting >= config->max_open + config->max_waiting)
        return err_retry_after(err(UNAVAILABLE, "too many wait for a service already"), 1);
    return OK;
}

static Err join(HttpClient *client, HttpStream *stream)
{
    MUTEX_HOLD(&client->lock);
    if (client->loop == NULL)
        client->loop = client_loop_create(client);
    if (client->loop == NULL)
        return err(INTERNAL, "no memory for connections");
    if (stream->not_before_us == 0)
        TRY(may_wait(client));
    client->waiting++;
    client_loop_add(client->loop, stream);
    return OK;
}

static void stream_free(HttpStream *stream)
{
    memory_free(stream->inbox);
    memory_free(stream);
}

Err http_client_open(HttpClient *client, Arena *arena, const Call *call, const HttpRequest *request,
                     const HttpReader *reader, int64_t not_before_us, HttpTold told, HttpStream **out)
{
    HttpStream *stream = memory_new(HttpStream);

    stream->arena = arena;
    stream->reader = reader;
    stream->told = told;
    stream->not_before_us = not_before_us;
    stream->cancelled = call != NULL ? call->cancelled : NULL;
    stream->body.writer = request->writer;
    atomic_init(&stream->is_whole, false);
    atomic_init(&stream->until_us, reader->until_us(reader->context));
    *out = stream;
    Err e = transfer_begin_later(&stream->transfer, client, arena);
    if (!failed(&e)) {
        stream->transfer.trace = call == NULL ? trace_new() : call->trace;
        transfer_prepare(&stream->transfer, arena, call, request, NULL, NULL);
        client_call_wait(&stream->transfer.counted, client->watch, not_before_us);
        e = join(client, stream);
    }
    if (failed(&e)) {
        client_call_end(&stream->transfer.counted, CLIENT_NO_ROOM);
        transfer_let_go(&stream->transfer);
        stream_free(stream);
    }
    return e;
}

/* --- reading --- */

/* What has come since the last look; with nothing new, the next news are told again. */
typedef struct Mail {
    char *bytes;
    size_t len;
    int status;
    bool is_over;
} Mail;

static bool take_mail(HttpStream *stream, Mail *out)
{
    HttpClient *client = stream->transfer.client;
    MUTEX_HOLD(&client->lock);

    *out = (Mail){stream->inbox, stream->inbox_len, stream->reply.status, stream->stage == STREAM_OVER};
    stream->inbox = NULL;
    stream->inbox_len = stream->inbox_capacity = 0;
    if (out->len > 0 && stream->is_held)
        client_loop_wake(client->loop);
    stream->is_told = out->len > 0 || out->is_over;
    return stream->is_told;
}

static void want_no_more(HttpStream *stream)
{
    HttpClient *client = stream->transfer.client;
    MUTEX_HOLD(&client->lock);

    stream->is_unwanted = true;
    client_loop_wake(client->loop);
}

/* The body of a refusal is kept, that of a success handed on. */
static void hand_on(HttpStream *stream, const Mail *mail)
{
    const HttpReader *reader = stream->reader;
    Str bytes = {mail->bytes, mail->len};
    bool is_success = mail->status >= SUCCESS_FIRST && mail->status <= SUCCESS_LAST;

    if (stream->refused || stream->transfer.too_large)
        return;
    if (is_success)
        stream->refused = err_keep(stream->arena, reader->take(reader->context, bytes));
    else
        (void)transfer_keep(&stream->transfer, bytes);
    if (stream->refused || stream->transfer.too_large)
        want_no_more(stream);
    else if (is_success && reader->is_whole != NULL)
        atomic_store(&stream->is_whole, reader->is_whole(reader->context));
    atomic_store(&stream->until_us, reader->until_us(reader->context));
}

static Err result_of(HttpStream *stream, HttpReply *out)
{
    if (stream->refused)
        return *stream->refused;
    if (stream->transfer.too_large)
        return transfer_error(&stream->transfer, CURLE_WRITE_ERROR);
    if (stream->code == CURLE_ABORTED_BY_CALLBACK)
        return err(GONE, "the answer isn't wanted any more");
    if (stream->code == CURLE_OPERATION_TIMEDOUT && !stream->flew)
        return transfer_too_many();
    if (stream->code != CURLE_OK)
        return transfer_error(&stream->transfer, stream->code);
    *out = stream->reply;
    if (out->content_type.data != NULL)
        out->content_type = str_copy(stream->arena, out->content_type);
    out->body = buf_str(&stream->transfer.body);
    return OK;
}

bool http_stream_read(HttpStream *stream, HttpReply *out, Err *result)
{
    Mail mail;

    while (take_mail(stream, &mail)) {
        if (mail.len > 0)
            hand_on(stream, &mail);
        memory_free(mail.bytes);
        if (mail.is_over) {
            *result = result_of(stream, out);
            stream_free(stream);
            return true;
        }
    }
    return false;
}
