#include "services/auth/privacy/belongings.h"

static Err erase_sessions(const AgentsClient *agents, Call *call, size_t *count)
{
    AgentsListSessionsInput page = AGENTS_LIST_SESSIONS_INPUT_DEFAULTS;
    SessionList list = {0};

    page.user_id = call->identity.subject;
    TRY(agents_client_list_sessions(agents, call, &page, &list));
    for (size_t i = 0; i < list.items.count; i++) {
        SessionDeleted deleted;
        AgentsDeleteSessionInput which = {list.items.items[i].session_id, page.user_id};
        Err e = agents_client_delete_session(agents, call, &which, &deleted);
        if (failed(&e) && e.code != NOT_FOUND) /* somebody else was faster */
            return e;
    }
    *count = list.items.count;
    return OK;
}

Err belongings_erase(const Auth *auth, Call *call)
{
    AgentsForgetMemoriesInput whose = {call->identity.subject};
    MemoriesForgotten forgotten;
    size_t count;

    if (auth->agents == NULL)
        return err(UNAVAILABLE,
                   "Conversations are kept by a process that isn't reached from here: nothing was deleted.");
    do
        TRY(erase_sessions(auth->agents, call, &count));
    while (count > 0);
    return agents_client_forget_memories(auth->agents, call, &whose, &forgotten);
}
