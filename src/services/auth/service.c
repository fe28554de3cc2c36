#include "services/auth/auth.h"

#include <sodium.h>

#include "base/memory.h"
#include "services/auth/accounts/merge.h"
#include "services/auth/ages/verifier.h"
#include "services/auth/auth_sql.h"
#include "services/auth/core.h"
#include "services/auth/mail/post.h"
#include "services/auth/keys/keys.h"
#include "services/auth/privacy/retention.h"
#include "services/auth/roles.h"
#include "services/auth/sign_ins/watch.h"

static const char *const WAYS[SIGN_UP_WAYS] = {[SIGNED_UP_BY_LETTER] = "letter",
                                               [SIGNED_UP_BY_PROVIDER] = "provider",
                                               [SIGNED_UP_BY_PASSKEY] = "passkey"};

static const Metric METRICS[] = {
    {METRIC_COUNTER, "user_signups_total", "People who became members, by the way they took.",
     .labels = {{"way", WAYS, SIGN_UP_WAYS}}},
};

const Metrics *auth_metrics(const Auth *auth)
{
    return auth->metrics;
}

void auth_count_sign_up(const Auth *auth, SignUpWay way)
{
    metrics_add(auth->metrics, 0, metrics_series(auth->metrics, 0, way, 0), 1);
}

static Err open_letters(Auth *auth, const AuthConfig *config)
{
    TRY(password_rules_read(config->content, &auth->rules));
    TRY(hasher_create(&auth->hasher));
    auth->mailer = config->mailer;
    return letters_create(config->content, config->site, (LetterPost){post_letter, auth}, &auth->letters);
}

static Err open_providers(Auth *auth, const AuthConfig *config)
{
    const Asset *known = asset_find(config->content, STR("providers.yaml"));

    if (known == NULL)
        return err(INVALID, "content/auth has no providers.yaml");
    return oidc_create(
        &(OidcConfig){
            .known = known->bytes,
            .operators = config->providers,
            .site = config->site,
            .kv = auth->kv,
            .clock = auth->clock,
        },
        &auth->oidc);
}

/* What can't fail. */
static void take_what_is_given(Auth *auth, const AuthConfig *config)
{
    auth->metrics = metrics_create(METRICS, sizeof METRICS / sizeof *METRICS);
    auth->tokens = config->tokens;
    auth->kv = config->kv;
    auth->world = config->world;
    auth->sign_in_life_us = config->sign_in_life_us;
    auth->age_verifiers = config->age_verifiers;
    auth->agents = config->agents;
    auth->analytics = config->analytics;
    auth->notify = config->notify;
    auth->clock = config->clock != NULL ? config->clock : clock_system();
    auth->revoked = revoked_create(auth->clock, TOKEN_LIFETIME_S);
    auth->ring = ring_create();
    auth->throttle = (Throttle){config->kv, auth->clock};
    auth->passkey_site = (WebauthnSite){config->passkey_domain, config->passkey_origins};
}

static Err open_keys(Auth *auth, const AuthConfig *config)
{
    TRY(seal_init(&auth->seal, config->key, config->key_file));
    TRY(seal_read_previous(&auth->seal, config->previous_key));
    return webauthn_check_site(&auth->passkey_site);
}

static Err open_store(Auth *auth, const AuthConfig *config)
{
    TRY(sql_open(config->store, AUTH_SQL_MIGRATIONS, &auth->sql));
    return merge_try_parked(auth);
}

static Err open_all(Auth *auth, const AuthConfig *config)
{
    if (sodium_init() < 0)
        return err(INTERNAL, "libsodium can't be set up");
    take_what_is_given(auth, config);
    TRY(retention_create(config->content, &auth->retention));
    TRY(age_verifiers_check(auth->age_verifiers));
    TRY(open_letters(auth, config));
    TRY(open_providers(auth, config));
    TRY(open_keys(auth, config));
    TRY(open_store(auth, config));
    TRY(queue_open(&(QueueConfig){auth_jobs_here(auth), auth->sql, auth->clock, auth}, &auth->queue));
    return watch_start(auth, &(WatchWork){merge_go_on}, &auth->watch);
}

Err auth_create(const AuthConfig *config, Auth **out)
{
    Auth *auth = memory_new(Auth);
    Err e = open_all(auth, config);

    *out = failed(&e) ? NULL : auth;
    if (failed(&e))
        auth_destroy(auth);
    return e;
}

void auth_destroy(Auth *auth)
{
    if (auth == NULL)
        return;
    auth_stop_jobs(auth);
    watch_stop(auth->watch);
    queue_close(auth->queue);
    sql_close(auth->sql);
    retention_destroy(auth->retention);
    oidc_destroy(auth->oidc);
    letters_destroy(auth->letters);
    hasher_destroy(auth->hasher);
    revoked_destroy(auth->revoked);
    ring_destroy(auth->ring);
    seal_finish(&auth->seal);
    metrics_destroy(auth->metrics);
    memory_free(auth);
}

Err auth_identify(void *context, Arena *arena, Str credential, Identity *out)
{
    const Auth *auth = context;
    Claims claims;

    if (keys_is_one(credential))
        return keys_identify(auth, arena, credential, out);
    TRY(tokens_verify(auth->tokens, arena, credential, &claims));
    if (claims.session.data != NULL && revoked_has(auth->revoked, claims.session))
        return err(UNAUTHORIZED, "This sign-in has ended: sign in again.");
    *out = (Identity){
        .subject = claims.subject,
        .permissions = permission_bits(claims.permissions),
        .session = claims.session,
        .proved_at_s = claims.proved_at_s,
        .kind = claims.proved_at_s == 0 ? IDENTITY_GUEST : IDENTITY_MEMBER, /* who never showed a secret */
    };
    return OK;
}

Str auth_seal(const Auth *auth, Arena *arena, Str plain, Str owner)
{
    return seal_close(&auth->seal, arena, plain, owner);
}

Err auth_unseal(const Auth *auth, Arena *arena, Str sealed, Str owner, Str *plain)
{
    return seal_open(&auth->seal, arena, sealed, owner, plain);
}

bool auth_blocks(const Auth *auth)
{
    return sql_reads_block(auth->sql) || kv_blocks(auth->kv);
}

Err auth_ready(Auth *auth)
{
    return sql_ready(auth->sql);
}

static Err note_missing(void *context, const SqlMigration *migration, const char *text)
{
    bool *is_old = context;

    (void)migration;
    (void)text;
    *is_old = true;
    return OK;
}

static void release_sql(Sql **sql)
{
    sql_close(*sql);
}

/* Of a database that isn't there or is older than the program there is nothing to walk yet. */
static Err check_audit(const char *store, Arena *arena, Str *report)
{
    __attribute__((cleanup(release_sql))) Sql *sql = NULL;
    bool is_old = false;
    AuditState state;

    TRY(sql_migrate(store, AUTH_SQL_MIGRATIONS, &(SqlMigrating){true, note_missing, &is_old}));
    if (is_old)
        return OK;
    TRY(sql_open(store, AUTH_SQL_MIGRATIONS, &sql));
    TRY(audit_verify(sql, arena, &state));
    *report = str_format(arena, "%.*s, audit log of %lld rows unbroken%s%.*s", STR_ARG(*report),
                         (long long)state.rows, state.rows > 0 ? " up to " : "", STR_ARG(state.head));
    return merge_check(sql, arena);
}

Err auth_check(const char *store, Arena *arena, Str *report)
{
    TRY(sql_check(store, AUTH_SQL_MIGRATIONS, arena, report));
    return check_audit(store, arena, report);
}

Err auth_kept_days(AssetTable content, Str term, int64_t *days)
{
    Retention *retention;

    TRY(retention_create(content, &retention));
    Err e = retention_days(retention, term, days);
    retention_destroy(retention);
    return e;
}

SqlMigrations auth_tables(void)
{
    return AUTH_SQL_MIGRATIONS;
}
