/* Addresses that decide where a secret or a person goes. */
#ifndef NERDX_SERVICES_AUTH_OIDC_ADDRESS_H
#define NERDX_SERVICES_AUTH_OIDC_ADDRESS_H

#include "base/err.h"
#include "base/str.h"

enum { OIDC_ADDRESS_MAX = 2048, OIDC_RETURN_MAX = 512 };

/* https://HOST…, or http:// on this very machine (127.0.0.1, [::1], localhost); without user, fragment or anything but visible
 * ASCII. what: its name in the message. Errors: INVALID. */
Err oidc_check_address(const char *what, Str address);

/* Whether it is on this very machine; of one that was checked. */
bool oidc_is_loopback(Str address);

/* Whether it leads to a page of ours and nowhere else, however a browser reads it: one '/' first, then visible ASCII without '\'. */
bool oidc_is_local_path(Str path);

#endif
