#include "services/notify/links.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "services/notify/notify_sql.h"
#include "services/notify/rules.h"

#define SECRET STR("unsubscribe")

enum { SECRET_BYTES = 32, MAC_BYTES = 16 /* of 32: RFC 2104, section 5 */ };

/* ---- the secret */

typedef struct Opening {
    Arena *arena;
    Str secret;
} Opening;

/* Of two nodes that start at once the second finds the first one's. */
static Err find_or_make(void *context, Tx *tx)
{
    Opening *of = context;
    uint8_t bytes[SECRET_BYTES];

    random_bytes(bytes, sizeof bytes);
    Str made = hex_text(of->arena, (Str){(const char *)bytes, sizeof bytes});
    TRY(notify_sql_add_link_secret(tx, SECRET, made, NULL));
    return notify_sql_get_link_secret(NULL, tx, of->arena, SECRET, &of->secret);
}

Err links_open(Notify *notify)
{
    Opening of = {.arena = &notify->arena};

    TRY(sql_transact(notify->sql, find_or_make, &of));
    return hex_bytes(&notify->arena, of.secret, &notify->secret)
               ? OK
               : err(INTERNAL, "the secret of links in the store of notices is none");
}

/* ---- tokens: MAC, category, person */

static void sign(const Notify *notify, Str message, uint8_t mac[static crypto_auth_hmacsha256_BYTES])
{
    crypto_auth_hmacsha256_state state;

    (void)crypto_auth_hmacsha256_init(&state, (const uint8_t *)notify->secret.data, notify->secret.len);
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)message.data, message.len);
    (void)crypto_auth_hmacsha256_final(&state, mac);
}

Str links_unsubscribe(const Notify *notify, Arena *arena, Str user_id, NoticeCategory category)
{
    Str message = str_format(arena, "%.*s:%.*s", STR_ARG(NOTICE_CATEGORY_TEXT[category]), STR_ARG(user_id));
    uint8_t mac[crypto_auth_hmacsha256_BYTES];

    sign(notify, message, mac);
    Str proof = hex_text(arena, (Str){(const char *)mac, MAC_BYTES}), text = hex_text(arena, message);
    return str_format(arena, "%s/api/v1/notify/unsubscribe/%.*s%.*s", notify->site, STR_ARG(proof),
                      STR_ARG(text));
}

/* The colon keeps it apart from what tokens say: no category is of that name. */
Str links_address(const Notify *notify, Arena *arena, Str address)
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];

    sign(notify, str_format(arena, "address:%.*s", STR_ARG(address)), mac);
    return hex_text(arena, (Str){(const char *)mac, MAC_BYTES});
}

static bool read_message(Str message, Str *user_id, NoticeCategory *category)
{
    Str name;

    *user_id = message;
    return str_split(user_id, ':', &name) && user_id->len > 0 && rules_find(name, category);
}

Err links_read(const Notify *notify, Arena *arena, Str token, Str *user_id, NoticeCategory *category)
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    Str bytes;

    if (hex_bytes(arena, token, &bytes) && bytes.len > MAC_BYTES) {
        Str message = str_slice(bytes, MAC_BYTES, bytes.len);
        sign(notify, message, mac);
        if (sodium_memcmp(mac, bytes.data, MAC_BYTES) == 0 && read_message(message, user_id, category))
            return OK;
    }
    return err(NOT_FOUND, "The link isn't whole, or none of ours: copy all of it from the letter.");
}
