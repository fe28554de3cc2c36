#include "services/notify/push_key.h"

#include "base/hex.h"
#include "base/log.h"
#include "services/notify/notify_sql.h"

#define NAME STR("vapid")

typedef struct Keeping {
    const Notify *notify;
    Arena *arena;
    Str sealed;
} Keeping;

static Str seal(const Keeping *of, Str plain)
{
    return of->notify->seal.close(of->notify->seal.context, of->arena, plain, NAME);
}

static Err unseal(const Keeping *of, Str *plain)
{
    return of->notify->seal.open(of->notify->seal.context, of->arena, of->sealed, NAME, plain);
}

/* Of two nodes that ask at once the second finds the first one's. */
static Err find_or_make(void *context, Tx *tx)
{
    Keeping *of = context;
    P256Key made;
    bool found;

    p256_make(&made);
    Str secret = hex_text(of->arena, (Str){(const char *)made.secret, sizeof made.secret});
    TRY(notify_sql_add_push_key(tx, NAME, seal(of, secret), NULL));
    return notify_sql_get_push_key(NULL, tx, of->arena, NAME, &of->sealed, &found);
}

Err push_key_get(const Notify *notify, Arena *arena, P256Key *out)
{
    Keeping of = {notify, arena, {0}};
    Str digits, secret;
    bool found;

    TRY(notify_sql_get_push_key(notify->sql, NULL, arena, NAME, &of.sealed, &found));
    if (!found)
        TRY(sql_transact(notify->sql, find_or_make, &of));
    TRY(unseal(&of, &digits));
    return hex_bytes(arena, digits, &secret) && secret.len == sizeof out->secret &&
                   p256_read((const uint8_t *)secret.data, out)
               ? OK
               : err(INTERNAL, "the key of pushes in the store of notices is none");
}

static Err renew(void *context, Tx *tx)
{
    const Keeping *of = context;

    return notify_sql_set_push_key(tx, NAME, of->sealed, NULL);
}

Err push_key_renew(const Notify *notify)
{
    AUTO_ARENA Arena arena = {0};
    Keeping of = {notify, &arena, {0}};
    Str digits;
    bool found;

    arena_init(&arena);
    TRY(notify_sql_get_push_key(notify->sql, NULL, &arena, NAME, &of.sealed, &found));
    if (!found)
        return OK;
    Err e = unseal(&of, &digits);
    if (failed(&e)) { /* all but pushes goes on */
        log_warn("nothing is pushed: its key can't be read", log_err(&e));
        return OK;
    }
    of.sealed = seal(&of, digits);
    return sql_transact(notify->sql, renew, &of);
}
