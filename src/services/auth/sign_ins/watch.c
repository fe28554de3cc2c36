#include "services/auth/sign_ins/watch.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "services/auth/auth_sql.h"
#include "services/auth/keys/keys.h"

#define CHANNEL STR("auth:ended")

/* Rows may become visible a while after the moment they bear: a slow commit, a clock that is behind. */
enum { OVERLAP_S = 60, US_PER_MS = 1000 };

struct Watch {
    Auth *auth;
    WatchWork work;
    KvSubscription *ended;
    KvSubscription *keys;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool running;
    bool stopping;
    bool woken;
    int64_t since_us;      /* wall: what ended before is known, */
    int64_t keys_since_us; /* and which keys there are */
};

static void on_ended(void *context, Str sign_in_id)
{
    const Auth *auth = context;

    revoked_add(auth->revoked, sign_in_id);
}

static void on_keys(void *context, Str message)
{
    Watch *watch = context;

    (void)message;
    MUTEX_HOLD(&watch->lock);
    watch->woken = true;
    (void)pthread_cond_signal(&watch->changed);
}

void watch_tell(const Auth *auth, Str sign_in_id)
{
    revoked_add(auth->revoked, sign_in_id);
    Err e = kv_publish(auth->kv, CHANNEL, sign_in_id);
    if (failed(&e))
        log_warn("other nodes hear late that a sign-in has ended", log_err(&e));
}

static Err note_revoked(void *context, const AuthSqlListRevoked *row)
{
    const Auth *auth = context;

    revoked_add(auth->revoked, row->sign_in_id);
    return OK;
}

static Err look(Watch *watch)
{
    Auth *auth = watch->auth;
    int64_t now_us = auth_now_us(auth);

    TRY(auth_sql_list_revoked(auth->sql, NULL, watch->since_us, note_revoked, auth));
    TRY(keys_look(auth, watch->keys_since_us));
    watch->since_us = watch->keys_since_us = now_us - (int64_t)OVERLAP_S * US_PER_S;
    return OK;
}

static bool rest(Watch *watch)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + (int64_t)AUTH_LOOK_MS * US_PER_MS;

    MUTEX_HOLD(&watch->lock);
    while (!watch->stopping && !watch->woken && cond_wait_until(&watch->changed, &watch->lock, until_us))
        continue;
    watch->woken = false;
    return !watch->stopping;
}

static void *watch_run(void *context)
{
    Watch *watch = context;

    while (rest(watch)) {
        Err e = look(watch);
        if (!failed(&e))
            e = watch->work.go_on(watch->auth);
        if (failed(&e))
            log_warn("what other nodes have ended can't be read", log_err(&e));
    }
    return NULL;
}

Err watch_start(Auth *auth, const WatchWork *work, Watch **out)
{
    Watch *watch = memory_new(Watch);

    *out = watch;
    watch->auth = auth;
    watch->work = *work;
    watch->since_us = auth_now_us(auth) - (int64_t)(TOKEN_LIFETIME_S + OVERLAP_S) * US_PER_S;
    (void)pthread_mutex_init(&watch->lock, NULL);
    cond_init(&watch->changed);
    TRY(kv_subscribe(auth->kv, CHANNEL, on_ended, auth, &watch->ended));
    TRY(kv_subscribe(auth->kv, KEYS_CHANNEL, on_keys, watch, &watch->keys));
    TRY(look(watch));
    watch->thread = thread_start("auth-watch", watch_run, watch);
    watch->running = true;
    return OK;
}

static void end_thread(Watch *watch)
{
    {
        MUTEX_HOLD(&watch->lock);
        watch->stopping = true;
        (void)pthread_cond_signal(&watch->changed);
    }
    thread_join(watch->thread);
}

void watch_stop(Watch *watch)
{
    if (watch == NULL)
        return;
    if (watch->running)
        end_thread(watch);
    kv_unsubscribe(watch->keys);
    kv_unsubscribe(watch->ended);
    (void)pthread_cond_destroy(&watch->changed);
    (void)pthread_mutex_destroy(&watch->lock);
    memory_free(watch);
}
