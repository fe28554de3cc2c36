/* Who is calling, as far as it has been shown. Whoever takes requests from outside finds it out (gateway/identity.h), what
 * the contract asks for is checked against it before a handler runs, and calls in the same process carry it on.
 *
 * Zeroed: nobody is known, and nothing but public operations is allowed. */
#ifndef NERDX_HTTP_IDENTITY_H
#define NERDX_HTTP_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* What logs may say of a caller. */
typedef enum IdentityKind { IDENTITY_NOBODY, IDENTITY_GUEST, IDENTITY_MEMBER, IDENTITY_KEY } IdentityKind;

typedef struct Identity {
    Str subject;          /* the user's id; absent: nobody is known */
    uint64_t permissions; /* bits, in the order of api/common.yaml's x-permissions */
    Str session;          /* the sign-in it belongs to; absent for API keys */
    Str key; /* what an API key begins with, no secret; absent for others, and behind another node */
    int64_t proved_at_s; /* Unix time a secret was last shown (password, passkey, code); 0 = never */
    IdentityKind kind;
} Identity;

/* Who holds the machine (the command line, work that goes on by itself), and everybody where identity is open: nobody by
 * name, and allowed everything. */
#define IDENTITY_OF_MACHINE ((Identity){.permissions = UINT64_MAX})

/* Errors: UNAUTHORIZED when nobody is known, FORBIDDEN when who is known lacks the permission, which is called name.
 * Of permission 0, none. */
Err identity_check(const Identity *identity, uint64_t permission, const char *name);

/* What belongs to owner is for them, and for who may act for any user (bits of any). Errors: FORBIDDEN. An absent owner is
 * nobody's. */
Err identity_check_owner(const Identity *identity, Str owner, uint64_t any);

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
    copy.key = str_copy(arena, identity->key);
    return copy;
}

#endif
