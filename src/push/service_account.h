/* A program that shows who it is by a key of its own: service accounts of Google's, and the assertion (RFC 7523) that gets an access token. */
#ifndef NERDX_PUSH_SERVICE_ACCOUNT_H
#define NERDX_PUSH_SERVICE_ACCOUNT_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Texts are the arena's. */
typedef struct ServiceAccount {
    Str project_id;
    Str client_email;
    Str private_key_id;
    Str private_key; /* PEM, RSA */
    Str token_uri;
} ServiceAccount;

enum { ASSERTION_LIFE_S = 3600 };

/* Errors: INVALID names what is missing; those of file_read_private. */
Err service_account_read(Arena *arena, const char *path, ServiceAccount *out);

/* A JWT, RS256. Errors: INVALID: the key is none. */
Err service_account_assert(Arena *arena, const ServiceAccount *account, Str scope, int64_t now_s, Str *out);

#endif
