/* Finds the entities of a catalogue that answer a question, best first, and says why.
 * A question's words score by BM25F; the entity that is called by name scores more; what is one relationship away from
 * a hit gets a part of its score; of two languages, either will do; what stands in a row of documents is also found by
 * what stands around it. Nothing is found when too little of the question is understood. Ties go by id.
 * From here: question.c (words to terms, with what means the same: concepts.c), scoring.c (terms to scores), spreading.c (along relationships), ranking.c
 * (the best of them), judging.c (is it an answer?). What they share is searching.h, their numbers weights.h. */
#ifndef NERDX_SERVICES_WORLD_SEARCH_H
#define NERDX_SERVICES_WORLD_SEARCH_H

#include "services/world/catalogue.h"
#include "services/world/concepts.h"

typedef struct SearchQuery {
    Str text;
    StrSet labels; /* only these; none = all */
    StrSet liked;  /* ids of what the visitor is known to like, which decides between equals */
    size_t limit;
    const Concepts *concepts; /* NULL = words mean only themselves */
    bool rank_all; /* as a ranking of whatever has a word of it, and not as an answer: never abstains */
} SearchQuery;

enum { SEARCH_MAX_TERMS = 64 }; /* as the contract has it */

typedef struct SearchHit {
    const CatalogueEntity *entity; /* lives as long as the catalogue */
    double score;
    StrSet terms;                   /* words of the question, as written, each once, that are in the entity */
    const CatalogueEntity *through; /* the hit that led here by a relationship; NULL = found by itself */
} SearchHit;

size_t search(const Catalogue *catalogue, const Schema *schema, Arena *arena, const SearchQuery *query,
              SearchHit **out);

#endif
