#include <math.h>

#include "services/world/dead.h"
#include "services/world/searching.h"
#include "services/world/weights.h"

/* Names of so many entities are looked for in the other language, and so many words of them. */
enum { MOST_EXPANDED = 8, MOST_EXPANSIONS = 32 };

static void score_alone(const CatalogueView *view, Postings postings, float weight, float *scores)
{
    if (view->dead == NULL) {
        for (size_t i = 0; i < postings.count; i++)
            scores[postings.items[i].document] += weight * postings.items[i].gain;
        return;
    }
    for (size_t i = 0; i < postings.count; i++)
        if (!is_dead(view->dead, postings.items[i].document))
            scores[postings.items[i].document] += weight * postings.items[i].gain;
}

/* Gives a posting's weight to its document and to those around it; returns how many of `reached` it has filled. */
static size_t give(const Segment *segment, const Posting *posting, float *around, uint32_t *reached)
{
    RowNeighbour neighbours[2 * ROW_REACH];
    size_t count = rows_around(&segment->rows, segment->index, posting->document, neighbours);
    float weight = index_weight(posting->gain);
    size_t n = 0;

    if (around[posting->document] == 0)
        reached[n++] = posting->document;
    around[posting->document] += weight;
    for (size_t i = 0; i < count; i++) {
        if (around[neighbours[i].document] == 0)
            reached[n++] = neighbours[i].document;
        around[neighbours[i].document] += neighbours[i].gives * weight;
    }
    return n;
}

/* The same where documents stand in rows: what stands around one counts for it, before saturation. */
static void score_in_rows(Search *s, const CatalogueView *view, Postings postings, float weight,
                          float *scores)
{
    uint32_t *reached = arena_alloc(s->arena, postings.count * (1 + 2 * ROW_REACH) * sizeof(*reached));
    size_t count = 0;

    for (size_t i = 0; i < postings.count; i++)
        if (!is_dead(view->dead, postings.items[i].document))
            count += give(view->segment, &postings.items[i], s->around, reached + count);
    for (size_t i = 0; i < count; i++) {
        if (!is_dead(view->dead, reached[i]))
            scores[reached[i]] += weight * index_saturate(s->around[reached[i]]);
        s->around[reached[i]] = 0;
    }
}

void score_term(Search *s, const Term *term)
{
    float weight = (float)(term->weight * term->idf);

    for (size_t i = 0; i < s->catalogue->view_count; i++) {
        const CatalogueView *view = &s->catalogue->views[i];

        if (view->segment->rows.at != NULL)
            score_in_rows(s, view, term->postings[i], weight, s->scores + view->first);
        else
            score_alone(view, term->postings[i], weight, s->scores + view->first);
    }
}

/* Words that what was named is called by, each once. */
typedef struct Expansion {
    Str terms[MOST_EXPANSIONS];
    size_t count;
} Expansion;

static void note_expansion(Expansion *expansion, Str term)
{
    for (size_t i = 0; i < expansion->count; i++)
        if (str_equal(expansion->terms[i], term))
            return;
    if (expansion->count < MOST_EXPANSIONS)
        expansion->terms[expansion->count++] = term;
}

/* What was named is also looked for under its names in both languages. */
static void expand(Search *s, const NameMatch *match)
{
    Expansion expansion = {.count = 0};

    for (size_t i = 0; i < match->entity_count && i < MOST_EXPANDED; i++)
        for (size_t tongue = 0; tongue < TONGUE_COUNT; tongue++) {
            Words name = analyse(s->arena, catalogue_entity(s->catalogue, match->entities[i])->name[tongue]);

            for (size_t w = 0; w < name.count; w++)
                note_expansion(&expansion, name.items[w].term);
        }
    for (size_t i = 0; i < expansion.count; i++) {
        Term term = look_up(s, INDEX_WORD, expansion.terms[i], EXPANDED_WEIGHT);

        score_term(s, &term);
    }
}

/* A name says exactly what is meant, however often its words occur. */
static void score_name(Search *s, const NameMatch *match)
{
    double weight = 0;

    for (size_t i = match->first; i < match->first + match->count; i++) {
        if (!s->asked[i].is_used)
            continue;
        s->asked[i].weight = fmax(s->asked[i].weight, rarest(s));
        s->asked[i].familiar = 0;
        weight += s->asked[i].weight;
    }
    if (weight <= 0)
        return;
    for (size_t i = 0; i < match->entity_count; i++) {
        uint32_t entity = match->entities[i];

        s->named[entity / 64] |= UINT64_C(1) << (entity % 64);
        s->scores[entity] += (float)(NAME_BONUS * weight);
    }
    expand(s, match);
}

void score_names(Search *s)
{
    NameMatch *matches;
    size_t count = names_find(catalogue_names(s->catalogue), s->arena, s->words, &matches);

    for (size_t i = 0; i < count; i++)
        score_name(s, &matches[i]);
}

static Postings postings_for(const Search *s, const Term *term, const CatalogueView *view)
{
    return term->postings[view - s->catalogue->views];
}

bool has_term(const Search *s, const Term *term, uint32_t entity)
{
    const CatalogueView *view = catalogue_view(s->catalogue, entity);

    return postings_gain(postings_for(s, term, view), entity - view->first) > 0;
}

double evidence(const Search *s, const Term *term, uint32_t entity)
{
    const CatalogueView *view = catalogue_view(s->catalogue, entity);
    Postings postings = postings_for(s, term, view);
    float weight = index_weight(postings_gain(postings, entity - view->first));
    RowNeighbour neighbours[2 * ROW_REACH];
    size_t count = rows_around(&view->segment->rows, view->segment->index, entity - view->first, neighbours);

    for (size_t i = 0; i < count; i++)
        if (!is_dead(view->dead, neighbours[i].document))
            weight += neighbours[i].takes * index_weight(postings_gain(postings, neighbours[i].document));
    return weight > 0 ? fmin(1, MENTION_EVIDENCE + (double)index_saturate(weight)) : 0;
}
