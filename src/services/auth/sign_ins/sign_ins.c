#include "services/auth/sign_ins/sign_ins.h"

#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"
#include "services/auth/auth_sql.h"
#include "services/auth/opaque.h"
#include "services/auth/sign_ins/watch.h"

enum { DEVICE_CHARACTERS = 120, MOST_LISTED = 100 };

#define REFRESH_PREFIX "nr_"

/* --- beginning --- */

typedef struct Beginning {
    const SignInGrant *grant;
    Str device;
    Str hash;
    bool is_new;
} Beginning;

static Err store_beginning(void *context, Tx *tx)
{
    const Beginning *beginning = context;
    const SignInGrant *grant = beginning->grant;

    if (beginning->is_new)
        TRY(auth_sql_add_account(tx, grant->user_id, grant->role, grant->now_us, NULL));
    TRY(auth_sql_add_sign_in(tx, grant->sign_in_id, grant->user_id, beginning->device, grant->now_us,
                             grant->proved_us, grant->expires_us, NULL));
    return auth_sql_add_refresh_token(tx, beginning->hash, grant->sign_in_id, grant->expires_us, NULL);
}

static Str device_of(const Call *call)
{
    Str agent = call->header != NULL ? call->header(call, STR("user-agent")) : (Str){0};

    return agent.data == NULL || !utf8_valid(agent) ? STR("") : utf8_cut(agent, DEVICE_CHARACTERS);
}

/* Idle for too long, or too long in all. A guest has nothing that they could show again, and goes on for as long as they come. */
static int64_t end_of(const Auth *auth, const SignInGrant *grant, int64_t begun_us)
{
    int64_t idle_us = grant->now_us + (int64_t)REFRESH_LIFETIME_S * US_PER_S;
    int64_t last_us = begun_us + auth->sign_in_life_us;

    return grant->proved_us == 0 || idle_us < last_us ? idle_us : last_us;
}

static void make_token(const Auth *auth, Arena *arena, SignInGrant *grant)
{
    grant->now_us = auth_now_us(auth);
    grant->refresh_token = opaque_new(arena, REFRESH_PREFIX);
}

Err sign_in_begin(const Auth *auth, Call *call, bool is_new, SignInGrant *grant)
{
    make_token(auth, call->arena, grant);
    grant->expires_us = end_of(auth, grant, grant->now_us);
    grant->sign_in_id = id_new(call->arena, auth->clock);
    Beginning beginning = {grant, device_of(call), opaque_hash(call->arena, grant->refresh_token), is_new};
    return sql_transact(auth->sql, store_beginning, &beginning);
}

/* --- going on --- */

static Err no_token(const char *why)
{
    return err_detail(err(UNAUTHORIZED, "refresh_token: it is not valid, or no longer; sign in again"), "%s",
                      why);
}

static Err check_token(const AuthSqlGetRefreshToken *row, bool found, int64_t now_us)
{
    if (!found)
        return no_token("no such token");
    if (row->revoked_us > 0)
        return no_token("of a sign-in that has ended");
    return row->expires_us > now_us ? OK : no_token("it is over");
}

typedef struct Exchanging {
    const Auth *auth;
    Arena *arena;
    Str old_hash;
    Str new_hash;
    SignInGrant *grant;
    bool is_reused;
} Exchanging;

static void fill_grant(SignInGrant *grant, const AuthSqlGetRefreshToken *row)
{
    grant->user_id = row->user_id;
    grant->role = row->role;
    grant->sign_in_id = row->sign_in_id;
    grant->proved_us = row->proved_us;
}

static Err end_reused(const Exchanging *exchanging, Tx *tx)
{
    const SignInGrant *grant = exchanging->grant;
    AuditEvent event = {STR("sign-ins-ended"), STR(""), grant->user_id, STR("refresh token used twice")};

    TRY(auth_sql_end_sign_in(tx, grant->sign_in_id, grant->user_id, grant->now_us, STR("reused"), NULL));
    return audit_add(tx, exchanging->arena, grant->now_us, &event);
}

/* Of two who come with the same token at once one changes the row; the other is the second, whatever the store. */
static Err exchange(void *context, Tx *tx)
{
    Exchanging *exchanging = context;
    SignInGrant *grant = exchanging->grant;
    AuthSqlGetRefreshToken row = {0};
    int64_t used = 0;
    bool found;

    TRY(auth_sql_get_refresh_token(NULL, tx, exchanging->arena, exchanging->old_hash, &row, &found));
    TRY(check_token(&row, found, grant->now_us));
    fill_grant(grant, &row);
    grant->expires_us = end_of(exchanging->auth, grant, row.begun_us);
    if (grant->expires_us <= grant->now_us)
        return no_token("its sign-in has gone on for as long as one may");
    TRY(auth_sql_use_refresh_token(tx, exchanging->old_hash, grant->now_us, &used));
    exchanging->is_reused = used == 0;
    if (exchanging->is_reused)
        return end_reused(exchanging, tx);
    TRY(auth_sql_touch_sign_in(tx, row.sign_in_id, grant->now_us, grant->expires_us, NULL));
    return auth_sql_add_refresh_token(tx, exchanging->new_hash, row.sign_in_id, grant->expires_us, NULL);
}

Err sign_in_refresh(const Auth *auth, Call *call, Str refresh_token, SignInGrant *grant)
{
    make_token(auth, call->arena, grant);
    Exchanging exchanging = {
        .auth = auth,
        .arena = call->arena,
        .old_hash = opaque_hash(call->arena, refresh_token),
        .new_hash = opaque_hash(call->arena, grant->refresh_token),
        .grant = grant,
    };
    TRY(sql_transact(auth->sql, exchange, &exchanging));
    if (!exchanging.is_reused)
        return OK;
    watch_tell(auth, grant->sign_in_id);
    return no_token("it was used before: its sign-in ends");
}

Err sign_in_of_token(const Auth *auth, Arena *arena, Str refresh_token, SignInGrant *out)
{
    AuthSqlGetRefreshToken row = {0};
    bool found;

    TRY(auth_sql_get_refresh_token(auth->sql, NULL, arena, opaque_hash(arena, refresh_token), &row, &found));
    TRY(check_token(&row, found, auth_now_us(auth)));
    fill_grant(out, &row);
    return OK;
}

/* --- ending --- */

typedef struct Ending {
    Str user_id;
    Str sign_in_id; /* absent: all of them */
    Str reason;
    bool others; /* all but this one */
    Arena *arena;
    int64_t now_us;
    int64_t ended;
} Ending;

static Err end_some(const Ending *ending, Tx *tx, int64_t *ended)
{
    if (ending->sign_in_id.data == NULL)
        return auth_sql_end_sign_ins(tx, ending->user_id, ending->now_us, ending->reason, ended);
    if (ending->others)
        return auth_sql_end_other_sign_ins(tx, ending->user_id, ending->sign_in_id, ending->now_us,
                                           ending->reason, ended);
    return auth_sql_end_sign_in(tx, ending->sign_in_id, ending->user_id, ending->now_us, ending->reason,
                                ended);
}

static Err end(void *context, Tx *tx)
{
    Ending *ending = context;
    AuditEvent event = {STR("sign-ins-ended"), ending->user_id, ending->user_id, ending->reason};

    TRY(end_some(ending, tx, &ending->ended));
    return ending->ended > 0 ? audit_add(tx, ending->arena, ending->now_us, &event) : OK;
}

/* Those that ended at this very moment are told to all nodes. */
static Err tell_ended(const Auth *auth, const Ending *ending)
{
    Str *ids;
    size_t count;

    TRY(auth_sql_list_ended(auth->sql, NULL, ending->arena, ending->user_id, ending->now_us, &ids, &count));
    for (size_t i = 0; i < count; i++)
        watch_tell(auth, ids[i]);
    return OK;
}

static Err end_and_tell(const Auth *auth, Ending *ending, int64_t *ended)
{
    ending->now_us = auth_now_us(auth);
    TRY(sql_transact(auth->sql, end, ending));
    *ended = ending->ended;
    return ending->ended > 0 ? tell_ended(auth, ending) : OK;
}

Err sign_in_end(const Auth *auth, Arena *arena, const SignInName *which, Str reason, int64_t *ended)
{
    Ending ending = {
        .user_id = which->user_id, .sign_in_id = which->sign_in_id, .reason = reason, .arena = arena};

    return end_and_tell(auth, &ending, ended);
}

Err sign_in_end_others(const Auth *auth, Arena *arena, const Identity *kept, Str reason, int64_t *ended)
{
    Ending ending = {.user_id = kept->subject,
                     .sign_in_id = kept->session.data != NULL ? kept->session : STR(""),
                     .reason = reason,
                     .others = true,
                     .arena = arena};

    return end_and_tell(auth, &ending, ended);
}

Err sign_in_end_all(const Auth *auth, Arena *arena, Str user_id, Str reason, int64_t *ended)
{
    Ending ending = {.user_id = user_id, .reason = reason, .arena = arena};

    return end_and_tell(auth, &ending, ended);
}

/* --- listing --- */

static SignIn item_of(const Call *call, const AuthSqlListSignIns *row)
{
    return (SignIn){
        .sign_in_id = row->sign_in_id,
        .device = row->device,
        .begun = time_format(call->arena, row->begun_us),
        .seen = time_format(call->arena, row->seen_us),
        .expires = time_format(call->arena, row->expires_us),
        .current = str_equal(row->sign_in_id, call->identity.session),
    };
}

Err sign_in_list(const Auth *auth, Call *call, SignIns *out)
{
    AuthSqlListSignIns *rows;
    size_t count;

    TRY(auth_sql_list_sign_ins(auth->sql, NULL, call->arena, call->identity.subject, auth_now_us(auth),
                               MOST_LISTED, &rows, &count));
    out->user_id = call->identity.subject;
    out->items.items = arena_array(call->arena, SignIn, count + 1);
    for (size_t i = 0; i < count; i++)
        out->items.items[out->items.count++] = item_of(call, &rows[i]);
    return OK;
}
