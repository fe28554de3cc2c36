/* What people are told, once each: an inbox that is followed live, in a database of the service's own.
 *
 *     NotifyConfig config = {.store = "sqlite:data/notify.db", .content = NOTIFY_CONTENT, …};
 *     TRY(notify_create(&config, &notify));
 *
 * Operations: api/notify.yaml. Where to start reading: tell.c. */
#ifndef NERDX_SERVICES_NOTIFY_NOTIFY_H
#define NERDX_SERVICES_NOTIFY_NOTIFY_H

#include "api/auth.h"
#include "api/notify.h"
#include "base/asset.h"
#include "base/clock.h"
#include "mail/mailer.h"
#include "stores/queue/queue.h"
#include "stores/sql/sql.h"

typedef struct Notify Notify;

/* Who advertises, as every such letter says (정보통신망법 시행령 별표 6). Without a name no advertising is mailed. */
typedef struct Advertiser {
    Str name, address, phone, email;
} Advertiser;

/* How the key of pushes is kept in the store; owner: whose it is, another's doesn't open. */
typedef struct NotifySeal {
    void *context;
    Str (*close)(void *context, Arena *arena, Str plain, Str owner);
    Err (*open)(void *context, Arena *arena, Str sealed, Str owner, Str *plain);
} NotifySeal;

/* All that is pointed to must outlive the service. */
typedef struct NotifyConfig {
    const char *store;             /* "sqlite:/path/notify.db" */
    AssetTable content;            /* the files of content/notify */
    const char *site;              /* where the page is, for links: "https://nerdx.com" */
    Mailer *mailer;                /* who sends letters; NULL: nobody */
    Advertiser advertiser;         /* all of it, or nothing */
    struct MobileProvider *mobile; /* who brings messages to devices; NULL: nobody */
    const AuthClient *accounts;    /* whose addresses they go to */
    NotifySeal seal;               /* asked once operations or jobs run, not before */
    bool
        pushes_inside; /* browsers' push services may be http, and of this machine and its network: for trying */
    const Clock *clock; /* NULL = the system's */
} NotifyConfig;

/* Errors: those of sql_open; INVALID names what is wrong in the content. */
Err notify_create(const NotifyConfig *config, Notify **out);
void notify_destroy(Notify *notify); /* accepts NULL */

/* What it has to do that nobody waits for, done by so many threads of this process from now on, until the service is destroyed; 0: by
 * other processes. Errors: those of the store. */
Err notify_start_jobs(Notify *notify, size_t threads);
void notify_stop_jobs(Notify *notify); /* accepts NULL */
Queue *notify_queue(const Notify *notify);

/* What it hears of others: who signed up is welcomed, of who is deleted nothing stays. */
EventConsumer notify_consumer(Notify *notify);

/* What its queue does, without the database: also for who only looks, cancels and tries again. */
JobTable notify_jobs(void);

bool notify_blocks(
    const Notify *notify);        /* whether an operation may wait for more than memory or a local disk */
Err notify_ready(Notify *notify); /* UNAVAILABLE while the store can't be reached */

/* For `nerdx doctor`: the store; nothing is changed. Errors as sql_check. */
Err notify_check(const char *store, Arena *arena, Str *report);

/* Its tables, for `nerdx migrate`, `export`, `import` and `backup`. */
SqlMigrations notify_tables(void);

#endif
