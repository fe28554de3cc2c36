/* API keys: made, listed, revoked. */
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "services/auth/accounts/proof.h"
#include "services/auth/keys/keys.h"
#include "services/auth/keys_sql.h"
#include "services/auth/opaque.h"
#include "services/auth/roles.h"

enum { MOST_KEYS = 20, SHOWN_CHARACTERS = 11 /* nx_ and eight digits */, DAY_S = 24 * 3600 };

/* --- knowing them --- */

static Texts words_of(Arena *arena, Str text)
{
    Str *words = arena_array(arena, Str, PERMISSION_COUNT);
    Str rest = text, word;
    size_t count = 0;

    while (count < PERMISSION_COUNT && str_split(&rest, ' ', &word))
        words[count++] = word;
    return (Texts){words, count};
}

static Err note_key(void *context, const KeysSqlListChanged *row)
{
    AUTO_ARENA Arena scratch = {0};

    arena_init(&scratch);
    ring_put(context, &(RingKey){
                          .hash = row->hash,
                          .user_id = row->user_id,
                          .permissions = permission_bits(words_of(&scratch, row->permissions)),
                          .expires_us = row->expires_us,
                          .is_revoked = row->revoked_us > 0,
                      });
    return OK;
}

Err keys_look(const Auth *auth, int64_t since_us)
{
    return keys_sql_list_changed(auth->sql, NULL, since_us, note_key, auth->ring);
}

/* This node knows it when this returns, the others as soon as they hear of it. */
static Err tell(const Auth *auth, int64_t changed_us)
{
    Err e = kv_publish(auth->kv, KEYS_CHANNEL, STR("changed"));

    if (failed(&e))
        log_warn("other nodes hear late that an API key has changed", log_err(&e));
    return keys_look(auth, changed_us);
}

bool keys_is_one(Str credential)
{
    return str_starts(credential, STR(KEY_PREFIX));
}

Err keys_identify(const Auth *auth, Arena *arena, Str credential, Identity *out)
{
    RingKey key;

    if (!ring_find(auth->ring, arena, opaque_hash(arena, credential), auth_now_us(auth), &key))
        return err(UNAUTHORIZED, "This API key isn't known, or not good any more.");
    *out = (Identity){.subject = key.user_id,
                      .permissions = key.permissions,
                      .key = str_copy(arena, str_slice(credential, 0, SHOWN_CHARACTERS)),
                      .kind = IDENTITY_KEY};
    return OK;
}

/* --- making --- */

typedef struct Making {
    const Auth *auth;
    Call *call;
    const MakeKeyInput *in;
    ApiKeyMade *out;
    Str permissions;
    int64_t now_us;
    int64_t expires_us;
} Making;

static Err add(void *context, Tx *tx)
{
    const Making *making = context;
    Str user_id = making->call->identity.subject;
    int64_t count;

    TRY(keys_sql_count(NULL, tx, user_id, making->now_us, &count));
    if (count >= MOST_KEYS)
        return err(CONFLICT, "There are %d keys already: revoke one that isn't used.", MOST_KEYS);
    TRY(keys_sql_add(tx, making->out->key_id, opaque_hash(making->call->arena, making->out->key), user_id,
                     making->in->name, str_slice(making->out->key, 0, SHOWN_CHARACTERS), making->permissions,
                     making->now_us, making->expires_us, NULL));
    AuditEvent event = {STR("key-made"), user_id, user_id, making->out->key_id};
    return audit_add(tx, making->call->arena, making->now_us, &event);
}

/* A key may do no more than who makes it, and can't make others. */
static Err read_permissions(const Call *call, const MakeKeyInput *in, Str *out)
{
    Buf text = {.arena = call->arena};

    for (size_t i = 0; i < in->permissions.count; i++) {
        Str name = in->permissions.items[i];
        uint64_t bit = permission_bits((Texts){&name, 1});
        if (bit == 0 || (bit & (PERMISSION_KEYS | PERMISSION_ACCOUNT)) != 0 ||
            !identity_may(&call->identity, bit))
            return err_at(
                err(UNPROCESSABLE, "permissions: %.*s is none that you could give to a key", STR_ARG(name)),
                "/permissions/%zu", i);
        buf_format(&text, "%s%.*s", i > 0 ? " " : "", STR_ARG(name));
    }
    *out = buf_str(&text);
    return OK;
}

Err auth_make_key(Call *call, const MakeKeyInput *in, ApiKeyMade *out)
{
    const Auth *auth = call->service;
    Making making = {auth, call, in, out, {0}, auth_now_us(auth), 0};

    TRY(proof_need(auth, call));
    TRY(read_permissions(call, in, &making.permissions));
    making.expires_us = making.now_us + in->days * DAY_S * US_PER_S;
    out->key_id = id_new(call->arena, auth->clock);
    out->key = opaque_new(call->arena, KEY_PREFIX);
    out->expires = time_format(call->arena, making.expires_us);
    TRY(sql_transact(auth->sql, add, &making));
    return tell(auth, making.now_us);
}

/* --- listing, revoking --- */

Err auth_list_keys(Call *call, ApiKeys *out)
{
    const Auth *auth = call->service;
    KeysSqlList *rows;
    size_t count;

    TRY(auth_need_person(call));
    TRY(keys_sql_list(auth->sql, NULL, call->arena, call->identity.subject, auth_now_us(auth), MOST_KEYS,
                      &rows, &count));
    out->items.items = arena_array(call->arena, ApiKey, count + 1);
    for (size_t i = 0; i < count; i++)
        out->items.items[out->items.count++] = (ApiKey){
            .key_id = rows[i].key_id,
            .name = rows[i].name,
            .begins_with = rows[i].shown,
            .permissions = rows[i].permissions,
            .created = time_format(call->arena, rows[i].created_us),
            .expires = time_format(call->arena, rows[i].expires_us),
        };
    return OK;
}

typedef struct Revoking {
    Call *call;
    Str key_id;
    int64_t now_us;
} Revoking;

static Err revoke(void *context, Tx *tx)
{
    const Revoking *revoking = context;
    Str user_id = revoking->call->identity.subject;
    AuditEvent event = {STR("key-revoked"), user_id, user_id, revoking->key_id};
    int64_t revoked;

    TRY(keys_sql_revoke(tx, revoking->key_id, user_id, revoking->now_us, &revoked));
    if (revoked == 0)
        return err(NOT_FOUND, "key_id: no key of yours that is good; GET /api/v1/auth/keys lists them");
    return audit_add(tx, revoking->call->arena, revoking->now_us, &event);
}

Err auth_revoke_key(Call *call, const AuthRevokeKeyInput *in, ApiKeyRevoked *out)
{
    const Auth *auth = call->service;
    Revoking revoking = {call, in->key_id, auth_now_us(auth)};

    TRY(auth_need_person(call));
    TRY(sql_transact(auth->sql, revoke, &revoking));
    out->revoked = true;
    return tell(auth, revoking.now_us);
}
