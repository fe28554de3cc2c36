/* An inverted index with BM25F weights, in memory, made once and then only read (by any number of threads).
 * index_create; for each document index_add with all of its texts; index_seal; index_find.
 * Formula: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6, but that a
 * text's length is compared with a fixed one (the usual length of such a field) and not with the collection's average:
 * a weight never depends on other documents, so that indexes can be merged and grow without being made anew. What
 * does depend on the others, idf, is left to those who ask. */
#ifndef NERDX_SERVICES_WORLD_INDEX_H
#define NERDX_SERVICES_WORLD_INDEX_H

#include "services/world/analysis.h"

typedef struct Index Index;

typedef enum IndexField { INDEX_NAME, INDEX_SUMMARY, INDEX_TEXT, INDEX_ASKED, INDEX_FIELDS } IndexField;
typedef enum IndexKind { INDEX_WORD, INDEX_PAIR, INDEX_KINDS } IndexKind;

typedef struct IndexText {
    IndexField field;
    Words words;
} IndexText;

typedef struct Posting {
    uint32_t document;
    float gain; /* what the term says of the document, 0 to 1: its weight after saturation */
} Posting;

/* A term's documents, ascending; empty for an unknown term. */
typedef struct Postings {
    const Posting *items;
    size_t count;
} Postings;

/* A document that another one became when indexes were merged; INDEX_GONE: it isn't taken over. */
#define INDEX_GONE UINT32_MAX

Index *index_create(void);
void index_destroy(Index *index); /* accepts NULL */

/* Documents are added one after the other, ascending. */
void index_add(Index *index, uint32_t document, const IndexText *texts, size_t count);

/* Adds the documents of a sealed index under their new numbers, which ascend too. */
void index_merge(Index *index, const Index *other, const uint32_t *became);
void index_seal(Index *index);

Postings index_find(const Index *index, IndexKind kind, Str term);
uint32_t index_length(const Index *index, uint32_t document); /* in words, all fields together */

/* Every list of postings, in no order. */
size_t index_term_count(const Index *index);
Postings index_postings(const Index *index, size_t term);

/* The gain of a document in it, or 0. */
float postings_gain(Postings postings, uint32_t document);

/* A weight is how often and where a term stands in a document; the second mention says less than the first. */
#define INDEX_K1 0.7F
static inline float index_saturate(float weight)
{
    return weight / (weight + INDEX_K1);
}
static inline float index_weight(float gain)
{
    return INDEX_K1 * gain / (1 - gain);
}

/* How telling a term is that so many documents of the collection have. */
double index_idf(size_t documents_with_term, size_t documents);

#endif
