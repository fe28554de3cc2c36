/* E-mail addresses: as they are compared, and whether a letter could reach them. */
#ifndef NERDX_SERVICES_AUTH_ACCOUNTS_ADDRESS_H
#define NERDX_SERVICES_AUTH_ACCOUNTS_ADDRESS_H

#include "base/err.h"
#include "base/str.h"

/* In lower case. That a.b@ and ab@ are one mailbox at some servers is theirs to know. Errors: UNPROCESSABLE, at /email. */
Err address_fold(Arena *arena, Str shown, Str *out);

#endif
