#include "services/world/search.h"

#include <math.h>
#include <stdlib.h>

/* Weights, chosen by tests/evaluation; all relative to a whole word of the question, which counts 1. */
static const double PART_WEIGHT = 0.35;        /* a pair of syllables, a piece of NERD12 */
static const double PART_SHARE = 0.9;          /* understanding all of a word by its parts */
static const double CORRECTED_WEIGHT = 0.7;    /* a word of a name, misspelt */
static const double EXPANDED_WEIGHT = 0.2;     /* a word of the other names of what was named */
static const double NAME_BONUS = 1.0;          /* being called by name, a word of it */
static const double UNNAMED_STEP = 0.5;        /* what flows on from a hit that wasn't called by name */
static const double LABEL_BONUS = 1.35;        /* being the kind of thing that was asked for */
static const double LABEL_WORD_WEIGHT = 0.3;   /* how much "dish" must be found in the text of a dish */
static const double UNKNOWN_WEIGHT = 1.0;      /* how much a word that is nowhere must be found */
static const double PREDICATE_WEIGHT = 0.3;    /* the same for a Korean verb, which comes in many forms */
static const double MIN_NAMED_COVERAGE = 0.34; /* the same when the answer was called by name */
static const double MIN_COVERAGE = 0.44; /* the part of a question that an answer must have understood */
static const double MENTION_EVIDENCE = 0.4;
static const double MIN_OF_BEST = 0.12; /* what scores less than this part of the best is left out */
static const double TELLING_FLOW =
    0.5;                  /* what flowed is told when it is more than this part of the own score */
enum { SPREAD_FROM = 8 }; /* so many of the best hits pass something on */

/* Something to look up: a word of the question or what it stands for. */
typedef struct Term {
    Postings postings;
    double weight;
    double share; /* how much of its word is understood where it is found; 0 = doesn't tell */
    uint32_t word;
} Term;

/* A word of the question. */
typedef struct Asked {
    double weight; /* what it means for coverage */
    bool is_used;
} Asked;

typedef struct Candidate {
    uint32_t entity;
    double score; /* own and what flowed here */
} Candidate;

typedef struct Search {
    const Catalogue *catalogue;
    const Schema *schema;
    Arena *arena;
    Words words;
    Asked *asked;
    Term *terms;
    size_t term_count;
    double *own;       /* score of each entity by itself */
    double *flowed;    /* the best that came along a relationship */
    uint32_t *through; /* from where */
    bool *named;
    bool *intended; /* by label of the schema */
    bool has_intent;
} Search;

static bool is_label_word(const SchemaLabel *label, const Word *word)
{
    for (size_t i = 0; i < label->words.count; i++)
        if (str_equal(label->words.items[i].term, word->term))
            return true;
    return false;
}

/* Which kinds of things the question asks for; true when the word is such a kind. */
static bool note_intent(Search *s, const Word *word)
{
    bool found = false;
    size_t count;
    const SchemaLabel *labels = schema_labels(s->schema, &count);

    for (size_t i = 0; i < count; i++) {
        if (!is_label_word(&labels[i], word))
            continue;
        s->intended[i] = found = true;
        s->has_intent = true;
    }
    return found;
}

static void add_term(Search *s, uint32_t word, Str text, double weight, double share)
{
    Postings postings = index_find(s->catalogue->index, text);

    if (postings.count > 0)
        s->terms[s->term_count++] = (Term){postings, weight, share, word};
}

/* A word that is nowhere may be a slip in a name, or compare what is only described: lightest, light. */
static void add_correction(Search *s, uint32_t at, Word *word)
{
    Str meant = names_correct(s->catalogue->names, s->arena, word);

    if (meant.data == NULL) {
        add_term(s, at, uncompared(s->arena, word->plain), 1, 1);
        return;
    }
    word->term = meant;
    add_term(s, at, meant, CORRECTED_WEIGHT, CORRECTED_WEIGHT);
}

/* What finding the word, or not, says about an answer. */
static double importance(const Search *s, const Word *word, Postings postings)
{
    double rarest = index_rarest(s->catalogue->index);

    if (postings.count > 0)
        return postings.idf;
    return rarest * (word->is_predicate ? PREDICATE_WEIGHT : UNKNOWN_WEIGHT);
}

static void add_word(Search *s, uint32_t at, bool is_label)
{
    Word *word = &s->words.items[at];
    Postings whole = index_find(s->catalogue->index, word->term);
    double weight = is_label ? LABEL_WORD_WEIGHT : 1;

    s->asked[at].is_used = true;
    s->asked[at].weight = weight * importance(s, word, whole);
    add_term(s, at, word->term, weight, 1);
    for (size_t i = 0; i < word->part_count; i++)
        add_term(s, at, word->parts[i], PART_WEIGHT * weight,
                 PART_SHARE * (double)word->parts[i].len / (double)word->term.len);
    if (whole.count == 0)
        add_correction(s, at, word);
}

static void read_question(Search *s)
{
    size_t room = 0;

    for (size_t i = 0; i < s->words.count; i++)
        room += 2 + s->words.items[i].part_count;
    s->terms = arena_array(s->arena, Term, room);
    for (size_t i = 0; i < s->words.count; i++) {
        bool is_label = note_intent(s, &s->words.items[i]);

        if (!s->words.items[i].is_common)
            add_word(s, (uint32_t)i, is_label);
    }
}

static void score_term(Search *s, const Term *term)
{
    for (size_t i = 0; i < term->postings.count; i++)
        s->own[term->postings.items[i].document] += term->weight * (double)term->postings.items[i].score;
}

/* What was named is also looked for under its name in the other language. */
static void expand(Search *s, const CatalogueEntity *entity)
{
    for (size_t tongue = 0; tongue < TONGUE_COUNT; tongue++) {
        Words name = analyse(s->arena, entity->name[tongue]);

        for (size_t i = 0; i < name.count; i++) {
            Term term = {index_find(s->catalogue->index, name.items[i].term), EXPANDED_WEIGHT, 0, 0};

            score_term(s, &term);
        }
    }
}

/* A name says exactly what is meant, however often its words occur. */
static void score_name(Search *s, const NameMatch *match)
{
    double weight = 0;

    for (size_t i = match->first; i < match->first + match->count; i++) {
        if (!s->asked[i].is_used)
            continue;
        s->asked[i].weight = fmax(s->asked[i].weight, index_rarest(s->catalogue->index));
        weight += s->asked[i].weight;
    }
    if (weight <= 0)
        return;
    for (size_t i = 0; i < match->entity_count; i++) {
        uint32_t entity = match->entities[i];

        s->named[entity] = true;
        s->own[entity] += NAME_BONUS * weight;
        expand(s, &s->catalogue->entities[entity]);
    }
}

static void score_names(Search *s)
{
    NameMatch *matches;
    size_t count = names_find(s->catalogue->names, s->arena, s->words, &matches);

    for (size_t i = 0; i < count; i++)
        score_name(s, &matches[i]);
}

static int by_score(const Search *s, const Candidate *a, const Candidate *b)
{
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return str_compare(s->catalogue->entities[a->entity].id, s->catalogue->entities[b->entity].id);
}

static int compare_candidates(const void *a, const void *b, void *search)
{
    return by_score(search, a, b);
}

/* Whatever has a score, best first. */
static Candidate *rank(Search *s, const double *scores, size_t *count)
{
    Candidate *candidates = arena_array(s->arena, Candidate, s->catalogue->count);
    size_t n = 0;

    for (size_t i = 0; i < s->catalogue->count; i++)
        if (scores[i] > 0)
            candidates[n++] = (Candidate){(uint32_t)i, scores[i]};
    if (n > 0)
        qsort_r(candidates, n, sizeof(*candidates), compare_candidates, s);
    *count = n;
    return candidates;
}

static void spread_from(Search *s, const Candidate *hit)
{
    const Catalogue *catalogue = s->catalogue;
    double strength = hit->score * (s->named[hit->entity] ? 1 : UNNAMED_STEP);

    for (size_t i = catalogue->first_link[hit->entity]; i < catalogue->first_link[hit->entity + 1]; i++) {
        const CatalogueLink *link = &catalogue->links[i];
        double flow = strength * link->step;

        if (flow <= s->flowed[link->to])
            continue;
        s->flowed[link->to] = flow;
        s->through[link->to] = hit->entity;
    }
}

static void spread(Search *s)
{
    size_t count;
    const Candidate *hits = rank(s, s->own, &count);

    for (size_t i = 0; i < count && i < SPREAD_FROM; i++)
        spread_from(s, &hits[i]);
}

static bool has_intended_label(const Search *s, const CatalogueEntity *entity)
{
    size_t count;
    const SchemaLabel *labels = schema_labels(s->schema, &count);

    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; s->intended[i] && n < entity->labels.count; n++)
            if (str_equal(labels[i].name, entity->labels.items[n]))
                return true;
    return false;
}

static bool is_wanted(const CatalogueEntity *entity, StrSet labels)
{
    for (size_t i = 0; i < labels.count; i++)
        for (size_t n = 0; n < entity->labels.count; n++)
            if (str_equal(labels.items[i], entity->labels.items[n]))
                return true;
    return labels.count == 0;
}

/* How sure it is that the entity is about the term: less when it is only mentioned once in a long text. */
static double evidence(Postings postings, uint32_t entity)
{
    const Posting *posting = postings_of(postings, entity);

    if (posting == NULL)
        return 0;
    return fmin(1, MENTION_EVIDENCE + (double)posting->score / (postings.idf * INDEX_MAX_GAIN));
}

/* The part of the question's meaning that the entity's texts hold, 0 to 1. */
static double coverage(const Search *s, uint32_t entity)
{
    double *understood = arena_array(s->arena, double, s->words.count);
    double found = 0;
    double all = 0;

    for (size_t i = 0; i < s->term_count; i++) {
        const Term *term = &s->terms[i];

        understood[term->word] += term->share * evidence(term->postings, entity);
    }
    for (size_t i = 0; i < s->words.count; i++) {
        found += s->asked[i].weight * (understood[i] < 1 ? understood[i] : 1);
        all += s->asked[i].weight;
    }
    return all > 0 ? found / all : 0;
}

/* Did the relationship do a good part of finding it? */
static bool found_through(const Search *s, uint32_t entity)
{
    return !s->named[entity] && s->flowed[entity] > TELLING_FLOW * s->own[entity];
}

static bool is_covered(const Search *s, uint32_t entity)
{
    return coverage(s, entity) >= (s->named[entity] ? MIN_NAMED_COVERAGE : MIN_COVERAGE);
}

static bool is_understood(const Search *s, uint32_t entity)
{
    return is_covered(s, entity) || (s->flowed[entity] > 0 && is_covered(s, s->through[entity]));
}

/* The question's words that are in the entity, each once, in the order they were asked. */
static StrSet terms_in(const Search *s, uint32_t entity)
{
    Str *found = arena_array(s->arena, Str, s->words.count);
    size_t count = 0;
    uint32_t last = UINT32_MAX;

    for (size_t i = 0; i < s->term_count; i++) {
        const Term *term = &s->terms[i];

        if (term->word == last || postings_of(term->postings, entity) == NULL)
            continue;
        found[count++] = s->words.items[term->word].surface;
        last = term->word;
    }
    return (StrSet){found, count};
}

static SearchHit make_hit(const Search *s, const Candidate *candidate)
{
    bool through = found_through(s, candidate->entity);

    return (SearchHit){
        .entity = &s->catalogue->entities[candidate->entity],
        .score = candidate->score,
        .terms = terms_in(s, candidate->entity),
        .through = through ? &s->catalogue->entities[s->through[candidate->entity]] : NULL,
    };
}

/* Own score and what flowed, for whatever is allowed. */
static double *final_scores(Search *s, StrSet labels)
{
    double *scores = arena_array(s->arena, double, s->catalogue->count);

    for (size_t i = 0; i < s->catalogue->count; i++) {
        const CatalogueEntity *entity = &s->catalogue->entities[i];

        if (s->own[i] + s->flowed[i] <= 0 || !is_wanted(entity, labels))
            continue;
        scores[i] = s->own[i] + s->flowed[i];
        if (s->has_intent && has_intended_label(s, entity))
            scores[i] *= LABEL_BONUS;
    }
    return scores;
}

static size_t choose(Search *s, const SearchQuery *query, SearchHit **out)
{
    size_t ranked;
    const Candidate *candidates = rank(s, final_scores(s, query->labels), &ranked);
    size_t count = 0;

    *out = arena_array(s->arena, SearchHit, query->limit);
    for (size_t i = 0; i < ranked && count < query->limit; i++) {
        if (candidates[i].score < MIN_OF_BEST * candidates[0].score)
            break;
        if (is_understood(s, candidates[i].entity))
            (*out)[count++] = make_hit(s, &candidates[i]);
    }
    return count;
}

size_t search(const Catalogue *catalogue, const Schema *schema, Arena *arena, const SearchQuery *query,
              SearchHit **out)
{
    Search s = {.catalogue = catalogue, .schema = schema, .arena = arena};
    size_t label_count;

    schema_labels(schema, &label_count);
    s.words = analyse(arena, query->text);
    s.asked = arena_array(arena, Asked, s.words.count);
    s.own = arena_array(arena, double, catalogue->count);
    s.flowed = arena_array(arena, double, catalogue->count);
    s.through = arena_array(arena, uint32_t, catalogue->count);
    s.named = arena_array(arena, bool, catalogue->count);
    s.intended = arena_array(arena, bool, label_count);
    read_question(&s);
    for (size_t i = 0; i < s.term_count; i++)
        score_term(&s, &s.terms[i]);
    score_names(&s);
    spread(&s);
    return choose(&s, query, out);
}
