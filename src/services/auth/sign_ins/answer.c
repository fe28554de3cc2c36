#include "services/auth/sign_ins/answer.h"

#include "base/random.h"
#include "base/time.h"
#include "http/cookies.h"
#include "services/auth/opaque.h"
#include "services/auth/roles.h"

static Err issue(const Auth *auth, Arena *arena, const SignInGrant *grant, int64_t expires_at_s, Str *out)
{
    Claims claims = {
        .subject = grant->user_id,
        .session = grant->sign_in_id,
        .id = id_new(arena, auth->clock),
        .permissions = permission_names(arena, role_permissions(grant->role)),
        .issued_at_s = grant->now_us / US_PER_S,
        .expires_at_s = expires_at_s,
        .proved_at_s = grant->proved_us / US_PER_S,
    };

    return tokens_issue(auth->tokens, arena, &claims, out);
}

static void put_cookie(Call *call, const char *name, Str value, int64_t life_s, bool for_scripts)
{
    call->put_header(call, "Set-Cookie",
                     cookie_write(call->arena, &(Cookie){name, value, life_s, for_scripts}));
}

/* An access token never outlives the sign-in it belongs to. */
static int64_t access_end_s(const SignInGrant *grant)
{
    int64_t alone_s = grant->now_us / US_PER_S + TOKEN_LIFETIME_S;
    int64_t sign_in_s = grant->expires_us / US_PER_S;

    return alone_s < sign_in_s ? alone_s : sign_in_s;
}

static Err put_cookies(Call *call, const SignInGrant *grant, Str access, SignedIn *out)
{
    int64_t now_s = grant->now_us / US_PER_S;
    int64_t life_s = grant->expires_us / US_PER_S - now_s;

    if (call->put_header == NULL)
        return err_at(err(UNPROCESSABLE, "cookies: only a browser takes them"), "/cookies");
    out->csrf_token = opaque_new(call->arena, "");
    put_cookie(call, COOKIE_ACCESS, access, access_end_s(grant) - now_s, false);
    put_cookie(call, COOKIE_REFRESH, grant->refresh_token, life_s, false);
    put_cookie(call, COOKIE_CSRF, out->csrf_token, life_s, true);
    return OK;
}

/* Tokens must not lie in caches (RFC 6749, 5.1). */
static void forbid_keeping(Call *call)
{
    if (call->put_header != NULL)
        call->put_header(call, "Cache-Control", "no-store");
}

Err answer_grant(const Auth *auth, Call *call, const SignInGrant *grant, bool with_cookies, SignedIn *out)
{
    int64_t expires_at_s = access_end_s(grant);
    Str access;

    TRY(issue(auth, call->arena, grant, expires_at_s, &access));
    *out = (SignedIn){
        .user_id = grant->user_id,
        .sign_in_id = grant->sign_in_id,
        .role = grant->role,
        .expires_at = time_format(call->arena, expires_at_s * US_PER_S),
        .refresh_expires_at = time_format(call->arena, grant->expires_us),
    };
    forbid_keeping(call);
    if (with_cookies)
        return put_cookies(call, grant, access, out);
    out->access_token = access;
    out->refresh_token = grant->refresh_token;
    return OK;
}

Err answer_proof(const Auth *auth, Call *call, const SignInGrant *grant, bool with_cookies, Proved *out)
{
    int64_t expires_at_s = access_end_s(grant);
    Str access;

    TRY(issue(auth, call->arena, grant, expires_at_s, &access));
    out->expires_at = time_format(call->arena, expires_at_s * US_PER_S);
    forbid_keeping(call);
    if (!with_cookies)
        out->access_token = access;
    else if (call->put_header != NULL)
        put_cookie(call, COOKIE_ACCESS, access, expires_at_s - grant->now_us / US_PER_S, false);
    return OK;
}

static Str header_of(const Call *call, const char *name)
{
    return call->header != NULL ? call->header(call, str_from(name)) : (Str){0};
}

Err answer_refresh_token(const Call *call, Str given, Str *out, bool *from_cookie)
{
    Str cookies = header_of(call, "cookie");

    *out = given.data != NULL ? given : cookie_get(cookies, STR(COOKIE_REFRESH));
    *from_cookie = given.data == NULL && out->data != NULL;
    if (*from_cookie && !cookies_show_page(cookies, header_of(call, CSRF_HEADER)))
        return err(FORBIDDEN, "Send X-CSRF-Token with what the cookie " COOKIE_CSRF " holds.");
    return OK;
}

void answer_forget_cookies(Call *call)
{
    if (call->put_header == NULL || cookie_get(header_of(call, "cookie"), STR(COOKIE_CSRF)).data == NULL)
        return;
    put_cookie(call, COOKIE_ACCESS, STR(""), 0, false);
    put_cookie(call, COOKIE_REFRESH, STR(""), 0, false);
    put_cookie(call, COOKIE_CSRF, STR(""), 0, true);
    /* "cookies" would end those of all of the domain's other sites, too: ours are taken back above. */
    call->put_header(call, "Clear-Site-Data", "\"cache\", \"storage\"");
}
