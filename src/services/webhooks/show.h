/* Webhooks and deliveries as the contract shows them. */
#ifndef NERDX_SERVICES_WEBHOOKS_SHOW_H
#define NERDX_SERVICES_WEBHOOKS_SHOW_H

#include "services/webhooks/room.h"

Webhook show_webhook(Arena *arena, const WebhooksSqlEndpoint *row, int64_t now_us);
WebhookDelivery show_delivery(Arena *arena, const WebhooksSqlListDeliveries *row);

#endif
