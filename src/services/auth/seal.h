/* Secrets that must be read again are kept sealed in the store: XChaCha20-Poly1305 (libsodium) under a key that isn't there, so that who
 * has the store's files or a backup alone has none of them. Each is bound to whose it is: moved to another row it doesn't open. */
#ifndef NERDX_SERVICES_AUTH_SEAL_H
#define NERDX_SERVICES_AUTH_SEAL_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { SEAL_KEY_BYTES = 32 };

typedef struct Seal {
    uint8_t key[SEAL_KEY_BYTES];
    uint8_t previous[SEAL_KEY_BYTES]; /* opens, too, and closes nothing */
    bool has_previous;
} Seal;

/* secret: 32 bytes or more; absent: what is in the file, which is made where there is none. Errors: INVALID; of the file. */
Err seal_init(Seal *seal, Str secret, const char *file);
/* What was sealed under this one opens, too; absent: nothing more does. Errors: INVALID. */
Err seal_read_previous(Seal *seal, Str secret);
void seal_finish(Seal *seal);

/* As hexadecimal digits. owner: whose it is. */
Str seal_close(const Seal *seal, Arena *arena, Str plain, Str owner);

/* Errors: UNAVAILABLE: it was sealed under another key, or for somebody else. */
Err seal_open(const Seal *seal, Arena *arena, Str sealed, Str owner, Str *plain);

/* The same under the key; *renewed is absent where it is already. Errors as seal_open. */
Err seal_renew(const Seal *seal, Arena *arena, Str sealed, Str owner, Str *renewed);

#endif
