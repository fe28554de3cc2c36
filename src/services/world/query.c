/* POST query: intent search, or Cypher; and rankings, for evaluation. */
#include <inttypes.h>

#include "services/world/ask.h"
#include "services/world/room.h"
#include "services/world/search.h"

EntitySummary world_summarise(Arena *arena, const CatalogueEntity *entity, Language language)
{
    Tongue tongue = language == LANGUAGE_KO ? TONGUE_KO : TONGUE_EN;

    return (EntitySummary){
        .id = str_copy(arena, entity->id),
        .label = str_copy(arena, entity->labels.items[0]),
        .name = str_copy(arena, entity->name[tongue]),
        .summary = str_copy(arena, entity->summary[tongue]),
        .sample = entity->sample,
        .sources = world_copy_list(arena, entity->sources),
    };
}

static StrList path_of(Arena *arena, const SearchHit *hit)
{
    Str *ids = arena_array(arena, Str, 2);

    if (hit->through == NULL)
        return (StrList){0};
    ids[0] = str_copy(arena, hit->through->id);
    ids[1] = str_copy(arena, hit->entity->id);
    return (StrList){ids, 2};
}

static QueryHit answer(Arena *arena, const SearchHit *hit, Language language)
{
    return (QueryHit){
        .entity = world_summarise(arena, hit->entity, language),
        .score = hit->score,
        .why = {.terms = world_copy_list(arena, hit->terms), .path = path_of(arena, hit)},
    };
}

static bool is_listed(const Str *ids, size_t count, Str id)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(ids[i], id))
            return true;
    return false;
}

/* What the visitor did lately, unless it was to turn away from something. An unknown visitor likes nothing. */
static Err read_liked(const Call *call, Arena *arena, Str user, StrSet *out)
{
    enum { LATEST = 50 };
    World *world = call->service;
    GraphNeighbour *deeds;
    size_t deed_count;
    Str *ids;

    if (user.data == NULL)
        return OK;
    TRY(graph_get_user_context(world->graph, arena, user, LATEST, &deeds, &deed_count));
    ids = arena_array(arena, Str, deed_count);
    for (size_t i = 0; i < deed_count; i++)
        if (!is_listed(ids, out->count, deeds[i].key) && guide_score(deeds[i].properties) >= 0)
            ids[out->count++] = deeds[i].key;
    out->items = ids;
    return OK;
}

/* Texts with their lengths, so that no two questions are written alike, nor like that for an entity. */
static Str question_text(Arena *arena, const QueryInput *in, Language language)
{
    Buf out;

    buf_init(&out, arena, 256);
    buf_format(&out, "? %" PRId64 " %d %zu %.*s", in->max_results, (int)language, in->query.len,
               STR_ARG(in->query));
    for (size_t i = 0; i < in->labels.count; i++)
        buf_format(&out, " %zu %.*s", in->labels.items[i].len, STR_ARG(in->labels.items[i]));
    return buf_str(&out);
}

/* What the same catalogue was asked before needn't be searched again. True when the answer is known; otherwise what will
 * be written is kept. */
static bool answer_again(Call *call, const QueryInput *in, Language language, int64_t catalogue)
{
    World *world = call->service;
    AnswersQuestion *question;

    if (!call->takes_bytes)
        return false;
    question = arena_new(call->arena, AnswersQuestion);
    *question = (AnswersQuestion){world->answers, question_text(call->arena, in, language), catalogue};
    call->written = answers_find(world->answers, call->arena, question->text, catalogue);
    call->keep = answers_keep_for;
    call->keep_context = question;
    return call->written.data != NULL;
}

/* Finds the entities that answer a question, best first; none when nothing fits. What the search takes besides (it grows with
 * the catalogue) is given back with it. */
static Err find(Call *call, const QueryInput *in, QueryResult *out)
{
    AUTO_ARENA Arena scratch = {0};
    World *world = call->service;
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    SearchQuery query = {
        .text = in->query,
        .labels = {in->labels.items, in->labels.count},
        .limit = (size_t)in->max_results,
        .concepts = world->concepts,
    };
    SearchHit *hits;

    TRY(read_liked(call, &scratch, in->user_id, &query.liked));
    out->has_language = true;
    out->language = in->has_language ? in->language : is_korean(in->query) ? LANGUAGE_KO : LANGUAGE_EN;
    if (query.liked.count == 0 && answer_again(call, in, out->language, catalogue->number)) {
        world_count(world, QUERIES, QUERY_ANSWERED, 1);
        return OK;
    }
    out->results.count = search(catalogue, world->schema, &scratch, &query, &hits);
    out->results.items = arena_array(call->arena, QueryHit, out->results.count);
    for (size_t i = 0; i < out->results.count; i++)
        out->results.items[i] = answer(call->arena, &hits[i], out->language);
    if (out->results.count == 0)
        call->keep = NULL; /* it isn't counted as an answer */
    world_count(world, QUERIES, out->results.count > 0 ? QUERY_ANSWERED : QUERY_ABSTAINED, 1);
    return OK;
}

static Err read_table(Call *call, const QueryInput *in, QueryResult *out)
{
    GraphTable table;
    Err e = world_ask(call->service, call->arena, in->cypher, in->parameters, ASKER_ANYBODY, &table);

    if (failed(&e))
        return e.code == INVALID || e.code == UNPROCESSABLE ? err_at(e, "/cypher") : e;
    world_count(call->service, QUERIES, QUERY_CYPHER, 1);
    out->columns = (StrList){table.columns, table.column_count};
    out->rows = table.rows;
    return OK;
}

static Err answer_query(Call *call, const QueryInput *in, QueryResult *out)
{
    if (in->cypher.data != NULL)
        return read_table(call, in, out);
    if (in->parameters.data != NULL)
        return err_at(err(INVALID, "parameters: belong to cypher, a query has none"), "/parameters");
    return find(call, in, out);
}

/* Errors: INVALID for Cypher that isn't supported, UNPROCESSABLE for what turns out wrong or too much. */
Err world_query(Call *call, const QueryInput *in, QueryResult *out)
{
    Metrics *metrics = ((World *)call->service)->metrics;
    size_t kind = in->cypher.data != NULL ? KIND_CYPHER : KIND_INTENT;
    int64_t begun_us = clock_monotonic_us(clock_system());
    Err e = answer_query(call, in, out);

    metrics_observe_in(metrics, QUERY_SECONDS, metrics_series(metrics, QUERY_SECONDS, kind, 0),
                       clock_monotonic_us(clock_system()) - begun_us, &call->trace);
    return e;
}

size_t world_rank(World *world, Arena *arena, Str question, size_t limit, WorldRanked **out)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    SearchQuery query = {.text = question, .limit = limit, .rank_all = true};
    SearchHit *hits;
    size_t count = search(catalogue, world->schema, &scratch, &query, &hits);

    *out = arena_array(arena, WorldRanked, count);
    for (size_t i = 0; i < count; i++)
        (*out)[i] = (WorldRanked){str_copy(arena, hits[i].entity->id), hits[i].score};
    return count;
}
