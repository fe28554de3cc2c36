/* An answer that is handed on as it comes. Waiting is done here and not by curl, for who reads the answer says how long
 * it is worth waiting for what comes next. */
#include "base/clock.h"
#include "http/transfer.h"

enum { US_PER_MS = 1000, SUCCESS_FIRST = 200, SUCCESS_LAST = 299 };

typedef struct Stream {
    Transfer transfer;
    const HttpReader *reader;
    Err taken; /* what the reader said last */
} Stream;

static void stream_finish(Stream *stream)
{
    if (stream->transfer.handle.multi != NULL)
        (void)curl_multi_remove_handle(stream->transfer.handle.multi, stream->transfer.handle.easy);
    transfer_finish(&stream->transfer);
}

/* The body of a refusal is kept, that of a success handed on. */
static size_t receive(char *data, size_t size, size_t count, void *context)
{
    Stream *stream = context;
    Str bytes = {data, size * count};
    long status = 0;

    curl_easy_getinfo(stream->transfer.handle.easy, CURLINFO_RESPONSE_CODE, &status);
    if (status < SUCCESS_FIRST || status > SUCCESS_LAST)
        return transfer_keep(&stream->transfer, bytes) ? bytes.len : 0;
    stream->taken = stream->reader->take(stream->reader->context, bytes);
    return failed(&stream->taken) ? 0 : bytes.len; /* 0: curl gives up */
}

static bool is_over(CURLM *multi, CURLcode *result)
{
    int left;
    const CURLMsg *message = curl_multi_info_read(multi, &left);

    if (message == NULL || message->msg != CURLMSG_DONE)
        return false;
    *result = message->data.result;
    return true;
}

/* Until the answer is whole, the reader has had enough, or what was due hasn't come. */
static CURLcode run(Stream *stream)
{
    CURLM *multi = stream->transfer.handle.multi;
    CURLcode result = CURLE_OK;
    int running;

    for (;;) {
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            return CURLE_FAILED_INIT;
        if (is_over(multi, &result))
            return result;
        int64_t left_us =
            stream->reader->until_us(stream->reader->context) - clock_monotonic_us(clock_system());
        if (left_us <= 0)
            return CURLE_OPERATION_TIMEDOUT;
        if (curl_multi_poll(multi, NULL, 0, (int)(left_us / US_PER_MS) + 1, NULL) != CURLM_OK)
            return CURLE_FAILED_INIT;
    }
}

static Err attach(Handle *handle)
{
    if (handle->multi == NULL)
        handle->multi = curl_multi_init();
    if (handle->multi == NULL || curl_multi_add_handle(handle->multi, handle->easy) != CURLM_OK)
        return err(INTERNAL, "no memory for a connection");
    return OK;
}

Err http_client_stream(HttpClient *client, Arena *arena, const Call *call, const HttpRequest *request,
                       const HttpReader *reader, HttpReply *out)
{
    __attribute__((cleanup(stream_finish))) Stream stream = {.reader = reader, .taken = OK};

    TRY(transfer_begin(&stream.transfer, client, arena, reader->until_us(reader->context)));
    transfer_prepare(&stream.transfer, arena, call, request, receive, &stream);
    TRY(attach(&stream.transfer.handle));
    CURLcode code = run(&stream);
    if (failed(&stream.taken))
        return stream.taken;
    if (code != CURLE_OK)
        return transfer_error(&stream.transfer, code);
    transfer_read_reply(&stream.transfer, arena, out);
    return OK;
}
