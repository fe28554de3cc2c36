#include "services/agents/turn.h"

bool turn_mentions(const Turn *turn, Str name, Texts aliases)
{
    Arena *arena = turn->call->arena;

    if (text_mentions(arena, turn->folded, name))
        return true;
    for (size_t i = 0; i < aliases.count; i++)
        if (text_mentions(arena, turn->folded, aliases.items[i]))
            return true;
    return false;
}

bool turn_names(const Turn *turn, const QueryHit *hit, Texts aliases)
{
    Arena *arena = turn->call->arena;
    Str name = text_fold(arena, hit->entity.name);

    for (size_t i = 0; i < hit->why.terms.count; i++)
        if (text_mentions(arena, name, hit->why.terms.items[i]))
            return true;
    return turn_mentions(turn, hit->entity.name, aliases);
}
