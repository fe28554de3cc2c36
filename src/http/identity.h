/* Who is calling, as far as it has been shown. Whoever takes requests from outside finds it out (gateway/identity.h), what
 * the contract asks for is checked against it before a handler runs, and calls in the same process carry it on.
 *
 * Zeroed: nobody is known, and nothing but public operations is allowed. */
#ifndef NERDX_HTTP_IDENTITY_H
#define NERDX_HTTP_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* What logs may say of a caller. */
typedef enum IdentityKind { IDENTITY_NOBODY, IDENTITY_GUEST, IDENTITY_MEMBER, IDENTITY_KEY } IdentityKind;

typedef struct Identity {
    Str subject;          /* the user's id; absent: nobody is known */
    uint64_t permissions; /* bits, in the order of api/common.yaml's x-permissions */
    Str session;          /* the sign-in it belongs to; absent for API keys */
    int64_t proved_at_s;  /* Unix time a secret was last shown (password, passkey, code); 0 = never */
    IdentityKind kind;
} Identity;

/* Who holds the machine (the command line, work that goes on by itself), and everybody where identity is open: nobody by
 * name, and allowed everything. */
#define IDENTITY_OF_MACHINE ((Identity){.permissions = UINT64_MAX})

/* permission: one bit, or several that are all needed. */
static inline bool identity_may(const Identity *identity, uint64_t permission)
{
    return (identity->permissions & permission) == permission;
}

/* For what outlives the call it came with. */
static inline Identity identity_copy(Arena *arena, const Identity *identity)
{
    Identity copy = *identity;

    copy.subject = str_copy(arena, identity->subject);
    copy.session = str_copy(arena, identity->session);
    return copy;
}

#endif
