#include "services/agents/turn.h"

bool turn_mentions(const Turn *turn, Str name, Texts aliases)
{
    Arena *arena = turn->call->arena;

    if (text_has(&turn->read, arena, name))
        return true;
    for (size_t i = 0; i < aliases.count; i++)
        if (text_has(&turn->read, arena, aliases.items[i]))
            return true;
    return false;
}

bool turn_names(const Turn *turn, const QueryHit *hit, Texts aliases)
{
    Arena *arena = turn->call->arena;
    ReadText name;

    text_read(arena, text_fold(arena, hit->entity.name), &name);
    for (size_t i = 0; i < hit->why.terms.count; i++)
        if (text_has(&name, arena, hit->why.terms.items[i]))
            return true;
    return turn_mentions(turn, hit->entity.name, aliases);
}
