/* Another address: the new one is asked by letter, the old one is told. */
#include "services/auth/accounts/address.h"
#include "services/auth/accounts/errands.h"
#include "services/auth/accounts/proof.h"

static Err own_address(const Auth *auth, Tx *tx, Arena *arena, Str user_id, AccountsSqlGetAccount *out)
{
    bool found;

    TRY(accounts_sql_get_account(tx != NULL ? NULL : auth->sql, tx, arena, user_id, out, &found));
    return found && out->email.data != NULL ? OK : err(FORBIDDEN, "A guest has no address: sign up first.");
}

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
    TRY(own_address(auth, NULL, call->arena, call->identity.subject, &account));
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
    TRY(own_address(moving->auth, tx, arena, errand.user_id, &moving->before));
    TRY(accounts_sql_move_email(tx, errand.user_id, errand.email, errand.shown, now_us, NULL));
    return audit_add(tx, arena, now_us,
                     &(AuditEvent){STR("email-changed"), errand.user_id, errand.user_id, STR("")});
}

Err auth_confirm_email(Call *call, const ConfirmEmailInput *in, Account *out)
{
    const Auth *auth = call->service;
    Moving moving = {.auth = auth, .call = call, .token = in->token};

    TRY(auth_need_person(call));
    TRY(sql_transact(auth->sql, move, &moving));
    TRY(letters_send(auth->letters, call->arena, LETTER_MOVED, in->language, moving.before.shown, (Str){0},
                     0));
    return auth_get_account(call, out);
}
