/* The services and their stores, opened as the options say. Services meet here and nowhere else.
 *
 *     AUTO_APP App app = {0};
 *     TRY(app_open(options, &app)); */
#ifndef NERDX_APP_APP_H
#define NERDX_APP_APP_H

#include "api/world.h"
#include "app/roles.h"
#include "base/options.h"
#include "gateway/node.h"
#include "llm/llm.h"
#include "push/mobile.h"
#include "services/agents/agents.h"
#include "services/analytics/analytics.h"
#include "services/auth/auth.h"
#include "services/jobs/jobs.h"
#include "services/webhooks/webhooks.h"
#include "services/notify/notify.h"
#include "services/world/review/proposals.h"
#include "services/world/world.h"

enum { APP_QUEUES = 8 /* services that have jobs, at the most */ };

typedef struct App {
    unsigned roles;                   /* bits of Serves: what lives here */
    World *world;                     /* NULL: it lives elsewhere */
    NodePolicy nodes;                 /* how this process shows others of its fleet who it is */
    HttpClient *world_http;           /* NULL: the world lives here */
    WorldClient world_client;         /* what the agents reach the world by */
    Llm *llm;                         /* NULL: none is configured */
    Arena content;                    /* of agents, where it comes from a folder */
    Agents *agents;                   /* NULL: they live elsewhere */
    AgentsClient agents_client;       /* what auth reaches them by */
    Kv *kv;                           /* what nodes tell each other */
    Mailer *mailer;                   /* who sends letters */
    MobileProvider *mobile;           /* who brings messages to phones; NULL: nobody */
    Tokens *tokens;                   /* what shows who somebody is */
    AuthClient auth_client;           /* what agents ask it by */
    Analytics *analytics;             /* NULL: opened for commands that serve nobody */
    AnalyticsClient analytics_client; /* what auth reaches it by */
    Auth *auth;                       /* NULL: opened for commands that serve nobody */
    Webhooks *webhooks;               /* NULL: opened for commands that serve nobody */
    Notify *notify;                   /* NULL: opened for commands that serve nobody */
    NotifyClient notify_client;       /* what auth reaches it by */
    Queue *queues[APP_QUEUES];        /* of those that have jobs, for who looks at them */
    size_t queue_count;
    QueueMetrics *job_metrics; /* NULL: opened for commands that do no jobs */
    Jobs *jobs;                /* NULL: opened for commands that serve nobody */
    Proposals *proposals;      /* NULL: nobody asked for them */
} App;

/* Makes the data folder, opens the stores, seeds the world when it is new.
 * Errors: FORBIDDEN, UNAVAILABLE, INTERNAL: the message says what to do. On error the app is closed. */
Err app_open(const Options *options, App *app);
Err app_open_auth(const Options *options, App *app);     /* beside it, for who serves: who people are */
Err app_open_webhooks(const Options *options, App *app); /* by app_open_auth */
Err app_open_notify(const Options *options, App *app);   /* the same */
Err app_start_jobs(const App *app, size_t threads);      /* of all services */
Err app_subscribe(App *app); /* beside that, before jobs are begun: who hears events (consumers.c) */
EventConsumer
app_consumer(size_t i); /* those that there are, without their services; its name NULL: there are no more */
Err app_open_jobs(const Options *options, App *app);  /* the same, and what operators see of jobs */
Err app_open_world(const Options *options, App *app); /* only the world: for commands that need no agents */
void app_close(App *app);                             /* accepts a zeroed one */

/* What shows who somebody is: the secret that the options name, or the data folder's own, which is made when it isn't there.
 * Errors: those of tokens_create. The caller destroys them. */
Err app_open_tokens(const Options *options, Tokens **out);

/* The data folder, when it isn't there. Errors: FORBIDDEN, UNAVAILABLE. */
Err app_make_folder(const Options *options);

/* What nodes tell each other, as the options say. Errors: INVALID. The caller closes it. */
Err app_open_kv(const Options *options, Kv **out);

/* Where it is a server that processes share; NULL: it is this process's own. */
Kv *app_shared_kv(Kv *kv);

/* The language model that the options name; *out is NULL when they name none. Errors: INVALID. The caller destroys it. */
Err app_open_llm(const Options *options, Llm **out);

/* The same model as a reader of prose: it answers at length where no option says how long, and always alike. */
Err app_open_reader(const Options *options, Llm **out);

/* Opens the store of facts that wait for a person into app->proposals. Errors: those of the store. */
Err app_open_proposals(const Options *options, App *app);

/* What agents are made of: the program's own, and what the options lay over it. Errors: those of folder_read. */
Err app_agents_content(const Options *options, Arena *arena, AssetTable *out);

/* Of a world that lives elsewhere, what its process says. context: an App. Errors: UNAVAILABLE. */
Err app_world_is_ready(void *context);

/* Where the world model's graph is. */
GraphAccess app_graph(const Options *options);

#define AUTO_APP __attribute__((cleanup(app_close)))

#endif
