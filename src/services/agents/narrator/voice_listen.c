#include "services/agents/narrator/voice_tables.h"

Intent voice_intent(const Voice *voice, Str folded)
{
    for (Intent intent = INTENT_PURCHASE; intent < INTENT_COUNT; intent++)
        if (listener_hears(voice->listeners[intent], folded))
            return intent;
    return INTENT_QUESTION;
}

bool voice_points_back(const Voice *voice, Str folded)
{
    return listener_hears(voice->pronoun, folded);
}

bool voice_wants_more(const Voice *voice, Str folded)
{
    return listener_hears(voice->more, folded);
}

uint32_t voice_asks(const Voice *voice, Str folded)
{
    uint32_t asks = 0;

    for (size_t i = 0; i < voice->ask_count; i++)
        if (listener_hears(voice->ask[i].listener, folded))
            asks |= UINT32_C(1) << i;
    return asks;
}

bool voice_asks_property(const Voice *voice, uint32_t asks, Str property)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && texts_have(voice->ask[i].properties, property))
            return true;
    return false;
}

bool voice_asks_relationship(const Voice *voice, uint32_t asks, Str directed)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && texts_have(voice->ask[i].relationships, directed))
            return true;
    return false;
}

bool voice_asks_only_properties(const Voice *voice, uint32_t asks)
{
    for (size_t i = 0; i < voice->ask_count; i++)
        if ((asks >> i & 1) != 0 && voice->ask[i].relationships.count > 0)
            return false;
    return asks != 0;
}

bool voice_forbids(const Voice *voice, Arena *arena, Str sentence)
{
    return guards_forbid(voice->guards, arena, sentence);
}
