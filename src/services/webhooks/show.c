#include "services/webhooks/show.h"

#include <assert.h>

#include "base/time.h"

enum { MOST_TYPES = 50 };

static StrList show_types(Arena *arena, Str types)
{
    StrList list = {.items = arena_array(arena, Str, MOST_TYPES)};

    while (list.count < MOST_TYPES && str_split(&types, ' ', &list.items[list.count]))
        list.count++;
    return list;
}

Webhook show_webhook(Arena *arena, const WebhooksSqlEndpoint *row, int64_t now_us)
{
    Webhook shown = {
        .webhook_id = row->webhook_id,
        .url = row->url,
        .types = show_types(arena, row->types),
        .description = row->description,
        .is_enabled = row->is_enabled == 1,
        .created = time_format(arena, row->created_us),
    };

    if (row->previous_until_us > now_us)
        shown.previous_secret_until = time_format(arena, row->previous_until_us);
    return shown;
}

static WebhookDeliveryState state_of(Str text)
{
    for (size_t i = 0; i < WEBHOOK_DELIVERY_STATE_COUNT; i++)
        if (str_equal(text, WEBHOOK_DELIVERY_STATE_TEXT[i]))
            return (WebhookDeliveryState)i;
    assert(false); /* the table of deliveries has no other */
    return WEBHOOK_DELIVERY_STATE_FAILED;
}

WebhookDelivery show_delivery(Arena *arena, const WebhooksSqlListDeliveries *row)
{
    return (WebhookDelivery){
        .event_id = row->event_id,
        .type = row->type,
        .state = state_of(row->state),
        .tries = row->tries,
        .has_status = row->status != 0,
        .status = row->status,
        .reason = row->reason.len > 0 ? row->reason : (Str){NULL, 0},
        .changed = time_format(arena, row->changed_us),
    };
}
