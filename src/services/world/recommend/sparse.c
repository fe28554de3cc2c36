#include "services/world/recommend/sparse.h"

#include <string.h>

#include "base/memory.h"

Sparse sparse_new(size_t rows, size_t columns, size_t count)
{
    return (Sparse){
        .rows = rows,
        .columns = columns,
        .first = memory_zalloc((rows + 1) * sizeof(size_t)),
        .column = memory_alloc((count + 1) * sizeof(uint32_t)),
        .value = memory_alloc((count + 1) * sizeof(float)),
    };
}

void sparse_finish(Sparse *x)
{
    memory_free(x->first);
    memory_free(x->column);
    memory_free(x->value);
    *x = (Sparse){0};
}

Sparse sparse_transposed(const Sparse *x)
{
    Sparse out = sparse_new(x->columns, x->rows, sparse_count(x));
    size_t *next = memory_alloc((x->columns + 1) * sizeof(size_t));

    for (size_t i = 0; i < sparse_count(x); i++)
        out.first[x->column[i] + 1]++;
    for (size_t c = 0; c < x->columns; c++)
        out.first[c + 1] += out.first[c];
    memcpy(next, out.first, (x->columns + 1) * sizeof(size_t));
    for (size_t row = 0; row < x->rows; row++)
        for (size_t i = x->first[row]; i < x->first[row + 1]; i++) {
            size_t place = next[x->column[i]]++;

            out.column[place] = (uint32_t)row;
            out.value[place] = x->value[i];
        }
    memory_free(next);
    return out;
}

void sparse_gram(const Sparse *x, double *out)
{
    size_t n = x->columns;

    for (size_t row = 0; row < n; row++)
        memset(out + row * n, 0, (row + 1) * sizeof(double));
    for (size_t row = 0; row < x->rows; row++)
        for (size_t i = x->first[row]; i < x->first[row + 1]; i++) {
            double *line = out + (size_t)x->column[i] * n;

            for (size_t k = x->first[row]; k <= i; k++)
                line[x->column[k]] += (double)x->value[i] * (double)x->value[k];
        }
}

double *sparse_squares(const Sparse *x)
{
    double *out = memory_zalloc((x->columns + 1) * sizeof(double));

    for (size_t i = 0; i < sparse_count(x); i++)
        out[x->column[i]] += (double)x->value[i] * (double)x->value[i];
    return out;
}
