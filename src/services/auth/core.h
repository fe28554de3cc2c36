/* The service from inside: what its rooms share. */
#ifndef NERDX_SERVICES_AUTH_CORE_H
#define NERDX_SERVICES_AUTH_CORE_H

#include "services/auth/audit/audit.h"
#include "services/auth/auth.h"
#include "services/auth/keys/ring.h"
#include "services/auth/mail/letters.h"
#include "services/auth/oidc/oidc.h"
#include "services/auth/passwords/hasher.h"
#include "services/auth/passwords/rules.h"
#include "services/auth/seal.h"
#include "services/auth/sign_ins/revoked.h"
#include "services/auth/throttle/throttle.h"
#include "services/auth/tokens/limits.h"
#include "services/auth/webauthn/webauthn.h"

typedef struct Retention Retention;

/* How somebody became a member. */
typedef enum SignUpWay {
    SIGNED_UP_BY_LETTER,
    SIGNED_UP_BY_PROVIDER,
    SIGNED_UP_BY_PASSKEY,
    SIGN_UP_WAYS
} SignUpWay;

struct Auth {
    Metrics *metrics;
    Sql *sql;
    Tokens *tokens;
    Kv *kv;
    const WorldClient *world;
    const AgentsClient *agents; /* NULL: they aren't reached from here */
    const AnalyticsClient *analytics;
    const NotifyClient *notify;
    int64_t sign_in_life_us;
    Str age_verifiers;
    struct Retention *retention;
    const Clock *clock;
    Revoked *revoked;
    Ring *ring;
    Hasher *hasher;
    PasswordRules rules;
    Throttle throttle;
    Mailer *mailer;
    Letters *letters;
    Oidc *oidc;
    Seal seal;
    WebauthnSite passkey_site; /* its texts are the configuration's */
    struct Watch *watch;
    Queue *queue;
    struct Worker *worker; /* NULL: others do its jobs */
};

enum { US_PER_S = 1000000 };

static inline int64_t auth_now_us(const Auth *auth)
{
    return clock_wall_us(auth->clock);
}

void auth_count_sign_up(const Auth *auth, SignUpWay way);

/* Those of auth_jobs that can be done in this process. */
JobTable auth_jobs_here(const Auth *auth);

/* What an operation on one's own account begins with. Errors: UNAUTHORIZED. */
Err auth_need_person(const Call *call);

#endif
