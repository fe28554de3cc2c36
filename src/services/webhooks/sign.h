/* Signatures as Standard Webhooks say (symmetric, v1): HMAC-SHA256 of "id.timestamp.body". */
#ifndef NERDX_SERVICES_WEBHOOKS_SIGN_H
#define NERDX_SERVICES_WEBHOOKS_SIGN_H

#include "base/str.h"

enum { WEBHOOK_SECRET_BYTES = 32 };

typedef struct WebhookMessage {
    Str message_id;
    int64_t time_s;
    Str body;
} WebhookMessage;

/* "v1,…" by a secret's bytes. */
Str webhook_signature(Arena *arena, Str secret, const WebhookMessage *message);

/* "whsec_…", as receivers know it. */
Str webhook_secret_text(Arena *arena, Str secret);

#endif
