/* Signing in with address and password, and showing the password again. */
#include "services/auth/accounts/account.h"
#include "services/auth/accounts/address.h"
#include "services/auth/accounts/enter.h"
#include "services/auth/accounts_sql.h"
#include "services/auth/totp/second_step.h"

static void answer_signed_in(const SignedIn *from, SignInAnswer *out)
{
    *out = (SignInAnswer){
        .user_id = from->user_id,
        .sign_in_id = from->sign_in_id,
        .role = from->role,
        .token_type = STR("Bearer"),
        .access_token = from->access_token,
        .expires_at = from->expires_at,
        .refresh_token = from->refresh_token,
        .refresh_expires_at = from->refresh_expires_at,
        .csrf_token = from->csrf_token,
        .merged = from->merged,
    };
}

Err auth_sign_in(Call *call, const SignInInput *in, SignInAnswer *out)
{
    const Auth *auth = call->service;
    SecondStep *second_step = arena_new(call->arena, SecondStep);
    SignedIn signed_in;
    bool is_needed;
    Member member;
    Str email;

    TRY(address_fold(call->arena, in->email, &email));
    TRY(proof_by_password(auth, call, email, in->password, &member));
    TRY(second_step_is_needed(auth, call->arena, member.user_id, &is_needed));
    if (is_needed) {
        out->second_step = second_step;
        return second_step_ask(auth, call->arena, member.user_id, second_step);
    }
    TRY(member_enter(auth, call, &member, in->cookies, &signed_in));
    answer_signed_in(&signed_in, out);
    return OK;
}

/* --- step-up --- */

static Err show_password(const Auth *auth, Call *call, Str password)
{
    AccountsSqlGetAccount account = {0};
    Member member;

    TRY(account_with_password(auth, call, &account));
    if (call->identity.session.data == NULL)
        return err(FORBIDDEN, "Only a member who has signed in can show a password.");
    return proof_by_password(auth, call, account.email, password, &member);
}

/* Where a sign-in takes a code, this does, too: else who has the password alone could remove the app. */
Err auth_step_up(Call *call, const StepUpInput *in, Proved *out)
{
    const Auth *auth = call->service;
    bool is_needed;

    TRY(auth_need_person(call));
    TRY(second_step_is_needed(auth, call->arena, call->identity.subject, &is_needed));
    if (is_needed && in->code.data == NULL)
        return err_at(err(FORBIDDEN, "code: show one of your app, or a recovery code"), "/code");
    if (!is_needed && in->code.data != NULL)
        return err_at(err(FORBIDDEN, "password: show it; there is no app that gives codes"), "/password");
    if (in->code.data != NULL)
        TRY(second_step_show(auth, call, call->identity.subject, in->code));
    else
        TRY(show_password(auth, call, in->password));
    return member_prove(auth, call, in->cookies, out);
}
