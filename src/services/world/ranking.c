#include <stdlib.h>

#include "services/world/searching.h"
#include "services/world/weights.h"

/* A heap whose first is the worst of the best so far. */
typedef struct Best {
    const Search *search;
    StrSet labels;
    Candidate *items;
    size_t count;
    size_t room;
} Best;

static bool is_wanted(const CatalogueEntity *entity, StrSet labels)
{
    for (size_t i = 0; i < labels.count; i++)
        for (size_t n = 0; n < entity->labels.count; n++)
            if (str_equal(labels.items[i], entity->labels.items[n]))
                return true;
    return labels.count == 0;
}

/* Positive when a stands behind b: less score, or the greater id. */
static int compare(const Search *s, const Candidate *a, const Candidate *b)
{
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return str_compare(catalogue_entity(s->catalogue, a->entity)->id,
                       catalogue_entity(s->catalogue, b->entity)->id);
}

static int compare_candidates(const void *a, const void *b, void *search)
{
    return compare(search, a, b);
}

static void swap(Candidate *a, Candidate *b)
{
    Candidate kept = *a;

    *a = *b;
    *b = kept;
}

static void sift_up(Best *best)
{
    size_t i = best->count - 1;

    for (; i > 0 && compare(best->search, &best->items[i], &best->items[(i - 1) / 2]) > 0; i = (i - 1) / 2)
        swap(&best->items[i], &best->items[(i - 1) / 2]);
}

static void sift_down(Best *best)
{
    for (size_t i = 0, worse; (worse = 2 * i + 1) < best->count; i = worse) {
        if (worse + 1 < best->count &&
            compare(best->search, &best->items[worse + 1], &best->items[worse]) > 0)
            worse++;
        if (compare(best->search, &best->items[worse], &best->items[i]) <= 0)
            return;
        swap(&best->items[worse], &best->items[i]);
    }
}

static void consider(Best *best, Candidate candidate)
{
    if (best->count == best->room && compare(best->search, &candidate, &best->items[0]) > 0)
        return;
    if (!is_wanted(catalogue_entity(best->search->catalogue, candidate.entity), best->labels))
        return;
    if (best->count < best->room) {
        best->items[best->count++] = candidate;
        sift_up(best);
    } else {
        best->items[0] = candidate;
        sift_down(best);
    }
}

enum { BLOCK = 16 };

static float greatest(const float *scores)
{
    float most = scores[0];

    for (size_t i = 1; i < BLOCK; i++)
        most = scores[i] > most ? scores[i] : most;
    return most;
}

/* The first at or after i that may be among the best; most blocks are passed over as a whole. */
static size_t next_good(const Search *s, size_t i, float worst)
{
    const float *scores = s->scores;
    size_t slots = s->catalogue->slots;

    while (i < slots && (scores[i] <= 0 || scores[i] < worst)) {
        i++;
        while (i % BLOCK == 0 && i + BLOCK <= slots &&
               (greatest(scores + i) <= 0 || greatest(scores + i) < worst))
            i += BLOCK;
    }
    return i;
}

size_t rank(const Search *s, StrSet labels, size_t most, Candidate *out)
{
    Best best = {s, labels, out, 0, most};
    float worst = 0;

    for (size_t i = next_good(s, 0, 0); i < s->catalogue->slots; i = next_good(s, i + 1, worst)) {
        consider(&best, (Candidate){(uint32_t)i, s->scores[i]});
        worst = best.count == most ? out[0].score : 0;
    }
    if (best.count > 0)
        qsort_r(out, best.count, sizeof(*out), compare_candidates, (void *)(uintptr_t)s);
    return best.count;
}
