#include "services/notify/address.h"

/* Whoever asks auth for an address is that person, for the time of the question. */
Err address_find(const Notify *notify, Arena *arena, Str user_id, Str *address)
{
    Call call = {.arena = arena, .identity = {.subject = user_id}};
    Account account = {0};
    Err e = auth_client_get_account(notify->accounts, &call, &account);

    if (failed(&e) && e.code != NOT_FOUND)
        return e;
    *address = account.email;
    return OK;
}
