#include "services/agents/turn.h"

enum { HITS_MAX = 12 };

Err turn_retrieve(Turn *turn, Way *way)
{
    QueryInput query = QUERY_INPUT_DEFAULTS;

    (void)way;
    query.query = turn->in->message;
    query.max_results = HITS_MAX;
    query.has_language = true;
    query.language = turn->tongue == KOREAN ? LANGUAGE_KO : LANGUAGE_EN;
    return world_client_query(turn->tools->world, turn->call, &query, &turn->found);
}
