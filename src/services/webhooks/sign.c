#include "services/webhooks/sign.h"

#include <sodium.h>

#include "base/base64.h"

Str webhook_signature(Arena *arena, Str secret, const WebhookMessage *message)
{
    Str head = str_format(arena, "%.*s.%lld.", STR_ARG(message->message_id), (long long)message->time_s);
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;

    (void)crypto_auth_hmacsha256_init(&state, (const uint8_t *)secret.data, secret.len);
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)head.data, head.len);
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)message->body.data, message->body.len);
    (void)crypto_auth_hmacsha256_final(&state, mac);
    Str text = base64_encode(arena, (Str){(const char *)mac, sizeof mac});
    return str_format(arena, "v1,%.*s", STR_ARG(text));
}

Str webhook_secret_text(Arena *arena, Str secret)
{
    Str text = base64_encode(arena, secret);

    return str_format(arena, "whsec_%.*s", STR_ARG(text));
}
