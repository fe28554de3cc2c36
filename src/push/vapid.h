/* Who pushes, as it is shown to push services (RFC 8292): a token of a day at the most, signed by the key that subscriptions were made for. */
#ifndef NERDX_PUSH_VAPID_H
#define NERDX_PUSH_VAPID_H

#include "base/err.h"
#include "push/p256.h"

enum { VAPID_LIFE_S = 12 * 60 * 60 }; /* at most 24 h (RFC 8292, section 2) */

/* The value of Authorization. contact: "https://…" or "mailto:…", who is asked when something is wrong; a JSON string's inside. Errors:
 * UNPROCESSABLE: the address has no origin. */
Err vapid_show(Arena *arena, const P256Key *key, Str address, Str contact, int64_t now_s, Str *out);

/* "https://push.example.com" of "https://push.example.com/a/b"; absent: it has none. */
Str vapid_origin(Str address);

#endif
