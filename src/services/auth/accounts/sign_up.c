/* Signing up: the address is asked by letter, and whoever opens the letter shows the password again. So nobody can prepare an
 * account for an address that isn't theirs (the owner of the mailbox doesn't know the password), and who asks learns nothing
 * of whether an address is known. */
#include "base/random.h"
#include "services/auth/accounts/address.h"
#include "services/auth/accounts/errands.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/roles.h"
#include "services/auth/sign_ins/answer.h"
#include "services/auth/tell.h"

/* A guest keeps their id, and with it their story. */
static Str future_id(const Auth *auth, Call *call)
{
    return call->identity.kind == IDENTITY_GUEST ? call->identity.subject : id_new(call->arena, auth->clock);
}

static Err ask_by_letter(const Auth *auth, Call *call, const SignUpInput *in, const Errand *errand)
{
    bool is_new = errand->purpose.len > 0;
    Str token;

    TRY(errand_add(auth, call->arena, errand, &token));
    return letters_send(auth->letters, call->arena, is_new ? LETTER_VERIFY : LETTER_KNOWN, in->language,
                        in->email, is_new ? token : (Str){0}, ERRAND_HOURS);
}

Err auth_sign_up(Call *call, const SignUpInput *in, LetterSent *out)
{
    const Auth *auth = call->service;
    Errand errand = {ERRAND_SIGN_UP, future_id(auth, call), {0}, in->email, {0}, ERRAND_HOURS};
    AccountsSqlFindMember known;
    bool is_known;

    TRY(address_fold(call->arena, in->email, &errand.email));
    TRY(password_check(&auth->rules, call->arena, in->password, errand.email));
    TRY(throttle_letter(&auth->throttle, call->arena, &(Attempt){errand.email, call->client}));
    TRY(hasher_hash(auth->hasher, call->arena, in->password, &errand.password_hash));
    TRY(accounts_sql_find_member(auth->sql, NULL, call->arena, errand.email, &known, &is_known));
    if (is_known)
        errand.purpose = ERRAND_NOTHING;
    TRY(ask_by_letter(auth, call, in, &errand));
    out->sent = true;
    return OK;
}

/* --- the letter was opened --- */

typedef struct Confirming {
    const Auth *auth;
    Arena *arena;
    Str token;
    SignInGrant *grant;
} Confirming;

/* Who has become a member another way meanwhile (a provider, a passkey) has an account: whoever asked for the letter as the guest, perhaps
 * with a token that was stolen, gets none into it. */
static Err check_free(Tx *tx, Arena *arena, const AccountsSqlGetErrand *errand)
{
    AccountsSqlFindMember member;
    AccountsSqlGetAccount account = {0};
    bool is_taken, is_there;

    TRY(accounts_sql_find_member(NULL, tx, arena, errand->email, &member, &is_taken));
    TRY(accounts_sql_get_account(NULL, tx, arena, errand->user_id, &account, &is_there));
    return is_taken || (is_there && !str_equal(account.role, ROLE_TEXT[ROLE_GUEST]))
               ? err(CONFLICT, "There is an account already: sign in instead.")
               : OK;
}

static Err make_member(void *context, Tx *tx)
{
    const Confirming *confirming = context;
    int64_t now_us = auth_now_us(confirming->auth);
    Arena *arena = confirming->arena;
    AccountsSqlGetErrand errand = {0};

    TRY(errand_take(confirming->auth, tx, arena, confirming->token, ERRAND_SIGN_UP, &errand));
    TRY(check_free(tx, arena, &errand));
    TRY(accounts_sql_put_account(tx, errand.user_id, ROLE_TEXT[ROLE_MEMBER], now_us, NULL));
    TRY(accounts_sql_add_email(tx, errand.email, errand.user_id, errand.shown, now_us, NULL));
    TRY(accounts_sql_put_password(tx, errand.user_id, errand.password_hash, now_us, NULL));
    *confirming->grant =
        (SignInGrant){.user_id = errand.user_id, .role = ROLE_TEXT[ROLE_MEMBER], .proved_us = now_us};
    TRY(tell_signed_up(confirming->auth, tx, arena, errand.user_id, USER_SIGNED_UP_WAY_PASSWORD));
    return audit_add(tx, arena, now_us,
                     &(AuditEvent){STR("signed-up"), errand.user_id, errand.user_id, STR("")});
}

static Err check_password(const Auth *auth, Call *call, const VerifyEmailInput *in)
{
    AccountsSqlGetErrand errand = {0};
    bool is_right;

    TRY(errand_find(auth, NULL, call->arena, in->token, ERRAND_SIGN_UP, &errand));
    TRY(throttle_try(&auth->throttle, call->arena, &(Attempt){errand.email, call->client}));
    TRY(hasher_verify(auth->hasher, call->arena, errand.password_hash, in->password, &is_right));
    return is_right ? OK : err(UNAUTHORIZED, "The address or the password is wrong.");
}

/* The sign-ins of before, a guest's, end: nobody who had one of them goes on as a member (ASVS 5, 7.2.4). */
Err auth_verify_email(Call *call, const VerifyEmailInput *in, SignedIn *out)
{
    const Auth *auth = call->service;
    SignInGrant grant = {0};
    Confirming confirming = {auth, call->arena, in->token, &grant};
    int64_t ended;

    TRY(check_password(auth, call, in));
    TRY(sql_transact(auth->sql, make_member, &confirming));
    auth_count_sign_up(auth, SIGNED_UP_BY_LETTER);
    TRY(sign_in_end_all(auth, call->arena, grant.user_id, STR("signed up"), &ended));
    TRY(sign_in_begin(auth, call, false, &grant));
    return answer_grant(auth, call, &grant, in->cookies, out);
}
