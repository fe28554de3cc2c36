#include "services/auth/tell.h"

Err tell_signed_up(const Auth *auth, Tx *tx, Arena *arena, Str user_id, UserSignedUpWay way)
{
    EventNew event;

    TRY(user_signed_up_event(arena, user_id, &(UserSignedUp){.user_id = user_id, .way = way}, &event));
    return event_emit(auth->queue, tx, arena, &event);
}

Err tell_deleted(const Auth *auth, Tx *tx, Arena *arena, Str user_id, UserDeletedReason reason)
{
    EventNew event;

    TRY(user_deleted_event(arena, user_id, &(UserDeleted){.user_id = user_id, .reason = reason}, &event));
    return event_emit(auth->queue, tx, arena, &event);
}

Err tell_age_verified(const Auth *auth, Tx *tx, Arena *arena, Str user_id, bool is_adult)
{
    const UserAgeVerified data = {.user_id = user_id, .is_adult = is_adult};
    EventNew event;

    TRY(user_age_verified_event(arena, user_id, &data, &event));
    return event_emit(auth->queue, tx, arena, &event);
}

Err tell_merged(const Auth *auth, Tx *tx, Arena *arena, Str user_id, Str guest_id)
{
    EventNew event;

    TRY(guest_joined_event(arena, user_id, &(GuestJoined){.user_id = user_id, .guest_id = guest_id}, &event));
    return event_emit(auth->queue, tx, arena, &event);
}
