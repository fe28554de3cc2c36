/* Documents that follow each other, as the turns of a conversation or the paragraphs of a text do: what stands around a
 * document says what it is about. They are told by their ids (talk-7/12, talk-7/13) or by properties (session, turn),
 * and count as a row only when neighbours in this collection are more alike than chance would make them: products 12
 * and 13 of a shop are not.
 * A neighbour's words count for a document as its own do, but less: passage retrieval with context, as in
 * Murdock & Croft, "A Translation Model for Sentence Retrieval" (2005), and smoothing by neighbours. */
#ifndef NERDX_SERVICES_WORLD_ROWS_H
#define NERDX_SERVICES_WORLD_ROWS_H

#include "services/world/index.h"

/* Where a document stands; group absent = nowhere. */
typedef struct RowPlace {
    Str group;
    uint32_t number;
} RowPlace;

typedef struct Rows {
    uint32_t *at; /* of each document its place in `documents`, or ROW_NONE; NULL when there are no rows */
    uint32_t *documents; /* by group and number */
    RowPlace *places;    /* of documents[i] */
    size_t count;
} Rows;

enum { ROW_REACH = 3 };
#define ROW_NONE UINT32_MAX

typedef struct RowNeighbour {
    uint32_t document;
    float gives; /* how much a word of the document counts for this neighbour */
    float takes; /* how much a word of this neighbour counts for the document */
} RowNeighbour;

/* What an id such as talk-7/12 says: group talk-7/, number 12. */
RowPlace row_place_of_id(Str id);

/* The groups' texts must live as long as the rows. */
Rows rows_make(const RowPlace *places, size_t document_count, const Index *index);
void rows_finish(Rows *rows);

/* Those at most ROW_REACH numbers before or behind. */
size_t rows_around(const Rows *rows, const Index *index, uint32_t document, RowNeighbour out[2 * ROW_REACH]);

#endif
