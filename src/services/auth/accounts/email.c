/* Another address, or the first: the new one is asked by letter, the old one is told. */
#include "services/auth/accounts/account.h"
#include "services/auth/accounts/address.h"
#include "services/auth/accounts/errands.h"
#include "services/auth/accounts/proof.h"

/* One letter in either case, as for a sign-up. */
static Err ask_by_letter(const Auth *auth, Call *call, const ChangeEmailInput *in, Errand *errand)
{
    AccountsSqlFindMember other = {0};
    bool is_taken;
    Str token;

    TRY(accounts_sql_find_member(auth->sql, NULL, call->arena, errand->email, &other, &is_taken));
    if (is_taken)
        errand->purpose = ERRAND_NOTHING;
    TRY(errand_add(auth, call->arena, errand, &token));
    return letters_send(auth->letters, call->arena, is_taken ? LETTER_KNOWN : LETTER_EMAIL, in->language,
                        in->email, is_taken ? (Str){0} : token, ERRAND_HOURS);
}

Err auth_change_email(Call *call, const ChangeEmailInput *in, LetterSent *out)
{
    const Auth *auth = call->service;
    Errand errand = {ERRAND_EMAIL, call->identity.subject, {0}, in->email, STR(""), ERRAND_HOURS};
    AccountsSqlGetAccount account = {0};

    TRY(proof_need(auth, call));
    TRY(account_of_member(auth, NULL, call, &account));
    TRY(address_fold(call->arena, in->email, &errand.email));
    TRY(throttle_letter(&auth->throttle, call->arena, &(Attempt){errand.email, call->client}));
    TRY(ask_by_letter(auth, call, in, &errand));
    out->sent = true;
    return OK;
}

typedef struct Moving {
    const Auth *auth;
    const Call *call;
    Str token;
    AccountsSqlGetAccount before;
} Moving;

static Err check_own_and_free(const Moving *moving, Tx *tx, const AccountsSqlGetErrand *errand)
{
    AccountsSqlFindMember other = {0};
    bool is_taken;

    if (!str_equal(errand->user_id, moving->call->identity.subject))
        return err(FORBIDDEN, "token: this letter was asked for by another account");
    TRY(accounts_sql_find_member(NULL, tx, moving->call->arena, errand->email, &other, &is_taken));
    return is_taken ? err(CONFLICT, "email: another account has this address by now") : OK;
}

static Err move(void *context, Tx *tx)
{
    Moving *moving = context;
    int64_t now_us = auth_now_us(moving->auth);
    Arena *arena = moving->call->arena;
    AccountsSqlGetErrand errand = {0};

    TRY(errand_take(moving->auth, tx, arena, moving->token, ERRAND_EMAIL, &errand));
    TRY(check_own_and_free(moving, tx, &errand));
    TRY(account_of_member(moving->auth, tx, moving->call, &moving->before));
    bool is_first = moving->before.email.data == NULL;
    if (is_first)
        TRY(accounts_sql_add_email(tx, errand.email, errand.user_id, errand.shown, now_us, NULL));
    else
        TRY(accounts_sql_move_email(tx, errand.user_id, errand.email, errand.shown, now_us, NULL));
    AuditEvent event = {is_first ? STR("email-added") : STR("email-changed"), errand.user_id, errand.user_id,
                        STR("")};
    return audit_add(tx, arena, now_us, &event);
}

Err auth_confirm_email(Call *call, const ConfirmEmailInput *in, Account *out)
{
    const Auth *auth = call->service;
    Moving moving = {.auth = auth, .call = call, .token = in->token};

    TRY(auth_need_person(call));
    TRY(sql_transact(auth->sql, move, &moving));
    if (moving.before.email.data != NULL)
        TRY(letters_send(auth->letters, call->arena, LETTER_MOVED, in->language, moving.before.shown,
                         (Str){0}, 0));
    return auth_get_account(call, out);
}
