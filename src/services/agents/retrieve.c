#include "services/agents/turn.h"

enum { HITS_MAX = 12 };

static Str *copy_texts(Arena *arena, StrList from)
{
    Str *items = arena_array(arena, Str, from.count);

    for (size_t i = 0; i < from.count; i++)
        items[i] = str_copy(arena, from.items[i]);
    return items;
}

/* What a turn looks at; its summary and sources are looked up once it is told of. */
static QueryHit keep(Arena *arena, const QueryHit *hit)
{
    return (QueryHit){
        .entity = {.id = str_copy(arena, hit->entity.id),
                   .label = str_copy(arena, hit->entity.label),
                   .name = str_copy(arena, hit->entity.name),
                   .sample = hit->entity.sample},
        .score = hit->score,
        .why = {.terms = {copy_texts(arena, hit->why.terms), hit->why.terms.count}},
    };
}

static void keep_all(Turn *turn, const QueryHitList *hits)
{
    QueryHit *items = arena_array(turn->call->arena, QueryHit, hits->count);

    for (size_t i = 0; i < hits->count; i++)
        items[i] = keep(turn->call->arena, &hits->items[i]);
    turn->found.results = (QueryHitList){items, hits->count};
}

/* A turn may wait for its model with what it keeps. */
Err turn_retrieve(Turn *turn, Way *way)
{
    AUTO_ARENA Arena scratch = {0};
    QueryInput query = QUERY_INPUT_DEFAULTS;
    QueryResult found;
    Call call = *turn->call;

    (void)way;
    call.arena = &scratch;
    query.query = turn->in->message;
    query.max_results = HITS_MAX;
    query.has_language = true;
    query.language = turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
    TRY(world_client_query(turn->tools->world, &call, &query, &found));
    keep_all(turn, &found.results);
    return OK;
}
