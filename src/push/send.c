#include "push/push.h"

#include "base/base64url.h"
#include "http/outside.h"
#include "push/vapid.h"

enum { LONGEST_WAIT_S = 24 * 60 * 60 };

Err push_read_keys(Arena *arena, Str p256dh, Str auth, PushReader *out)
{
    Str point, secret;

    if (!base64url_read(arena, p256dh, &point) || point.len != sizeof out->point ||
        !p256_is_point((const uint8_t *)point.data))
        return err_at(err(UNPROCESSABLE, "p256dh: must be a point of P-256, 65 bytes in base64url"),
                      "/keys/p256dh");
    if (!base64url_read(arena, auth, &secret) || secret.len != sizeof out->auth)
        return err_at(err(UNPROCESSABLE, "auth: must be 16 bytes in base64url"), "/keys/auth");
    memcpy(out->point, point.data, sizeof out->point);
    memcpy(out->auth, secret.data, sizeof out->auth);
    return OK;
}

/* What a service says of it (RFC 8030, sections 5 and 7.3; RFC 8292, section 4.2). */
static Err judge(const OutsideReply *reply)
{
    if (reply->status >= 200 && reply->status < 300)
        return OK;
    if (reply->status == 404 || reply->status == 410)
        return err(GONE, "the subscription is over (%d)", reply->status);
    if (reply->status == 429 || reply->status >= 500)
        return err_retry_after(err(UNAVAILABLE, "the push service answered %d", reply->status),
                               reply->retry_after_s < LONGEST_WAIT_S ? reply->retry_after_s : LONGEST_WAIT_S);
    return err(UNPROCESSABLE, "the push service refused it (%d)", reply->status);
}

Err push_send(Arena *arena, const PushSender *sender, const PushSubscription *to, const PushMessage *message)
{
    OutsideReply reply;
    PushOnce once;
    Str body, shown;

    push_once_make(&once);
    if (!push_encrypt(arena, &to->reader, &once, message->text, PUSH_LOOKS_LIKE, &body))
        return err(UNPROCESSABLE, "the message is too long, or its reader's key is none");
    TRY(vapid_show(arena, sender->key, str_from(to->endpoint), sender->contact, sender->now_s, &shown));
    const char *const headers[] = {
        "Content-Type: application/octet-stream",
        "Content-Encoding: aes128gcm",
        str_format(arena, "Authorization: %.*s", STR_ARG(shown)).data,
        str_format(arena, "TTL: %d", message->ttl_s).data,
        str_format(arena, "Urgency: %s", message->urgency).data,
        message->topic.data != NULL ? str_format(arena, "Topic: %.*s", STR_ARG(message->topic)).data : NULL,
        NULL,
    };
    TRY(outside_post(arena,
                     &(OutsideRequest){.name = "web_push",
                                       .url = to->endpoint,
                                       .headers = headers,
                                       .body = body,
                                       .allows_inside = sender->allows_inside},
                     &reply));
    return judge(&reply);
}
