/* Notices: who advertises, and the key of pushes, which is sealed under the key of the accounts, what only app/ may bring together. */
#include "app/app.h"
#include "app/assets.h"
#include "app/settings.h"

/* All four, or none. Links of such letters must be https (RFC 8058). */
static Err read_advertiser(const Options *options, Advertiser *out)
{
    *out = (Advertiser){
        options_text(options, SETTING_ADVERTISER_NAME),
        options_text(options, SETTING_ADVERTISER_ADDRESS),
        options_text(options, SETTING_ADVERTISER_PHONE),
        options_text(options, SETTING_ADVERTISER_EMAIL),
    };
    bool has[] = {out->name.len > 0, out->address.len > 0, out->phone.len > 0, out->email.len > 0};
    if (has[0] != has[1] || has[0] != has[2] || has[0] != has[3])
        return err(INVALID, "advertiser_name, _address, _phone and _email: all four, or none of them");
    if (has[0] && !str_starts(options_text(options, SETTING_SITE), STR("https://")))
        return err(INVALID, "site: must be https:// where advertising is mailed (advertiser_name)");
    return OK;
}

/* Auth is opened after it, and there by the time that anything is sealed. */
static Str seal_push_key(void *context, Arena *arena, Str plain, Str owner)
{
    const App *app = context;

    return auth_seal(app->auth, arena, plain, owner);
}

static Err open_push_key(void *context, Arena *arena, Str sealed, Str owner, Str *plain)
{
    const App *app = context;

    return auth_unseal(app->auth, arena, sealed, owner, plain);
}

static Err open_mobile(const Options *options, App *app)
{
    const MobileConfig config = {.url = options_chars(options, SETTING_MOBILE_PUSH),
                                 .fcm_url = options_chars(options, SETTING_FCM_URL),
                                 .clock = clock_system()};

    return mobile_open(&config, &app->mobile);
}

Err app_open_notify(const Options *options, App *app)
{
    NotifyConfig config = {
        .store = options_chars(options, SETTING_NOTIFY_SQL),
        .mailer = str_equal(options_text(options, SETTING_MAIL), STR("none")) ? NULL : app->mailer,
        .accounts = &app->auth_client,
        .content = NOTIFY_CONTENT,
        .site = options_chars(options, SETTING_SITE),
        .seal = {app, seal_push_key, open_push_key},
        .pushes_inside = options_bool(options, SETTING_PUSH_INSIDE),
        .clock = clock_system(),
    };

    TRY(read_advertiser(options, &config.advertiser));
    TRY(open_mobile(options, app));
    config.mobile = app->mobile;
    TRY(notify_create(&config, &app->notify));
    app->notify_client = (NotifyClient){.service = app->notify};
    return OK;
}
