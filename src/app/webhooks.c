/* Webhooks: their secrets are sealed under the key of the accounts, which only app/ may bring together. */
#include "app/app.h"
#include "app/settings.h"

static Str seal_secret(void *context, Arena *arena, Str plain, Str owner)
{
    return auth_seal(context, arena, plain, owner);
}

static Err open_secret(void *context, Arena *arena, Str sealed, Str owner, Str *plain)
{
    return auth_unseal(context, arena, sealed, owner, plain);
}

Err app_open_webhooks(const Options *options, App *app)
{
    return webhooks_create(
        &(WebhooksConfig){
            .store = options_chars(options, SETTING_WEBHOOKS_SQL),
            .seal = {app->auth, seal_secret, open_secret},
            .allows_inside = options_bool(options, SETTING_WEBHOOKS_INSIDE),
            .clock = clock_system(),
        },
        &app->webhooks);
}
