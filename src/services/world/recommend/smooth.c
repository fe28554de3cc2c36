#include "services/world/recommend/smooth.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "services/world/recommend/linear.h"

/* Subspace iteration (Halko, Martinsson & Tropp, "Finding Structure with Randomness", SIAM Review 2011): a few more
 * directions than wanted, and few rounds, because those that matter stand out. */
enum { SPARE = 8, ROUNDS = 7 };
static const double ITEM_POWER =
    0.35; /* between pure counting and the paper's ½: best on each collection tried */

/* R, and what its items were divided by. */
typedef struct Weighed {
    Sparse r;
    double *items; /* D_items^a */
} Weighed;

static double power_or_one(double sum, double power)
{
    return sum > 0 ? pow(sum, power) : 1;
}

static Weighed weigh(const Sparse *x)
{
    Weighed out = {sparse_new(x->rows, x->columns, sparse_count(x)),
                   memory_zalloc((x->columns + 1) * sizeof(double))};

    memcpy(out.r.first, x->first, (x->rows + 1) * sizeof(size_t));
    memcpy(out.r.column, x->column, sparse_count(x) * sizeof(uint32_t));
    for (size_t i = 0; i < sparse_count(x); i++)
        out.items[x->column[i]] += fabs((double)x->value[i]);
    for (size_t c = 0; c < x->columns; c++)
        out.items[c] = power_or_one(out.items[c], ITEM_POWER);
    for (size_t row = 0; row < x->rows; row++) {
        double sum = 0;

        for (size_t i = x->first[row]; i < x->first[row + 1]; i++)
            sum += fabs((double)x->value[i]);
        for (size_t i = x->first[row]; i < x->first[row + 1]; i++)
            out.r.value[i] = (float)((double)x->value[i] / power_or_one(sum, 0.5) / out.items[x->column[i]]);
    }
    return out;
}

/* The same start each time: SplitMix64 (Steele, Lea & Flood, OOPSLA 2014) as numbers from -1 to 1. */
static void fill_evenly(double *q, size_t count)
{
    uint64_t state = 1;

    for (size_t i = 0; i < count; i++) {
        uint64_t z = (state += 0x9E3779B97F4A7C15U);

        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        q[i] = (double)((z ^ (z >> 31)) >> 11) / (double)(1ULL << 52) - 1;
    }
}

/* y = RᵀR·q; q and y are columns × width. */
static void apply(const Sparse *r, const double *q, double *y, size_t width)
{
    double *line = memory_alloc((width + 1) * sizeof(double));

    memset(y, 0, r->columns * width * sizeof(double));
    for (size_t row = 0; row < r->rows; row++) {
        memset(line, 0, width * sizeof(double));
        for (size_t i = r->first[row]; i < r->first[row + 1]; i++)
            for (size_t d = 0; d < width; d++)
                line[d] += (double)r->value[i] * q[(size_t)r->column[i] * width + d];
        for (size_t i = r->first[row]; i < r->first[row + 1]; i++)
            for (size_t d = 0; d < width; d++)
                y[(size_t)r->column[i] * width + d] += (double)r->value[i] * line[d];
    }
    memory_free(line);
}

/* Makes the columns of q orthonormal, twice, because once isn't exact. False when they don't span their width. */
static bool orthonormalise(double *q, size_t rows, size_t width)
{
    double *gram = memory_alloc((width * width + 1) * sizeof(double));
    bool ok = true;

    for (int round = 0; round < 2 && ok; round++) {
        linear_gram(q, rows, width, gram);
        for (size_t d = 0; d < width; d++)
            gram[d * width + d] *= 1 + 1e-13;
        ok = linear_factor(gram, width);
        if (ok)
            linear_solve_right(gram, width, q, rows);
    }
    memory_free(gram);
    return ok;
}

/* The first directions of what q spans, strongest last: rows of `turn`. */
static bool find_directions(const Sparse *r, const double *q, double *y, size_t width, double *turn)
{
    double *values = memory_alloc((width + 1) * sizeof(double));
    bool ok;

    apply(r, q, y, width);
    for (size_t a = 0; a < width; a++)
        for (size_t b = 0; b < width; b++) {
            double sum = 0;

            for (size_t row = 0; row < r->columns; row++)
                sum += q[row * width + a] * y[row * width + b];
            turn[a * width + b] = sum;
        }
    ok = linear_eigen(turn, width, values);
    memory_free(values);
    return ok;
}

static void keep(const Weighed *weighed, const double *v, size_t rank, Factor *out)
{
    *out = factor_new(weighed->r.columns, rank);
    for (size_t i = 0; i < weighed->r.columns * rank; i++)
        out->rows[i] = (float)v[i];
    for (size_t item = 0; item < weighed->r.columns; item++) {
        out->from[item] = (float)(1 / weighed->items[item]);
        out->to[item] = (float)weighed->items[item];
    }
}

static Err iterate(const Weighed *weighed, size_t rank, size_t width, double *q, Factor *out)
{
    size_t n = weighed->r.columns;
    double *y = memory_alloc((n * width + 1) * sizeof(double));
    double *turn = memory_alloc((width * width + 1) * sizeof(double));
    bool ok;

    fill_evenly(q, n * width);
    ok = orthonormalise(q, n, width);
    for (int round = 0; round < ROUNDS && ok; round++) {
        apply(&weighed->r, q, y, width);
        memcpy(q, y, n * width * sizeof(double));
        ok = orthonormalise(q, n, width);
    }
    ok = ok && find_directions(&weighed->r, q, y, width, turn);
    if (ok) {
        linear_times_transposed(q, turn + (width - rank) * width, y, n, width, rank);
        keep(weighed, y, rank, out);
    }
    memory_free(y);
    memory_free(turn);
    return ok ? OK : err(INTERNAL, "the directions of taste can't be found: too little is known");
}

Err smooth(const Sparse *x, size_t rank, Factor *out)
{
    size_t most = x->rows < x->columns ? x->rows : x->columns;
    size_t width = rank + SPARE < most ? rank + SPARE : most;
    Weighed weighed = weigh(x);
    double *q = memory_alloc((x->columns * width + 1) * sizeof(double));
    Err e = iterate(&weighed, rank < width ? rank : width, width, q, out);

    sparse_finish(&weighed.r);
    memory_free(weighed.items);
    memory_free(q);
    return e;
}
