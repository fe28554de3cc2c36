/* Which passwords are taken (OWASP ASVS 5, V6.2): eight characters or more, nothing asked of their kinds, none that everybody
 * knows, none that is the person's own address or our name. A password is used as it came: not cut, not folded. */
#ifndef NERDX_SERVICES_AUTH_PASSWORDS_RULES_H
#define NERDX_SERVICES_AUTH_PASSWORDS_RULES_H

#include "base/asset.h"
#include "base/err.h"
#include "base/str.h"

/* Code points; the contract refuses what is outside. */
enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 128 };

typedef struct PasswordRules {
    Str known; /* content/auth/passwords.txt: a password a line, in lower case, sorted by bytes */
} PasswordRules;

/* Errors: INVALID when the list isn't there. */
Err password_rules_read(AssetTable content, PasswordRules *out);

/* email: as it is compared. Errors: UNPROCESSABLE, at /password. */
Err password_check(const PasswordRules *rules, Arena *arena, Str password, Str email);

#endif
