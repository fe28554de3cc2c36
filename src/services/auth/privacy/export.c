/* All that is kept of the caller, as one answer. */
#include "base/time.h"
#include "services/auth/audit_sql.h"
#include "services/auth/links_sql.h"
#include "services/auth/privacy/belongings.h"
#include "services/auth/sign_ins/sign_ins.h"

enum {
    MOST_TURNS = 2000,
    MOST_ACTS = 500,
    MOST_LINKS = 100,
    MOST_FACTS = 2000,
    FACTS_A_PAGE = 100,
    MOST_NOTICES = 2000,
    NOTICES_A_PAGE = 100
};

static Err export_turns(const Auth *auth, Call *call, Str session_id, ExportedTurnList *out)
{
    AgentsGetSessionInput page = AGENTS_GET_SESSION_INPUT_DEFAULTS;
    size_t capacity = out->count; /* full: the next one makes room */

    page.user_id = call->identity.subject;
    page.session_id = session_id;
    do {
        SessionTurns turns = {0};
        TRY(agents_client_get_session(auth->agents, call, &page, &turns));
        for (size_t i = 0; i < turns.items.count && out->count < MOST_TURNS; i++) {
            const SessionTurn *turn = &turns.items.items[i];
            ARENA_MORE(call->arena, out->items, out->count, capacity, 16);
            out->items[out->count++] =
                (ExportedTurn){session_id, turn->at, turn->language, turn->message, turn->content};
        }
        page.cursor = turns.next_cursor;
    } while (page.cursor.data != NULL && out->count < MOST_TURNS);
    return OK;
}

static Err export_conversations(const Auth *auth, Call *call, ExportedTurnList *out)
{
    AgentsListSessionsInput page = AGENTS_LIST_SESSIONS_INPUT_DEFAULTS;

    page.user_id = call->identity.subject;
    do {
        SessionList list = {0};
        TRY(agents_client_list_sessions(auth->agents, call, &page, &list));
        for (size_t i = 0; i < list.items.count; i++)
            TRY(export_turns(auth, call, list.items.items[i].session_id, out));
        page.cursor = list.next_cursor;
    } while (page.cursor.data != NULL && out->count < MOST_TURNS);
    return OK;
}

static Err export_memories(const Auth *auth, Call *call, ExportedMemoryList *out)
{
    AgentsListMemoriesInput whose = AGENTS_LIST_MEMORIES_INPUT_DEFAULTS;
    MemoryList list = {0};

    whose.user_id = call->identity.subject;
    TRY(agents_client_list_memories(auth->agents, call, &whose, &list));
    out->items = arena_array(call->arena, ExportedMemory, list.items.count + 1);
    for (size_t i = 0; i < list.items.count; i++)
        out->items[out->count++] = (ExportedMemory){list.items.items[i].text, list.items.items[i].since};
    return OK;
}

static Err export_acts(const Auth *auth, Call *call, ExportedActList *out)
{
    AuditSqlEntry *rows;
    size_t count;

    TRY(audit_sql_list_of(auth->sql, NULL, call->arena, call->identity.subject, MOST_ACTS, &rows, &count));
    out->items = arena_array(call->arena, ExportedAct, count + 1);
    for (size_t i = 0; i < count; i++)
        out->items[out->count++] =
            (ExportedAct){rows[i].act, time_format(call->arena, rows[i].at_us), rows[i].detail};
    return OK;
}

static Err export_links(const Auth *auth, Call *call, ExportedLinkList *out)
{
    LinksSqlList *rows;
    size_t count;

    TRY(links_sql_list(auth->sql, NULL, call->arena, call->identity.subject, MOST_LINKS, &rows, &count));
    out->items = arena_array(call->arena, ExportedLink, count + 1);
    for (size_t i = 0; i < count; i++)
        out->items[out->count++] =
            (ExportedLink){rows[i].issuer, rows[i].subject, time_format(call->arena, rows[i].linked_us)};
    return OK;
}

static void add_facts(Arena *arena, const NeighbourList *page, ExportedFactList *out, size_t *capacity)
{
    for (size_t i = 0; i < page->count && out->count < MOST_FACTS; i++) {
        const Neighbour *fact = &page->items[i];
        ARENA_MORE(arena, out->items, out->count, *capacity, 16);
        out->items[out->count++] =
            (ExportedFact){fact->relationship, fact->id, fact->since, fact->properties};
    }
}

/* Somebody whom the world has never heard of has done nothing. */
static Err export_world(const Auth *auth, Call *call, ExportedFactList *out)
{
    WorldGetEntityInput page = WORLD_GET_ENTITY_INPUT_DEFAULTS;
    size_t capacity = 0;

    page.id = call->identity.subject;
    page.limit = FACTS_A_PAGE;
    do {
        Entity entity = {0};
        Err e = world_client_get_entity(auth->world, call, &page, &entity);
        if (e.code == NOT_FOUND)
            return OK;
        TRY(e);
        add_facts(call->arena, &entity.neighbours, out, &capacity);
        page.cursor = entity.next_cursor;
    } while (page.cursor.data != NULL && out->count < MOST_FACTS);
    return OK;
}

static Err export_talks(const Auth *auth, Call *call, Export *out)
{
    if (auth->agents == NULL)
        return err(UNAVAILABLE, "Conversations are kept by a process that isn't reached from here.");
    TRY(export_conversations(auth, call, &out->turns));
    return export_memories(auth, call, &out->memories);
}

/* What signs in as them. */
static Err export_ways(const Auth *auth, Call *call, Export *out)
{
    TRY(auth_list_passkeys(call, &out->passkeys));
    TRY(auth_get_totp(call, &out->totp));
    TRY(auth_list_keys(call, &out->keys));
    return export_links(auth, call, &out->links);
}

static Err export_notices(const Auth *auth, Call *call, NoticeItemList *out)
{
    NotifyListInput page = NOTIFY_LIST_INPUT_DEFAULTS;
    size_t capacity = 0;

    page.user_id = call->identity.subject;
    page.limit = NOTICES_A_PAGE;
    do {
        NoticePage notices = {0};
        TRY(notify_client_list(auth->notify, call, &page, &notices));
        for (size_t i = 0; i < notices.items.count && out->count < MOST_NOTICES; i++) {
            ARENA_MORE(call->arena, out->items, out->count, capacity, 16);
            out->items[out->count++] = notices.items.items[i];
        }
        page.before = notices.next_before;
    } while (page.before.data != NULL && out->count < MOST_NOTICES);
    return OK;
}

/* What they were told and agreed to, and where they were seen. */
static Err export_told(const Auth *auth, Call *call, Export *out)
{
    NotifyGetPreferencesInput wishes = {call->identity.subject};
    NotifyListPushInput browsers = {call->identity.subject};
    NotifyListDevicesInput devices = {call->identity.subject};
    AnalyticsListPersonInput whose = {call->identity.subject};

    out->notices.items = arena_array(call->arena, NoticeItem, 1);
    TRY(export_notices(auth, call, &out->notices));
    TRY(notify_client_get_preferences(auth->notify, call, &wishes, &out->preferences));
    TRY(notify_client_list_push(auth->notify, call, &browsers, &out->browsers));
    TRY(notify_client_list_devices(auth->notify, call, &devices, &out->devices));
    return analytics_client_list_person(auth->analytics, call, &whose, &out->visits);
}

Err auth_export(Call *call, Export *out)
{
    const Auth *auth = call->service;
    AuthGetAgeInput whose = {call->identity.subject};

    TRY(auth_get_account(call, &out->account));
    TRY(auth_get_age(call, &whose, &out->age));
    TRY(sign_in_list(auth, call, &out->sign_ins));
    TRY(export_ways(auth, call, out));
    TRY(export_acts(auth, call, &out->acts));
    out->turns.items = arena_array(call->arena, ExportedTurn, 1);
    out->memories.items = arena_array(call->arena, ExportedMemory, 1);
    out->world.items = arena_array(call->arena, ExportedFact, 1);
    TRY(export_world(auth, call, &out->world));
    TRY(export_told(auth, call, out));
    return export_talks(auth, call, out);
}
