#include "http/client_body.h"

#include "base/buf.h"

static void hold(StreamBody *body)
{
    Str text = body->writer.write(body->writer.context, &body->letter);

    body->len = text.len;
    body->is_held = true;
    *body->held += 1;
    curl_easy_setopt(body->handle, CURLOPT_POSTFIELDS, text.data);
    curl_easy_setopt(body->handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)text.len);
}

void stream_body_let_go(StreamBody *body)
{
    if (!body->is_held)
        return;
    body->is_held = false;
    *body->held -= 1;
    arena_finish(&body->letter);
}

/* Called as bytes go and come. */
static int note_progress(void *context, curl_off_t expected, curl_off_t come, curl_off_t length,
                         curl_off_t gone)
{
    StreamBody *body = context;

    (void)expected;
    (void)come;
    (void)length;
    if (gone == (curl_off_t)body->len)
        stream_body_let_go(body);
    return 0;
}

/* One more time than it seems: a connection that was kept may be found dead after the whole request went there, and curl
 * sends it again on another one. */
static int before_sending(void *context, char *to, char *from, int to_port, int from_port)
{
    StreamBody *body = context;

    (void)to;
    (void)from;
    (void)to_port;
    (void)from_port;
    if (!body->is_held)
        hold(body);
    return CURL_PREREQFUNC_OK;
}

void stream_body_send(StreamBody *body, CURL *handle, size_t *held)
{
    if (body->writer.write == NULL)
        return;
    body->held = held;
    body->handle = handle;
    hold(body);
    curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, before_sending);
    curl_easy_setopt(handle, CURLOPT_PREREQDATA, body);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, note_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, body);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}
