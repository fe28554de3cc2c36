/* A password that was forgotten, and one that is to be another. */
#include "services/auth/accounts/account.h"
#include "services/auth/accounts/address.h"
#include "services/auth/accounts/errands.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/sign_ins/sign_ins.h"

/* There is a letter in either case, so that nobody learns from the answer, nor from its time, which addresses are known. */
Err auth_reset_password(Call *call, const ResetInput *in, LetterSent *out)
{
    const Auth *auth = call->service;
    Errand errand = {ERRAND_NOTHING, STR(""), {0}, in->email, STR(""), RESET_HOURS};
    AccountsSqlFindMember member = {0};
    bool found;
    Str token;

    TRY(address_fold(call->arena, in->email, &errand.email));
    TRY(throttle_letter(&auth->throttle, call->arena, &(Attempt){errand.email, call->client}));
    TRY(accounts_sql_find_member(auth->sql, NULL, call->arena, errand.email, &member, &found));
    if (found) {
        errand.purpose = ERRAND_RESET;
        errand.user_id = member.user_id;
    }
    TRY(errand_add(auth, call->arena, &errand, &token));
    TRY(letters_send(auth->letters, call->arena, found ? LETTER_RESET : LETTER_STRANGER, in->language,
                     in->email, found ? token : (Str){0}, RESET_HOURS));
    out->sent = true;
    return OK;
}

/* --- setting it --- */

typedef struct Setting {
    const Auth *auth;
    Arena *arena;
    Str token; /* absent: who has shown the old one sets it */
    Str user_id;
    Str hash;
} Setting;

static Err set(void *context, Tx *tx)
{
    Setting *setting = context;
    int64_t now_us = auth_now_us(setting->auth);

    if (setting->token.data != NULL) {
        AccountsSqlGetErrand errand = {0};
        TRY(errand_take(setting->auth, tx, setting->arena, setting->token, ERRAND_RESET, &errand));
        setting->user_id = errand.user_id;
    }
    TRY(accounts_sql_put_password(tx, setting->user_id, setting->hash, now_us, NULL));
    TRY(accounts_sql_drop_errands_of(tx, setting->user_id, ERRAND_RESET, NULL));
    AuditEvent event = {STR("password-changed"), setting->user_id, setting->user_id,
                        setting->token.data != NULL ? STR("by letter") : STR("")};
    return audit_add(tx, setting->arena, now_us, &event);
}

static Err tell_change(const Auth *auth, Arena *arena, Language language, Str to)
{
    return letters_send(auth->letters, arena, LETTER_CHANGED, language, to, (Str){0}, 0);
}

Err auth_confirm_reset(Call *call, const ConfirmResetInput *in, SignedOut *out)
{
    const Auth *auth = call->service;
    Setting setting = {auth, call->arena, in->token, {0}, {0}};
    AccountsSqlGetErrand errand = {0};

    TRY(errand_find(auth, NULL, call->arena, in->token, ERRAND_RESET, &errand));
    TRY(password_check(&auth->rules, call->arena, in->password, errand.email));
    TRY(hasher_hash(auth->hasher, call->arena, in->password, &setting.hash));
    TRY(sql_transact(auth->sql, set, &setting));
    TRY(sign_in_end_all(auth, call->arena, setting.user_id, STR("password reset"), &out->ended));
    return tell_change(auth, call->arena, in->language, errand.shown);
}

static Err prove_old(const Auth *auth, Call *call, const ChangePasswordInput *in,
                     AccountsSqlGetAccount *account)
{
    Member member;

    TRY(account_with_password(auth, call, account));
    TRY(password_check(&auth->rules, call->arena, in->new_password, account->email));
    return proof_by_password(auth, call, account->email, in->password, &member);
}

Err auth_change_password(Call *call, const ChangePasswordInput *in, SignedOut *out)
{
    const Auth *auth = call->service;
    Setting setting = {auth, call->arena, {0}, call->identity.subject, {0}};
    AccountsSqlGetAccount account = {0};

    TRY(prove_old(auth, call, in, &account));
    TRY(hasher_hash(auth->hasher, call->arena, in->new_password, &setting.hash));
    TRY(sql_transact(auth->sql, set, &setting));
    TRY(sign_in_end_others(auth, call->arena, &call->identity, STR("password changed"), &out->ended));
    return tell_change(auth, call->arena, in->language, account.shown);
}
