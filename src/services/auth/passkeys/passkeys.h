/* Within the room: what its operations share. */
#ifndef NERDX_SERVICES_AUTH_PASSKEYS_PASSKEYS_H
#define NERDX_SERVICES_AUTH_PASSKEYS_PASSKEYS_H

#include "services/auth/core.h"
#include "services/auth/passkeys_sql.h"
#include "services/auth/webauthn/webauthn.h"

enum { MOST_PASSKEYS = 20 };

/* What the browser says of a challenge of ours, which is used up. Errors: UNAUTHORIZED, UNAVAILABLE. */
Err passkey_read_client(const Auth *auth, Arena *arena, Str client_data, Str purpose, WebauthnClient *out);

/* Errors: UNPROCESSABLE at pointer, for what is no base64url. */
Err passkey_read_bytes(Arena *arena, Str text, const char *pointer, Str *out);

/* As lists have it. */
Passkey passkey_item(Arena *arena, const PasskeysSqlList *row);

#endif
