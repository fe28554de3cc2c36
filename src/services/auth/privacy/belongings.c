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

static Err need_agents(const Auth *auth)
{
    return auth->agents != NULL
               ? OK
               : err(UNAVAILABLE,
                     "Conversations are kept by a process that isn't reached from here: nothing was done.");
}

static Err erase_talks(const AgentsClient *agents, Call *call)
{
    AgentsForgetMemoriesInput whose = {call->identity.subject};
    MemoriesForgotten forgotten;
    size_t count;

    do
        TRY(erase_sessions(agents, call, &count));
    while (count > 0);
    return agents_client_forget_memories(agents, call, &whose, &forgotten);
}

/* The world last: conversations tell it what they lead to until they are gone. */
Err belongings_erase(const Auth *auth, Call *call)
{
    WorldForgetPersonInput whose = {call->identity.subject};
    AnalyticsForgetPersonInput visits = {call->identity.subject};
    EventsForgotten visits_forgotten;
    NotifyForgetPersonInput told = {call->identity.subject};
    NoticesForgotten notices;
    Forgotten forgotten;

    TRY(need_agents(auth));
    TRY(erase_talks(auth->agents, call));
    TRY(analytics_client_forget_person(auth->analytics, call, &visits, &visits_forgotten));
    TRY(notify_client_forget_person(auth->notify, call, &told, &notices));
    return world_client_forget_person(auth->world, call, &whose, &forgotten);
}

/* Conversations first: what they tell from then on is told of the other. */
Err belongings_move(const Auth *auth, Call *call, Str from, Str to, GuestMerged *out)
{
    AgentsMovePersonInput talks = {.user_id = from, .body = {to}};
    WorldMovePersonInput events = {.user_id = from, .body = {to}};
    AnalyticsMovePersonInput visits = {.user_id = from, .body = {to}};
    TalksMoved talks_moved;
    VisitorsMoved visits_moved;
    NotifyMovePersonInput told = {.user_id = from, .body = {to}};
    NoticesMoved notices_moved;
    EventsMoved events_moved;

    TRY(need_agents(auth));
    TRY(agents_client_move_person(auth->agents, call, &talks, &talks_moved));
    TRY(analytics_client_move_person(auth->analytics, call, &visits, &visits_moved));
    TRY(world_client_move_person(auth->world, call, &events, &events_moved));
    TRY(notify_client_move_person(auth->notify, call, &told, &notices_moved));
    out->conversations = talks_moved.sessions;
    out->memories = talks_moved.memories;
    out->events = events_moved.events;
    return OK;
}
