#include "services/auth/accounts/enter.h"

#include "base/time.h"
#include "services/auth/accounts/merge.h"
#include "services/auth/accounts_sql.h"
#include "services/auth/auth_sql.h"
#include "services/auth/sign_ins/answer.h"

Err member_enter(const Auth *auth, Call *call, const Member *member, bool with_cookies, SignedIn *out)
{
    SignInGrant grant = {.user_id = member->user_id, .role = member->role, .proved_us = auth_now_us(auth)};
    const GuestMerged *merged;

    TRY(merge_guest(auth, call, member->user_id, &merged));
    TRY(sign_in_begin(auth, call, false, &grant));
    TRY(answer_grant(auth, call, &grant, with_cookies, out));
    out->merged = merged;
    return OK;
}

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

Err member_prove(const Auth *auth, Call *call, bool with_cookies, Proved *out)
{
    Proving proving = {call, auth_now_us(auth), 0};
    SignInGrant grant = {.user_id = call->identity.subject,
                         .sign_in_id = call->identity.session,
                         .now_us = proving.now_us,
                         .proved_us = proving.now_us};
    bool found;

    TRY(auth_sql_get_role(auth->sql, NULL, call->arena, grant.user_id, &grant.role, &found));
    if (!found || grant.sign_in_id.data == NULL)
        return err(FORBIDDEN, "Only a member who has signed in can show who they are.");
    TRY(sql_transact(auth->sql, note_proof, &proving));
    TRY(auth_sql_get_sign_in_end(auth->sql, NULL, grant.sign_in_id, &grant.expires_us, &found));
    if (!found)
        return err(UNAUTHORIZED, "This sign-in has ended: sign in again.");
    out->until = time_format(call->arena, proving.now_us + (int64_t)PROOF_S * US_PER_S);
    return answer_proof(auth, call, &grant, with_cookies, out);
}
