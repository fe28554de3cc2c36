/* A search under way: what search.c, question.c, scoring.c, spreading.c, ranking.c and judging.c share. Only for them. */
#ifndef NERDX_SERVICES_WORLD_SEARCHING_H
#define NERDX_SERVICES_WORLD_SEARCHING_H

#include "services/world/search.h"

/* Something to look up: a word of the question or what it stands for. */
typedef struct Term {
    const Postings *postings; /* one a view of the catalogue */
    double idf;
    double weight;
    double share; /* how much of its word is understood where it is found; 0 = doesn't tell */
    uint32_t word;
} Term;

/* A word of the question. */
typedef struct Asked {
    double weight;   /* what it means for coverage */
    double familiar; /* how much it is a word that everything here speaks of, 0 to 1; a name is none */
    bool is_used;
} Asked;

typedef struct Candidate {
    uint32_t entity;
    float score;
} Candidate;

/* What came to an entity along a relationship. */
typedef struct Flow {
    uint32_t to; /* FLOW_FREE: the slot is free */
    uint32_t from;
    float strength;
    float own; /* the entity's score without it */
} Flow;
#define FLOW_FREE UINT32_MAX

typedef struct Search {
    const Catalogue *catalogue;
    const Schema *schema;
    const SearchQuery *query;
    Arena *arena;
    Words words;
    Asked *asked;
    Term *terms;
    size_t term_count;
    float *scores;        /* of each entity */
    float *around;        /* room for scoring rows; zero between terms */
    uint64_t *named;      /* a bit for each entity that was called by name */
    uint64_t intended;    /* labels that the question asks for, by their bits */
    Flow *flows;          /* a hash table */
    size_t flow_capacity; /* 0 or a power of two */
} Search;

/* question.c */
void read_question(Search *s);
Term look_up(const Search *s, IndexKind kind, Str text, double weight); /* idf 0 when it is nowhere */
double rarest(const Search *s); /* the idf of a term in a single entity */

/* scoring.c */
void score_term(Search *s, const Term *term);
void score_names(Search *s);
bool has_term(const Search *s, const Term *term, uint32_t entity);
double evidence(const Search *s, const Term *term,
                uint32_t entity); /* how sure it is that it is about it, 0 to 1 */

/* spreading.c */
void spread(Search *s);
const Flow *flow_to(const Search *s, uint32_t entity); /* NULL when nothing came */

/* ranking.c: the best entities that have a score and one of the labels (none = any), best first; out has room for
 * `most`. */
size_t rank(const Search *s, StrSet labels, size_t most, Candidate *out);

/* judging.c */
bool is_understood(const Search *s, uint32_t entity);
bool is_named(const Search *s, uint32_t entity);
StrSet terms_in(const Search *s,
                uint32_t entity); /* the question's words in it, in the order they were asked */

#endif
