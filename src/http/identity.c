#include "http/identity.h"

Err identity_check(const Identity *identity, uint64_t permission, const char *name)
{
    if (identity_may(identity, permission))
        return OK;
    if (!identity->subject.data)
        return err(
            UNAUTHORIZED,
            "Who is calling isn't known: send Authorization: Bearer with an access token or an API key; "
            "POST /api/v1/auth/guest gives a guest one.");
    return err(FORBIDDEN, "This needs the permission %s, which the caller doesn't have.", name);
}

Err identity_check_owner(const Identity *identity, Str owner, uint64_t any)
{
    if (!owner.data || identity_may(identity, any) ||
        (identity->subject.data && str_equal(identity->subject, owner)))
        return OK;
    return err(FORBIDDEN, "This is another user's: name the one that the token was given to.");
}
