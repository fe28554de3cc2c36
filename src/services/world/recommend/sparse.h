/* A matrix that is mostly empty, row by row: people down, items across. */
#ifndef NERDX_SERVICES_WORLD_RECOMMEND_SPARSE_H
#define NERDX_SERVICES_WORLD_RECOMMEND_SPARSE_H

#include <stddef.h>
#include <stdint.h>

typedef struct Sparse {
    size_t rows;
    size_t columns;
    size_t *first;    /* of each row, and one behind the last */
    uint32_t *column; /* ascending within a row */
    float *value;
} Sparse;

static inline size_t sparse_count(const Sparse *x)
{
    return x->first[x->rows];
}

Sparse sparse_new(size_t rows, size_t columns,
                  size_t count); /* first is zeroed, the rest is to be filled in */
void sparse_finish(Sparse *x);   /* accepts a zeroed one */
Sparse sparse_transposed(const Sparse *x);

/* out (columns × columns, lower triangle) = xᵀ·x; the upper one is left alone. */
void sparse_gram(const Sparse *x, double *out);

/* The diagonal of that: how much is known of each column. */
double *sparse_squares(const Sparse *x);

#endif
