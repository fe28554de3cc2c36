#include "services/world/rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { MAX_DIGITS = 9, FEWEST_PAIRS = 8 };

/* How much a word counts for the document that stands so many places behind the one that has it (negative: before). */
static const float CARRIED[2 * ROW_REACH + 1] = {0.1F, 0.3F, 0.4F, 1.0F, 0.5F, 0.3F, 0.1F};

/* Words of documents that are longer than this count accordingly less around them. */
static const float TELLING_LENGTH = 20;

/* Neighbours must share this many times the weight of terms that documents share by chance. */
static const double ALIKE = 2;

RowPlace row_place_of_id(Str id)
{
    size_t start = id.len;
    uint32_t number = 0;

    while (start > 0 && id.data[start - 1] >= '0' && id.data[start - 1] <= '9')
        start--;
    if (start == id.len || id.len - start > MAX_DIGITS)
        return (RowPlace){0};
    for (size_t i = start; i < id.len; i++)
        number = number * 10 + (uint32_t)(id.data[i] - '0');
    return (RowPlace){str_slice(id, 0, start), number};
}

static int compare_places(const void *a, const void *b, void *places)
{
    uint32_t first = *(const uint32_t *)a;
    uint32_t second = *(const uint32_t *)b;
    const RowPlace *left = (const RowPlace *)places + first;
    const RowPlace *right = (const RowPlace *)places + second;
    int by_group = str_compare(left->group, right->group);

    if (by_group != 0)
        return by_group;
    if (left->number != right->number)
        return left->number < right->number ? -1 : 1;
    return (first > second) - (first < second);
}

static bool are_near(const Rows *rows, size_t i, size_t j)
{
    uint32_t a = rows->places[i].number;
    uint32_t b = rows->places[j].number;

    return (a > b ? a - b : b - a) <= ROW_REACH && a != b &&
           str_equal(rows->places[i].group, rows->places[j].group);
}

static Rows line_up(const RowPlace *places, size_t document_count)
{
    Rows rows = {.at = memory_alloc(document_count * sizeof(uint32_t)),
                 .documents = memory_alloc(document_count * sizeof(uint32_t)),
                 .places = memory_alloc(document_count * sizeof(RowPlace))};

    for (size_t i = 0; i < document_count; i++) {
        rows.at[i] = ROW_NONE;
        if (places[i].group.data != NULL)
            rows.documents[rows.count++] = (uint32_t)i;
    }
    if (rows.count > 0)
        qsort_r(rows.documents, rows.count, sizeof(uint32_t), compare_places, (void *)(uintptr_t)places);
    for (size_t i = 0; i < rows.count; i++) {
        rows.at[rows.documents[i]] = (uint32_t)i;
        rows.places[i] = places[rows.documents[i]];
    }
    return rows;
}

/* In how many pairs of neighbours both have the term. marks: one a document. */
static size_t count_shared(const Rows *rows, Postings postings, uint32_t *marks, uint32_t mark)
{
    size_t shared = 0;

    for (size_t i = 0; i < postings.count; i++)
        marks[postings.items[i].document] = mark;
    for (size_t i = 0; i < postings.count; i++) {
        uint32_t at = rows->at[postings.items[i].document];

        if (at != ROW_NONE && at + 1 < rows->count && are_near(rows, at, at + 1) &&
            marks[rows->documents[at + 1]] == mark)
            shared++;
    }
    return shared;
}

static size_t count_near(const Rows *rows)
{
    size_t pairs = 0;

    for (size_t i = 0; i + 1 < rows->count; i++)
        pairs += are_near(rows, i, i + 1) ? 1 : 0;
    return pairs;
}

/* Do neighbours share more, by idf squared, than as many pairs drawn by chance would? */
static bool are_alike(const Rows *rows, size_t document_count, const Index *index)
{
    size_t pairs = count_near(rows);
    uint32_t *marks;
    double shared = 0;
    double by_chance = 0;

    if (pairs < FEWEST_PAIRS)
        return false;
    marks = memory_zalloc(document_count * sizeof(uint32_t));
    for (size_t term = 0; term < index_term_count(index); term++) {
        Postings postings = index_postings(index, term);
        double with = (double)postings.count;
        double idf = index_idf(postings.count, document_count);

        shared += idf * idf * (double)count_shared(rows, postings, marks, (uint32_t)term + 1);
        by_chance += idf * idf * (double)pairs * with / (double)document_count * (with - 1) /
                     (double)(document_count - 1);
    }
    memory_free(marks);
    return shared > ALIKE * by_chance;
}

Rows rows_make(const RowPlace *places, size_t document_count, const Index *index)
{
    Rows rows = line_up(places, document_count);

    if (!are_alike(&rows, document_count, index))
        rows_finish(&rows);
    return rows;
}

void rows_finish(Rows *rows)
{
    memory_free(rows->at);
    memory_free(rows->documents);
    memory_free(rows->places);
    *rows = (Rows){0};
}

static float telling(const Index *index, uint32_t document)
{
    return fminf(1, TELLING_LENGTH / (float)index_length(index, document));
}

static RowNeighbour neighbour(const Rows *rows, const Index *index, size_t i, size_t j)
{
    int behind = (int)rows->places[j].number - (int)rows->places[i].number;

    return (RowNeighbour){
        .document = rows->documents[j],
        .gives = CARRIED[ROW_REACH + behind] * telling(index, rows->documents[i]),
        .takes = CARRIED[ROW_REACH - behind] * telling(index, rows->documents[j]),
    };
}

size_t rows_around(const Rows *rows, const Index *index, uint32_t document, RowNeighbour out[2 * ROW_REACH])
{
    uint32_t at = rows->at != NULL ? rows->at[document] : ROW_NONE;
    size_t count = 0;

    if (at == ROW_NONE)
        return 0;
    for (size_t j = at; j > 0 && count < ROW_REACH && are_near(rows, at, j - 1); j--)
        out[count++] = neighbour(rows, index, at, j - 1);
    for (size_t j = at + 1; j < rows->count && count < 2 * ROW_REACH && are_near(rows, at, j); j++)
        out[count++] = neighbour(rows, index, at, j);
    return count;
}
