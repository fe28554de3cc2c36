#include "services/auth/accounts/errands.h"

#include "services/auth/opaque.h"

#define ERRAND_PREFIX "ne_"

typedef struct Adding {
    const Errand *errand;
    Str hash;
    int64_t expires_us;
} Adding;

/* Of a person's errands of one kind the latest counts. */
static Err add(void *context, Tx *tx)
{
    const Adding *adding = context;
    const Errand *errand = adding->errand;

    TRY(accounts_sql_drop_errands_of(tx, errand->user_id, errand->purpose, NULL));
    return accounts_sql_add_errand(tx, adding->hash, errand->purpose, errand->user_id, errand->email,
                                   errand->shown, errand->password_hash, adding->expires_us, NULL);
}

Err errand_add(const Auth *auth, Arena *arena, const Errand *errand, Str *token)
{
    enum { S_PER_HOUR = 3600 };

    *token = opaque_new(arena, ERRAND_PREFIX);
    Adding adding = {errand, opaque_hash(arena, *token),
                     auth_now_us(auth) + (int64_t)errand->hours * S_PER_HOUR * US_PER_S};
    return sql_transact(auth->sql, add, &adding);
}

static Err no_errand(void)
{
    return err_at(err(UNAUTHORIZED, "token: it isn't valid, was used, or is too old; ask for another letter"),
                  "/token");
}

Err errand_find(const Auth *auth, Tx *tx, Arena *arena, Str token, Str purpose, AccountsSqlGetErrand *out)
{
    bool found;

    TRY(accounts_sql_get_errand(tx != NULL ? NULL : auth->sql, tx, arena, opaque_hash(arena, token), purpose,
                                auth_now_us(auth), out, &found));
    return found ? OK : no_errand();
}

Err errand_take(const Auth *auth, Tx *tx, Arena *arena, Str token, Str purpose, AccountsSqlGetErrand *out)
{
    int64_t taken;

    TRY(errand_find(auth, tx, arena, token, purpose, out));
    TRY(accounts_sql_take_errand(tx, opaque_hash(arena, token), &taken));
    return taken == 1 ? OK : no_errand();
}
