#include "services/agents/tools/operations.h"

Err operation_query(const TurnTools *tools, Call *call, const ToolsQueryWorldModelInput *in, QueryResult *out)
{
    QueryInput query = QUERY_INPUT_DEFAULTS;

    query.query = in->body.query;
    query.max_results = in->body.max_results;
    query.has_language = true;
    query.language = in->language == TOOLS_QUERY_WORLD_MODEL_INPUT_LANGUAGE_KO ? LANGUAGE_KO : LANGUAGE_EN;
    return world_client_query(tools->world, call, &query, out);
}

Err operation_recommend(const TurnTools *tools, Call *call, const ToolsRecommendProductInput *in,
                        Recommendations *out)
{
    WorldRecommendInput want = WORLD_RECOMMEND_INPUT_DEFAULTS;

    want.user_id = in->user_id;
    want.limit = in->body.limit;
    want.category = in->body.category;
    want.abv_min = in->body.abv_min;
    want.abv_max = in->body.abv_max;
    want.preferences = in->body.preferences;
    want.language = in->language == TOOLS_RECOMMEND_PRODUCT_INPUT_LANGUAGE_KO
                        ? WORLD_RECOMMEND_INPUT_LANGUAGE_KO
                        : WORLD_RECOMMEND_INPUT_LANGUAGE_EN;
    return world_client_recommend(tools->world, call, &want, out);
}
