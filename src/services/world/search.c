#include "services/world/search.h"

#include "services/world/dead.h"
#include "services/world/searching.h"
#include "services/world/weights.h"

static bool has_rows(const Catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->view_count; i++)
        if (catalogue->views[i].segment->rows.at != NULL)
            return true;
    return false;
}

static Search begin(const Catalogue *catalogue, const Schema *schema, Arena *arena, const SearchQuery *query)
{
    Search s = {.catalogue = catalogue, .schema = schema, .arena = arena, .query = query};

    s.words = analyse(arena, query->text);
    s.asked = arena_array(arena, Asked, s.words.count);
    s.scores = arena_array(arena, float, catalogue->slots);
    s.around = has_rows(catalogue) ? arena_array(arena, float, catalogue->slots) : NULL;
    s.named = arena_array(arena, uint64_t, dead_words(catalogue->slots));
    return s;
}

/* What is of the kind that was asked for. */
static void favour_intended(Search *s)
{
    for (size_t v = 0; s->intended != 0 && v < s->catalogue->view_count; v++) {
        const CatalogueView *view = &s->catalogue->views[v];

        for (size_t i = 0; i < view->segment->count; i++)
            if ((view->segment->entities[i].label_bits & s->intended) != 0)
                s->scores[view->first + i] *= (float)LABEL_BONUS;
    }
}

static void favour_liked(Search *s)
{
    for (size_t i = 0; i < s->query->liked.count; i++) {
        uint32_t entity = catalogue_number(s->catalogue, s->query->liked.items[i]);

        if (entity != CATALOGUE_NONE)
            s->scores[entity] *= (float)LIKED_BONUS;
    }
}

/* Did the relationship do a good part of finding it? */
static const Flow *telling_flow(const Search *s, uint32_t entity)
{
    const Flow *flow = flow_to(s, entity);

    return flow != NULL && !is_named(s, entity) && flow->strength > (float)TELLING_FLOW * flow->own ? flow
                                                                                                    : NULL;
}

static SearchHit make_hit(const Search *s, const Candidate *candidate)
{
    const Flow *flow = telling_flow(s, candidate->entity);

    return (SearchHit){
        .entity = catalogue_entity(s->catalogue, candidate->entity),
        .score = (double)candidate->score,
        .terms = terms_in(s, candidate->entity),
        .through = flow != NULL ? catalogue_entity(s->catalogue, flow->from) : NULL,
    };
}

static bool is_answer(const Search *s, const Candidate *candidate, const Candidate *best)
{
    return s->query->rank_all || ((double)candidate->score >= MIN_OF_BEST * (double)best->score &&
                                  is_understood(s, candidate->entity));
}

static size_t choose(Search *s, SearchHit **out)
{
    size_t limit = s->query->limit;
    size_t most = limit + (s->query->rank_all ? 0 : CONSIDERED);
    Candidate *candidates = arena_array(s->arena, Candidate, most);
    size_t ranked = rank(s, s->query->labels, most, candidates);
    size_t count = 0;

    *out = arena_array(s->arena, SearchHit, limit);
    for (size_t i = 0; i < ranked && count < limit; i++)
        if (is_answer(s, &candidates[i], &candidates[0]))
            (*out)[count++] = make_hit(s, &candidates[i]);
    return count;
}

size_t search(const Catalogue *catalogue, const Schema *schema, Arena *arena, const SearchQuery *query,
              SearchHit **out)
{
    Search s = begin(catalogue, schema, arena, query);

    read_question(&s);
    for (size_t i = 0; i < s.term_count; i++)
        score_term(&s, &s.terms[i]);
    score_names(&s);
    spread(&s);
    favour_intended(&s);
    favour_liked(&s);
    return choose(&s, out);
}
