/* The service from inside: what its rooms share. */
#ifndef NERDX_SERVICES_NOTIFY_CORE_H
#define NERDX_SERVICES_NOTIFY_CORE_H

#include "services/notify/notify.h"
#include "services/notify/templates.h"
#include "services/notify/follow.h"

struct Notify {
    Sql *sql;
    const Clock *clock;
    Templates *templates;
    struct Letter *letter;
    Mailer *mailer; /* NULL: no letters */
    Advertiser advertiser;
    const char *site;
    Str secret; /* what links of letters are signed with; the arena's */
    Arena arena;
    NotifySeal seal;
    struct MobileProvider *mobile; /* NULL: no device is told */
    bool pushes_inside;
    const AuthClient *accounts; /* whose addresses letters go to */
    Followers *followers;
    Queue *queue;
    struct Worker *worker; /* NULL: others do its jobs */
};

static inline int64_t notify_now_us(const Notify *notify)
{
    return clock_wall_us(notify->clock);
}

#endif
