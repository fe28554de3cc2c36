#include "services/agents/turn.h"

/* Counted from the text: an id is followed by a space, or by the end. */
static size_t count_ids(Str ids)
{
    size_t count = ids.len > 0;

    for (size_t i = 0; i < ids.len; i++)
        count += ids.data[i] == ' ';
    return count;
}

static Texts read_told(const Turn *turn)
{
    Str *ids;
    size_t count = 0;

    for (size_t i = 0; i < turn->history_count; i++)
        count += count_ids(turn->history[i].told) + 1;
    ids = arena_array(turn->call->arena, Str, count + 1);
    count = 0;
    for (size_t i = 0; i < turn->history_count; i++) {
        Str rest = turn->history[i].told, id;
        while (rest.len > 0 && str_split(&rest, ' ', &id))
            ids[count++] = id;
        if (turn->history[i].offered.len > 0)
            ids[count++] = turn->history[i].offered;
    }
    return (Texts){ids, count};
}

/* What was said, and which entities the talk has been to, or was offered to go to. */
static void read_memory(Turn *turn)
{
    Str *said = arena_array(turn->call->arena, Str, turn->history_count + 1);

    for (size_t i = 0; i < turn->history_count; i++)
        said[i] = turn->history[i].content;
    turn->said = (Texts){said, turn->history_count};
    turn->visited = read_told(turn);
}

/* She introduces herself from the world model; an empty world leaves her nameless, not silent. */
static Err read_self(Turn *turn)
{
    FactReader reader = turn_reader(turn);

    return fact_find(&reader, turn->agent->character, &turn->self, NULL);
}

static bool needs_facts(Intent intent)
{
    return intent == INTENT_QUESTION || intent == INTENT_ASSENT || intent == INTENT_PURCHASE ||
           intent == INTENT_ELSEWHERE;
}

MemoryPlace turn_place(const Turn *turn)
{
    return (MemoryPlace){turn->in->user_id, turn->in->session_id, turn->id,
                         turn->at_us,       turn->tongue,         turn->number};
}

/* A message that a guard answers tells nothing and asks nothing of memory; but what somebody can't have is noted. */
static Err remember(Turn *turn)
{
    const MemoryPlace place = turn_place(turn);
    Memory *memory = turn->tools->memory;

    if (turn->verdict.rule == NULL || turn->outcome == CHAT_REPLY_OUTCOME_MEDICAL)
        TRY(memory_listen(memory, turn->call, &place, turn->in->message, &turn->told));
    return memory_recall(memory, turn->call, &place, turn->in->message, &turn->recollection);
}

/* Facts that were read for others are good as long as the world hasn't changed. */
static Err open_book(Turn *turn)
{
    WorldVersion now;

    TRY(world_client_get_version(turn->tools->world, turn->call, &now));
    turn->book = fact_shelf_take(turn->tools->shelf, now.version);
    return OK;
}

Err turn_gather_context(Turn *turn, Way *way)
{
    TRY(open_book(turn));
    read_memory(turn);
    TRY(remember(turn));
    TRY(read_self(turn));
    *way = turn->verdict.rule == NULL && needs_facts(turn->intent) ? STRAIGHT : ASIDE;
    if (*way == ASIDE || turn->intent == INTENT_PURCHASE)
        return OK;
    if (turn->recollection.ask != ASKS_NOTHING) {
        *way = ASIDE;
        turn->outcome = turn->recollection.found_nothing ? CHAT_REPLY_OUTCOME_ABSTAIN : turn->outcome;
    }
    return OK;
}
