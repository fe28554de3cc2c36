/* The operations of api/auth.yaml that are about sign-ins. */
#include "services/auth/core.h"

#include "base/random.h"
#include "services/auth/roles.h"
#include "services/auth/sign_ins/answer.h"
#include "services/auth/sign_ins/sign_ins.h"

Err auth_begin_guest(Call *call, const AuthBeginGuestInput *in, SignedIn *out)
{
    const Auth *auth = call->service;
    SignInGrant grant = {.user_id = id_new(call->arena, auth->clock), .role = ROLE_TEXT[ROLE_GUEST]};

    TRY(sign_in_begin(auth, call, true, &grant));
    return answer_grant(auth, call, &grant, in->body != NULL && in->body->cookies, out);
}

Err auth_refresh(Call *call, const AuthRefreshInput *in, SignedIn *out)
{
    const Auth *auth = call->service;
    SignInGrant grant = {0};
    bool from_cookie;
    Str token;

    TRY(answer_refresh_token(call, in->body != NULL ? in->body->refresh_token : (Str){0}, &token,
                             &from_cookie));
    if (token.data == NULL)
        return err(UNAUTHORIZED, "refresh_token: give the one that came with the access token");
    TRY(sign_in_refresh(auth, call, token, &grant));
    return answer_grant(auth, call, &grant, from_cookie, out);
}

/* Whoever holds a refresh token may end its sign-in (RFC 7009), for the access token may be over. */
static Err who_signs_out(Call *call, const AuthSignOutInput *in, SignInGrant *who)
{
    bool from_cookie;
    Str token;

    if (call->identity.session.data != NULL) {
        *who = (SignInGrant){.user_id = call->identity.subject, .sign_in_id = call->identity.session};
        return OK;
    }
    TRY(answer_refresh_token(call, in->body != NULL ? in->body->refresh_token : (Str){0}, &token,
                             &from_cookie));
    if (token.data == NULL)
        return err(UNAUTHORIZED, "No sign-in is shown: send its access token, or its refresh_token");
    return sign_in_of_token(call->service, call->arena, token, who);
}

Err auth_sign_out(Call *call, const AuthSignOutInput *in, SignedOut *out)
{
    SignInGrant who = {0};

    TRY(who_signs_out(call, in, &who));
    TRY(sign_in_end(call->service, call->arena, &(SignInName){who.user_id, who.sign_in_id}, STR("signed out"),
                    &out->ended));
    answer_forget_cookies(call);
    return OK;
}

Err auth_sign_out_everywhere(Call *call, SignedOut *out)
{
    TRY(auth_need_person(call));
    TRY(sign_in_end_all(call->service, call->arena, call->identity.subject, STR("signed out everywhere"),
                        &out->ended));
    answer_forget_cookies(call);
    return OK;
}

Err auth_list_sign_ins(Call *call, SignIns *out)
{
    TRY(auth_need_person(call));
    return sign_in_list(call->service, call, out);
}

Err auth_end_sign_in(Call *call, const AuthEndSignInInput *in, SignedOut *out)
{
    TRY(auth_need_person(call));
    TRY(sign_in_end(call->service, call->arena, &(SignInName){call->identity.subject, in->sign_in_id},
                    STR("signed out from afar"), &out->ended));
    return out->ended > 0
               ? OK
               : err(NOT_FOUND, "sign_in_id: no sign-in of yours that goes on; GET …/sessions lists them");
}

Err auth_show_keys(Call *call, KeySet *out)
{
    const Auth *auth = call->service;

    out->keys = tokens_public_keys(auth->tokens, call->arena);
    return OK;
}
