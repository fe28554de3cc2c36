#include "http/outside.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/client_watch.h"

/* ---- addresses */

typedef struct Net4 {
    uint32_t address;
    int bits;
} Net4;

static const Net4 NOT_PUBLIC_4[] = {
    {0x00000000, 8},  /* this network */
    {0x0A000000, 8},  /* private */
    {0x64400000, 10}, /* shared with a provider */
    {0x7F000000, 8},  /* loopback */
    {0xA9FE0000, 16}, /* link-local; clouds tell secrets at 169.254.169.254 */
    {0xAC100000, 12}, /* private */
    {0xC0000000, 24}, /* of protocols */
    {0xC0000200, 24}, /* documentation */
    {0xC0586300, 24}, /* 6to4 relays */
    {0xC0A80000, 16}, /* private */
    {0xC6120000, 15}, /* benchmarks */
    {0xC6336400, 24}, /* documentation */
    {0xCB007100, 24}, /* documentation */
    {0xE0000000, 4},  /* groups */
    {0xF0000000, 4},  /* reserved, and everybody */
};

static bool is_public_4(uint32_t address)
{
    for (size_t i = 0; i < sizeof NOT_PUBLIC_4 / sizeof *NOT_PUBLIC_4; i++)
        if (address >> (32 - NOT_PUBLIC_4[i].bits) == NOT_PUBLIC_4[i].address >> (32 - NOT_PUBLIC_4[i].bits))
            return false;
    return true;
}

/* 2000::/3 is what is given out; IPv4 in any of its disguises isn't in it but for 6to4 (2002::/16) and Teredo, which is of 2001::/23. */
static bool is_public_6(const uint8_t a[static 16])
{
    bool is_given_out = a[0] >> 5 == 1;
    bool is_of_protocols = a[0] == 0x20 && a[1] == 0x01 && a[2] <= 0x01;
    bool is_documentation = (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8) ||
                            (a[0] == 0x3F && a[1] == 0xFF && a[2] < 0x10);
    bool is_6to4 = a[0] == 0x20 && a[1] == 0x02;

    return is_given_out && !is_of_protocols && !is_documentation && !is_6to4;
}

bool outside_is_public(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return is_public_4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&v6, address, sizeof v6);
    return is_public_6(v6.sin6_addr.s6_addr);
}

/* ---- a URL */

static Err bad_url(const char *what)
{
    return err(UNPROCESSABLE, "url: %s", what);
}

static bool has(CURLU *parts, CURLUPart part)
{
    char *text = NULL;
    bool is_there = curl_url_get(parts, part, &text, 0) == CURLUE_OK && text != NULL;

    curl_free(text);
    return is_there;
}

static bool is_https(CURLU *parts)
{
    char *scheme = NULL;
    bool is = curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && strcmp(scheme, "https") == 0;

    curl_free(scheme);
    return is;
}

/* An address that stands there itself can be judged at once; a name is when it is called. */
static bool is_inside_literally(CURLU *parts)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    char *host = NULL;
    bool is_inside = false;

    if (curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return false;
    size_t len = strlen(host);
    if (host[0] == '[' && len > 1) {
        host[len - 1] = '\0';
        is_inside =
            inet_pton(AF_INET6, host + 1, &v6.sin6_addr) != 1 || !outside_is_public((struct sockaddr *)&v6);
    } else if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        is_inside = !outside_is_public((struct sockaddr *)&v4);
    } else {
        is_inside = strcasecmp(host, "localhost") == 0;
    }
    curl_free(host);
    return is_inside;
}

static Err check_parts(CURLU *parts, bool allows_inside)
{
    if (has(parts, CURLUPART_USER) || has(parts, CURLUPART_PASSWORD))
        return bad_url("a name or password in it isn't taken: who it is from is shown by its signature");
    if (has(parts, CURLUPART_FRAGMENT))
        return bad_url("what is behind # isn't sent: leave it out");
    if (allows_inside)
        return OK;
    if (!is_https(parts))
        return bad_url("must begin with https://");
    return is_inside_literally(parts) ? bad_url("must be an address of the internet") : OK;
}

Err outside_check_url(Arena *arena, Str url, bool allows_inside)
{
    CURLU *parts = curl_url();
    bool is_ours = str_starts(url, STR("https://")) || str_starts(url, STR("http://"));

    if (parts == NULL)
        return err(INTERNAL, "no memory for a URL");
    Err e = url.len > OUTSIDE_URL_MAX || !is_ours ||
                    curl_url_set(parts, CURLUPART_URL, str_copy(arena, url).data, 0) != CURLUE_OK
                ? bad_url("must be like https://shop.example/hook")
                : check_parts(parts, allows_inside);
    curl_url_cleanup(parts);
    return e;
}

/* ---- the request */

typedef struct Asking {
    const OutsideRequest *request;
    CURL *handle;
    struct curl_slist *headers;
    ClientCall counted;
    size_t taken;    /* bytes of the answer */
    bool is_refused; /* an address was */
    bool is_called;  /* another is the internet's */
} Asking;

static bool is_forbidden(const Asking *asking)
{
    return asking->is_refused && !asking->is_called;
}

/* The very address that is connected to: what the name led to a moment ago doesn't matter. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    Asking *asking = context;

    (void)purpose;
    if (!asking->request->allows_inside && !outside_is_public(&address->addr)) {
        asking->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    asking->is_called = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Nobody reads it: its beginning is let in, so that the connection ends as it should. */
static size_t take(char *bytes, size_t size, size_t count, void *context)
{
    Asking *asking = context;

    (void)bytes;
    asking->taken += size * count;
    return asking->taken <= OUTSIDE_ANSWER_MAX ? size * count : 0;
}

static void set_bounds(Asking *asking)
{
    CURL *handle = asking->handle;
    const char *protocols = asking->request->allows_inside ? "http,https" : "https";

    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)OUTSIDE_CONNECT_MS);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)OUTSIDE_TOTAL_MS);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, asking);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, asking);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, asking);
}

static void set_request(Asking *asking)
{
    const OutsideRequest *request = asking->request;

    for (const char *const *line = request->headers; line != NULL && *line != NULL; line++)
        asking->headers = curl_slist_append(asking->headers, *line);
    asking->headers = curl_slist_append(asking->headers, "Expect:"); /* no 100-continue round trip */
    curl_easy_setopt(asking->handle, CURLOPT_URL, request->url);
    curl_easy_setopt(asking->handle, CURLOPT_HTTPHEADER, asking->headers);
    curl_easy_setopt(asking->handle, CURLOPT_POSTFIELDS, request->body.data);
    curl_easy_setopt(asking->handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
}

static int read_retry_after(CURL *handle)
{
    struct curl_header *retry = NULL;
    int64_t seconds = 0;

    if (curl_easy_header(handle, "Retry-After", 0, CURLH_HEADER, -1, &retry) != CURLHE_OK ||
        !str_to_int(str_from(retry->value), &seconds) || seconds < 0 || seconds > INT32_MAX)
        return 0;
    return (int)seconds;
}

static Err failure(const Asking *asking, CURLcode code)
{
    if (is_forbidden(asking))
        return err(UNPROCESSABLE, "its name leads to an address that isn't the internet's");
    if (code == CURLE_OPERATION_TIMEDOUT)
        return err(TIMED_OUT, "it took too long to answer");
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return err(UNAVAILABLE, "it was broken off");
    return err(UNAVAILABLE, "it can't be reached: %s", curl_easy_strerror(code));
}

static bool goes_on(const Asking *asking)
{
    const OutsideRequest *request = asking->request;

    return request->is_unwanted == NULL || !request->is_unwanted(request->context);
}

/* As curl_easy_perform, which looks at nothing else for up to a second. */
static CURLcode wait_for_it(const Asking *asking)
{
    enum { LOOK_MS = 100 };
    CURLM *multi = curl_multi_init();
    int running = 1, left;

    if (multi == NULL)
        return CURLE_OUT_OF_MEMORY;
    (void)curl_multi_add_handle(multi, asking->handle);
    while (curl_multi_perform(multi, &running) == CURLM_OK && running > 0 && goes_on(asking))
        (void)curl_multi_poll(multi, NULL, 0, LOOK_MS, NULL);
    const CURLMsg *ended = curl_multi_info_read(multi, &left);
    CURLcode code = ended != NULL ? ended->data.result : CURLE_ABORTED_BY_CALLBACK;
    (void)curl_multi_remove_handle(multi, asking->handle);
    (void)curl_multi_cleanup(multi);
    return code;
}

/* An answer that is cut where it is too long was given all the same. */
static Err perform(Asking *asking, OutsideReply *out)
{
    client_call_go(&asking->counted);
    CURLcode code = wait_for_it(asking);
    long status = 0;

    curl_easy_getinfo(asking->handle, CURLINFO_RESPONSE_CODE, &status);
    if (asking->taken > OUTSIDE_ANSWER_MAX && status >= 200)
        code = CURLE_OK;
    client_call_end(&asking->counted,
                    is_forbidden(asking) ? CLIENT_FORBIDDEN : client_outcome_of(code, status));
    if (code != CURLE_OK)
        return failure(asking, code);
    *out = (OutsideReply){(int)status, read_retry_after(asking->handle)};
    return OK;
}

Err outside_post(Arena *arena, const OutsideRequest *request, OutsideReply *out)
{
    Asking asking = {.request = request};

    TRY(outside_check_url(arena, str_from(request->url), request->allows_inside));
    asking.handle = curl_easy_init();
    if (asking.handle == NULL)
        return err(INTERNAL, "no memory for a connection");
    set_bounds(&asking);
    set_request(&asking);
    client_call_wait(&asking.counted, client_watch_of(request->name), 0);
    Err e = perform(&asking, out);
    curl_slist_free_all(asking.headers);
    curl_easy_cleanup(asking.handle);
    return e;
}
