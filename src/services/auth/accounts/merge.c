#include "services/auth/accounts/merge.h"

#include "services/auth/sign_ins/sign_ins.h"

Err merge_guest(const Auth *auth, Call *call, Str user_id)
{
    int64_t ended;

    if (call->identity.kind != IDENTITY_GUEST || str_equal(call->identity.subject, user_id))
        return OK;
    return sign_in_end_all(auth, call->arena, call->identity.subject, STR("merged"), &ended);
}
