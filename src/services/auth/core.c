#include "services/auth/core.h"

Err auth_need_person(const Call *call)
{
    return call->identity.subject.data != NULL
               ? OK
               : err(UNAUTHORIZED, "Sign in first: nobody is known to be asking.");
}
