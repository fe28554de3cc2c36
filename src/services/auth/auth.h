/* Who people are: guests and accounts, their sign-ins, and what shows them. A request is asked about with auth_identify, which
 * waits for nobody; the operations (api/auth.yaml) begin, prolong and end sign-ins in a database of the service's own.
 *
 *     AuthConfig config = {.store = "sqlite:data/auth.db", .tokens = tokens, .kv = kv};
 *     TRY(auth_create(&config, &auth));
 *     TRY(auth_identify(auth, arena, credential, &identity));
 *
 * A sign-in that has ended is refused at once by the node that ended it, by others as soon as the message in the key-value
 * store reaches them, and within AUTH_LOOK_MS when that is lost. Where to start reading: sign_ins/sign_ins.c. */
#ifndef NERDX_SERVICES_AUTH_AUTH_H
#define NERDX_SERVICES_AUTH_AUTH_H

#include "api/agents.h"
#include "api/analytics.h"
#include "api/auth.h"
#include "api/notify.h"
#include "api/world.h"
#include "base/asset.h"
#include "http/identity.h"
#include "mail/mailer.h"
#include "services/auth/tokens/tokens.h"
#include "stores/kv/kv.h"
#include "stores/queue/queue.h"
#include "stores/sql/sql.h"

typedef struct Auth Auth;

enum { AUTH_LOOK_MS = 3000, REFRESH_LIFETIME_S = 30 * 24 * 60 * 60 };

/* All that is pointed to must outlive the service. */
typedef struct AuthConfig {
    const char *store; /* "sqlite:/path/auth.db" */
    Tokens *tokens;
    Kv *kv;
    const WorldClient *world;         /* what people did */
    const AgentsClient *agents;       /* for what belongs to somebody; NULL: they aren't reached from here */
    const AnalyticsClient *analytics; /* the same */
    const NotifyClient *notify;       /* what they were told, for the same */
    AssetTable content;               /* the files of content/auth */
    Mailer *mailer;                   /* who sends letters */
    const char *site;                 /* where the page is, for links in letters: "https://nerdx.com" */
    const char
        *providers; /* the operator's file of whom one may sign in with; NULL: nobody (oidc/provider.h) */
    /* What secrets in the store are sealed with (seal.h): 32 bytes or more; absent: what is in the file. */
    Str key;
    const char *key_file;
    Str previous_key; /* and what they were sealed with before, or will be next: still read; absent: nothing */
    /* Whom passkeys are for, and whose pages may use them (webauthn/webauthn.h). */
    Str passkey_domain;
    Str passkey_origins;
    int64_t sign_in_life_us; /* the longest that a sign-in goes on, however often it is refreshed */
    Str age_verifiers;  /* who may verify a year of birth: names, separated by commas (ages/verifier.h) */
    const Clock *clock; /* NULL = the system's */
} AuthConfig;

/* Errors: those of sql_open, oidc_create, seal_init and webauthn_check_site; INVALID when content is missing. */
Err auth_create(const AuthConfig *config, Auth **out);
void auth_destroy(Auth *auth); /* accepts NULL */

/* context: the service. Who shows this credential (an access token or an API key): from memory, without waiting. Errors:
 * UNAUTHORIZED. */
Err auth_identify(void *context, Arena *arena, Str credential, Identity *out);

/* For `nerdx account`: what whoever has this address may do from now on. Their sign-ins end, their keys are revoked. *user_id is the
 * arena's. Errors: NOT_FOUND, INVALID for what is no role. */
Err auth_give_role(Auth *auth, Arena *arena, Str email, Str role, Str *user_id);

/* For `nerdx keys reseal`: what is sealed under the previous key is sealed under the key. May be cut off and called again, while others
 * serve who have both keys. unreadable: under neither. Errors: those of the store. */
typedef struct AuthResealed {
    int64_t all;
    int64_t renewed;
    int64_t unreadable;
} AuthResealed;
Err auth_reseal(const Auth *auth, AuthResealed *out);

/* For secrets of others, under the key that its own are sealed with (seal.h); owner: whose it is, another's doesn't open. Errors: UNAVAILABLE. */
Str auth_seal(const Auth *auth, Arena *arena, Str plain, Str owner);
Err auth_unseal(const Auth *auth, Arena *arena, Str sealed, Str owner, Str *plain);

/* What it has to do that nobody waits for, done by so many threads of this process from now on, until the service is destroyed; 0: by
 * other processes. Errors: those of the store. */
Err auth_start_jobs(Auth *auth, size_t threads);
void auth_stop_jobs(Auth *auth); /* accepts NULL */
Queue *auth_queue(const Auth *auth);

/* What its queue does, without the database: also for who only looks, cancels and tries again. */
JobTable auth_jobs(void);

const Metrics *auth_metrics(const Auth *auth);
bool auth_blocks(
    const Auth *auth);      /* whether an operation may wait for something else than memory or a local disk */
Err auth_ready(Auth *auth); /* UNAVAILABLE while the store can't be reached */

/* For `nerdx doctor`: the store, and the audit log row by row; nothing is changed. Errors as sql_check and audit_verify. */
Err auth_check(const char *store, Arena *arena, Str *report);

/* How many days something is kept, by the id of its term (`archives`). content: the files of content/auth. Errors: INVALID. */
Err auth_kept_days(AssetTable content, Str term, int64_t *days);

/* Its tables, for `nerdx migrate`, `export`, `import` and `backup`. */
SqlMigrations auth_tables(void);

#endif
