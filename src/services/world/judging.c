#include <math.h>

#include "services/world/searching.h"
#include "services/world/weights.h"

bool is_named(const Search *s, uint32_t entity)
{
    return (s->named[entity / 64] >> (entity % 64) & 1) != 0;
}

/* The part of the question's meaning that the entity's texts hold, 0 to 1. */
static double coverage(const Search *s, uint32_t entity)
{
    double *understood = arena_array(s->arena, double, s->words.count);
    double found = 0;
    double all = 0;

    for (size_t i = 0; i < s->term_count; i++) {
        const Term *term = &s->terms[i];

        if (term->share > 0)
            understood[term->word] += term->share * evidence(s, term, entity);
    }
    for (size_t i = 0; i < s->words.count; i++) {
        found += s->asked[i].weight * (understood[i] < 1 ? understood[i] : 1);
        all += s->asked[i].weight;
    }
    return all > 0 ? found / all : 0;
}

/* A question in the words of this world (술, rice) is worth an answer even when the rest of it is nowhere. */
static double allowance(const Search *s)
{
    double familiar = 0;

    for (size_t i = 0; i < s->words.count; i++)
        familiar += s->asked[i].familiar;
    return fmin(FAMILIARITY * familiar, MAX_FAMILIARITY);
}

static bool is_covered(const Search *s, uint32_t entity)
{
    double wanted = is_named(s, entity) ? MIN_NAMED_COVERAGE : MIN_COVERAGE;

    return coverage(s, entity) + allowance(s) >= wanted;
}

bool is_understood(const Search *s, uint32_t entity)
{
    const Flow *flow = flow_to(s, entity);

    return is_covered(s, entity) || (flow != NULL && is_covered(s, flow->from));
}

static bool has_text(const Str *texts, size_t count, Str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(texts[i], text))
            return true;
    return false;
}

StrSet terms_in(const Search *s, uint32_t entity)
{
    Str *found = arena_array(s->arena, Str, SEARCH_MAX_TERMS);
    size_t count = 0;

    for (size_t i = 0; i < s->term_count && count < SEARCH_MAX_TERMS; i++) {
        const Term *term = &s->terms[i];
        Str word = s->words.items[term->word].surface;

        if (term->share > 0 && !has_text(found, count, word) && has_term(s, term, entity))
            found[count++] = word;
    }
    return (StrSet){found, count};
}
