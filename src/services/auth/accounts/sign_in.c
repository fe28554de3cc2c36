/* Signing in with address and password, and showing the password again. */
#include "base/time.h"
#include "services/auth/accounts/address.h"
#include "services/auth/accounts/merge.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/sign_ins/answer.h"

Err auth_sign_in(Call *call, const SignInInput *in, SignedIn *out)
{
    const Auth *auth = call->service;
    Member member;
    Str email;

    TRY(address_fold(call->arena, in->email, &email));
    TRY(proof_by_password(auth, call, email, in->password, &member));
    TRY(merge_guest(auth, call, member.user_id));
    SignInGrant grant = {.user_id = member.user_id, .role = member.role, .proved_us = auth_now_us(auth)};
    TRY(sign_in_begin(auth, call, false, &grant));
    return answer_grant(auth, call, &grant, in->cookies, out);
}

/* --- step-up --- */

typedef struct Proving {
    const Call *call;
    int64_t now_us;
    int64_t changed;
} Proving;

static Err note_proof(void *context, Tx *tx)
{
    Proving *proving = context;
    const Identity *who = &proving->call->identity;

    return accounts_sql_prove_sign_in(tx, who->session, who->subject, proving->now_us, &proving->changed);
}

static Err own_account(const Auth *auth, Call *call, AccountsSqlGetAccount *out)
{
    bool found;

    TRY(auth_need_person(call));
    TRY(accounts_sql_get_account(auth->sql, NULL, call->arena, call->identity.subject, out, &found));
    if (!found || out->email.data == NULL || call->identity.session.data == NULL)
        return err(FORBIDDEN, "Only a member who has signed in can show a password.");
    return OK;
}

Err auth_step_up(Call *call, const StepUpInput *in, Proved *out)
{
    const Auth *auth = call->service;
    Proving proving = {call, auth_now_us(auth), 0};
    AccountsSqlGetAccount account = {0};
    Member member;

    TRY(own_account(auth, call, &account));
    TRY(proof_by_password(auth, call, account.email, in->password, &member));
    TRY(sql_transact(auth->sql, note_proof, &proving));
    SignInGrant grant = {.user_id = member.user_id,
                         .role = member.role,
                         .sign_in_id = call->identity.session,
                         .now_us = proving.now_us,
                         .proved_us = proving.now_us};
    out->until = time_format(call->arena, proving.now_us + (int64_t)PROOF_S * US_PER_S);
    return answer_proof(auth, call, &grant, in->cookies, out);
}
