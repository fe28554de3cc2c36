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

static bool has_one_of(Str text, Arena *arena, StrList terms)
{
    const ArenaMark mark = arena_mark(arena);
    ReadText read;
    bool has = false;

    text_read(arena, text_fold(arena, text), &read);
    for (size_t i = 0; i < terms.count && !has; i++)
        has = text_has(&read, arena, terms.items[i]);
    arena_rewind(arena, mark);
    return has;
}

bool turn_names(const Turn *turn, const QueryHit *hit, Texts aliases)
{
    return has_one_of(hit->entity.name, turn->call->arena, hit->why.terms) ||
           turn_mentions(turn, hit->entity.name, aliases);
}
