/* Firebase Cloud Messaging, HTTP v1: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages (send),
 * https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode (what is answered), and
 * https://developers.google.com/identity/protocols/oauth2/service-account (the access token). It brings messages to Android and, by APNs, to iOS. */
#include <pthread.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"
#include "http/client.h"
#include "http/target.h"
#include "push/access_token.h"
#include "push/mobile.h"
#include "push/service_account.h"

#define SCOPE STR("https://www.googleapis.com/auth/firebase.messaging")
#define GRANT STR("urn:ietf:params:oauth:grant-type:jwt-bearer")
#define US_PER_S INT64_C(1000000)

enum {
    TIMEOUT_MS = 15000,
    ANSWER_MAX = 64 * 1024,
    RENEW_S = 60,      /* so long before it is over an access token is one no more */
    QUOTA_WAIT_S = 60, /* what ErrorCode asks for at the least where no Retry-After came */
    LONGEST_WAIT_S = 24 * 60 * 60
};

typedef struct Fcm {
    MobileProvider provider;
    const Clock *clock;
    Arena arena;
    ServiceAccount account;
    Str token_target;
    HttpClient *api;
    HttpClient *tokens;
    pthread_mutex_t lock; /* of what follows */
    char *shown;          /* "Bearer …"; NULL: none yet */
    int64_t until_us;
} Fcm;

/* ---- showing who we are */

static Call call_of(Arena *arena)
{
    return (Call){.arena = arena, .trace = trace_new()};
}

/* With the lock held: who else needs it waits for the same one. */
static Err renew(Fcm *fcm, Arena *arena)
{
    int64_t now_us = clock_wall_us(fcm->clock);
    Buf form = {.arena = arena};
    const Call call = call_of(arena);
    AccessToken token;
    Str assertion;
    HttpReply reply;

    TRY(service_account_assert(arena, &fcm->account, SCOPE, now_us / US_PER_S, &assertion));
    buf_put(&form, STR("grant_type="));
    target_put_encoded(&form, GRANT);
    buf_put(&form, STR("&assertion="));
    target_put_encoded(&form, assertion);
    const HttpRequest request = {.method = "POST",
                                 .target = fcm->token_target,
                                 .body = buf_str(&form),
                                 .body_type = "application/x-www-form-urlencoded"};
    TRY(http_client_send(fcm->tokens, arena, &call, &request, &reply));
    TRY(access_token_read(arena, &reply, &token));
    memory_free(fcm->shown);
    fcm->shown = memory_copy_text(str_format(arena, "Bearer %.*s", STR_ARG(token.text)).data);
    fcm->until_us = now_us + (token.life_s - RENEW_S) * US_PER_S;
    return OK;
}

static Err show(Fcm *fcm, Arena *arena, const char **out)
{
    Err e = OK;

    pthread_mutex_lock(&fcm->lock);
    if (fcm->shown == NULL || fcm->until_us <= clock_wall_us(fcm->clock))
        e = renew(fcm, arena);
    if (!failed(&e))
        *out = str_c(arena, str_from(fcm->shown));
    pthread_mutex_unlock(&fcm->lock);
    return e;
}

static void forget_token(Fcm *fcm)
{
    pthread_mutex_lock(&fcm->lock);
    fcm->until_us = 0;
    pthread_mutex_unlock(&fcm->lock);
}

/* ---- what is sent */

static void put_object(Buf *out, const char *name)
{
    char last = out->len > 0 ? out->data[out->len - 1] : '{';

    buf_format(out, "%s\"%s\":{", last == '{' ? "" : ",", name);
}

static void put_android(Buf *out, const MobileMessage *message)
{
    put_object(out, "android");
    json_put_member(out, "priority", message->is_urgent ? STR("HIGH") : STR("NORMAL"));
    buf_format(out, ",\"ttl\":\"%ds\"", message->ttl_s);
    put_object(out, "notification");
    json_put_member(out, "tag", message->id);
    buf_put(out, STR("}}"));
}

static void put_apns(Buf *out, const MobileMessage *message, int64_t now_s)
{
    put_object(out, "apns");
    put_object(out, "headers");
    json_put_member(out, "apns-priority", message->is_urgent ? STR("10") : STR("5"));
    buf_put(out, STR(",\"apns-expiration\":\""));
    buf_put_int(out, now_s + message->ttl_s);
    buf_put_char(out, '"');
    json_put_member(out, "apns-collapse-id", message->id);
    buf_put(out, STR("}}"));
}

static Str write_message(Arena *arena, const MobileMessage *message, int64_t now_s)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    put_object(&out, "message");
    json_put_member(&out, "token", message->token);
    put_object(&out, "notification");
    json_put_member(&out, "title", message->title);
    json_put_member(&out, "body", message->text);
    buf_put_char(&out, '}');
    put_object(&out, "data");
    json_put_member(&out, "id", message->id);
    json_put_member(&out, "language", message->language);
    if (message->link.data != NULL)
        json_put_member(&out, "link", message->link);
    buf_put_char(&out, '}');
    put_android(&out, message);
    put_apns(&out, message, now_s);
    buf_put(&out, STR("}}"));
    return buf_str(&out);
}

/* ---- what is answered */

/* FcmError's errorCode, or else the status that all of Google's have; "" where it is no such answer. */
static Str error_code(Arena *arena, Str body)
{
    const json_t *document, *problem, *detail;
    size_t i;
    Err e = json_read_into(arena, body, &document);

    if (failed(&e))
        return STR("");
    problem = json_object_get(document, "error");
    json_array_foreach(json_object_get(problem, "details"), i, detail)
    {
        Str code = json_str_or_empty(detail, "errorCode");
        if (code.len > 0)
            return code;
    }
    return json_str_or_empty(problem, "status");
}

static Err judge(Fcm *fcm, Arena *arena, const HttpReply *reply)
{
    int wait_s = reply->retry_after_s;

    if (reply->status >= 200 && reply->status < 300)
        return OK;
    Str code = error_code(arena, reply->body);
    if (reply->status == 404 && str_equal(code, STR("UNREGISTERED")))
        return err(GONE, "the app isn't on the device any more");
    if (reply->status == 401)
        forget_token(fcm);
    if (reply->status == 429 && wait_s == 0)
        wait_s = QUOTA_WAIT_S;
    if (reply->status == 401 || reply->status == 429 || reply->status >= 500)
        return err_retry_after(err(UNAVAILABLE, "FCM answered %d", reply->status),
                               wait_s < LONGEST_WAIT_S ? wait_s : LONGEST_WAIT_S);
    return err(UNPROCESSABLE, "FCM refused it (%d %.*s)", reply->status, STR_ARG(code));
}

static Err fcm_send(MobileProvider *provider, Arena *arena, const MobileMessage *message)
{
    Fcm *fcm = (Fcm *)provider;
    const Call call = call_of(arena);
    const char *shown;
    HttpReply reply;

    TRY(show(fcm, arena, &shown));
    const HttpRequest request = {
        .method = "POST",
        .target = str_format(arena, "/v1/projects/%.*s/messages:send", STR_ARG(fcm->account.project_id)),
        .body = write_message(arena, message, clock_wall_us(fcm->clock) / US_PER_S),
        .auth = shown};
    TRY(http_client_send(fcm->api, arena, &call, &request, &reply));
    return judge(fcm, arena, &reply);
}

/* ---- its life */

static void fcm_close(MobileProvider *provider)
{
    Fcm *fcm = (Fcm *)provider;

    http_client_destroy(fcm->api);
    http_client_destroy(fcm->tokens);
    memory_free(fcm->shown);
    pthread_mutex_destroy(&fcm->lock);
    arena_finish(&fcm->arena);
    memory_free(fcm);
}

static Err open_client(const char *name, const char *base_url, HttpClient **out)
{
    return http_client_create(&(HttpClientConfig){.name = name,
                                                  .base_url = base_url,
                                                  .total_timeout_ms = TIMEOUT_MS,
                                                  .max_body = ANSWER_MAX,
                                                  .is_outside = true},
                              out);
}

static Err open_all(Fcm *fcm, const MobileConfig *config, const char *path)
{
    TRY(service_account_read(&fcm->arena, path, &fcm->account));
    Str uri = fcm->account.token_uri;
    size_t host = str_find(uri, STR("://"), 0);
    size_t end = host == SIZE_MAX ? SIZE_MAX : str_find(uri, STR("/"), host + STR("://").len);
    if (end == SIZE_MAX)
        return err(INVALID, "%s: token_uri must be the address of the server of access tokens", path);
    fcm->token_target = str_slice(uri, end, uri.len);
    TRY(open_client("mobile_push_tokens", str_c(&fcm->arena, str_slice(uri, 0, end)), &fcm->tokens));
    return open_client("mobile_push", config->fcm_url, &fcm->api);
}

Err fcm_open(const MobileConfig *config, const char *rest, MobileProvider **out)
{
    Fcm *fcm = memory_new(Fcm);

    fcm->provider = (MobileProvider){fcm_send, fcm_close};
    fcm->clock = config->clock != NULL ? config->clock : clock_system();
    arena_init(&fcm->arena);
    pthread_mutex_init(&fcm->lock, NULL);
    Err e = open_all(fcm, config, rest);
    *out = failed(&e) ? NULL : &fcm->provider;
    if (failed(&e))
        fcm_close(&fcm->provider);
    return e;
}
