/* An inverted index with BM25F scores, in memory, made once and then only read (by any number of threads).
 * index_create; for each document index_add for each of its texts; index_seal; index_find.
 * Formula: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6. */
#ifndef NERDX_SERVICES_WORLD_INDEX_H
#define NERDX_SERVICES_WORLD_INDEX_H

#include "services/world/analysis.h"

typedef struct Index Index;

typedef enum IndexField { INDEX_NAME, INDEX_SUMMARY, INDEX_TEXT, INDEX_COUNT } IndexField;

typedef struct Posting {
    uint32_t document;
    float score; /* what the term adds to the document's score */
} Posting;

/* A posting's score approaches the term's idf times this: k1 + 1. */
#define INDEX_MAX_GAIN 2.2

/* A term's documents, ascending; empty for an unknown term. */
typedef struct Postings {
    const Posting *items;
    size_t count;
    double idf;
} Postings;

Index *index_create(void);
void index_destroy(Index *index); /* accepts NULL */

/* Documents are added one after the other, ascending; a document's texts in any order. */
void index_add(Index *index, uint32_t document, IndexField field, Words words);
void index_seal(Index *index, size_t document_count);

Postings index_find(const Index *index, Str term);
double index_rarest(const Index *index); /* the idf of a term in a single document */

/* The posting of a document, or NULL. */
const Posting *postings_of(Postings postings, uint32_t document);

#endif
