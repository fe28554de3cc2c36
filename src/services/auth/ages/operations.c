/* The operations of api/auth.yaml that are about age. */
#include "services/auth/ages/age.h"
#include "services/auth/ages/verifier.h"
#include "services/auth/auth_sql.h"
#include "services/auth/core.h"
#include "services/auth/tell.h"

static Err read_state(const Auth *auth, Tx *tx, Arena *arena, Str user_id, AgeState *out)
{
    AgesSqlAge row;
    bool found;

    TRY(ages_sql_get(tx != NULL ? NULL : auth->sql, tx, arena, user_id, &row, &found));
    *out = age_state(arena, found ? &row : NULL, auth_now_us(auth));
    return OK;
}

Err auth_get_age(Call *call, const AuthGetAgeInput *in, AgeState *out)
{
    return read_state(call->service, NULL, call->arena, in->user_id, out);
}

typedef struct Stating {
    const Auth *auth;
    Arena *arena;
    Str actor;
    Str user_id;
    int64_t birth_year;
    const AgeVerifier *verifier; /* NULL: they say so themselves */
    AgeState *out;
} Stating;

static Err need_account(const Stating *stating, Tx *tx)
{
    bool found;
    Str role;

    TRY(auth_sql_get_role(NULL, tx, stating->arena, stating->user_id, &role, &found));
    return found ? OK : err(NOT_FOUND, "There is no account of this id here.");
}

/* The log says that and by whom, not which year. */
static Err note(const Stating *stating, Tx *tx, Str act, Str detail)
{
    TRY(audit_add(tx, stating->arena, auth_now_us(stating->auth),
                  &(AuditEvent){act, stating->actor, stating->user_id, detail}));
    return read_state(stating->auth, tx, stating->arena, stating->user_id, stating->out);
}

/* Once: who said that they are too young doesn't get older by saying so. The same again changes nothing. */
static Err declare(void *context, Tx *tx)
{
    const Stating *stating = context;
    int64_t added;

    TRY(need_account(stating, tx));
    TRY(ages_sql_declare(tx, stating->user_id, stating->birth_year, auth_now_us(stating->auth), &added));
    if (added > 0)
        return note(stating, tx, STR("age-declared"), STR(""));
    TRY(read_state(stating->auth, tx, stating->arena, stating->user_id, stating->out));
    return stating->out->birth_year == stating->birth_year
               ? OK
               : err_at(err(CONFLICT, "birth_year: another one is known; only a verification corrects it"),
                        "/birth_year");
}

Err auth_declare_age(Call *call, const AgeInput *in, AgeState *out)
{
    const Auth *auth = call->service;
    Str user_id = call->identity.subject;
    Stating stating = {auth, call->arena, user_id, user_id, in->birth_year, NULL, out};

    TRY(auth_need_person(call));
    TRY(age_check_year(in->birth_year, auth_now_us(auth)));
    return sql_transact(auth->sql, declare, &stating);
}

static Err keep_verified(void *context, Tx *tx)
{
    enum { DAY_S = 24 * 3600 };
    const Stating *stating = context;
    int64_t now_us = auth_now_us(stating->auth);
    int64_t expires_us = now_us + (int64_t)stating->verifier->days * DAY_S * US_PER_S;

    TRY(need_account(stating, tx));
    TRY(ages_sql_verify(tx, stating->user_id, stating->birth_year, stating->verifier->name, now_us,
                        expires_us, NULL));
    TRY(note(stating, tx, STR("age-verified"), stating->verifier->name));
    return tell_age_verified(stating->auth, tx, stating->arena, stating->user_id, stating->out->adult);
}

static Err verify(Stating *stating, Str verifier, bool by_oneself, Str evidence)
{
    stating->verifier = age_verifier_find(stating->auth->age_verifiers, verifier);
    if (stating->verifier == NULL || stating->verifier->by_oneself != by_oneself)
        return err_at(err(UNPROCESSABLE, "verifier: there is none of this name that you could ask"),
                      "/verifier");
    TRY(stating->verifier->verify(evidence, &stating->birth_year));
    TRY(age_check_year(stating->birth_year, auth_now_us(stating->auth)));
    return sql_transact(stating->auth->sql, keep_verified, stating);
}

Err auth_verify_age(Call *call, const AgeEvidence *in, AgeState *out)
{
    Str user_id = call->identity.subject;
    Stating stating = {call->service, call->arena, user_id, user_id, 0, NULL, out};

    TRY(auth_need_person(call));
    return verify(&stating, in->verifier, true, in->evidence);
}

Err auth_confirm_age(Call *call, const AuthConfirmAgeInput *in, AgeState *out)
{
    Str actor = call->identity.subject.data != NULL ? call->identity.subject : STR("machine");
    Stating stating = {call->service, call->arena, actor, in->user_id, 0, NULL, out};
    Str year = str_format(call->arena, "%lld", (long long)in->body.birth_year);

    return verify(&stating, AGE_VERIFIER_MANUAL, false, year);
}
