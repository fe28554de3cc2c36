/* Dense linear algebra, by LAPACK. Matrices lie row by row; of a symmetric one only the lower triangle is read and
 * written. One thread at a time: a serial OpenBLAS keeps buffers of its own. */
#ifndef NERDX_SERVICES_WORLD_RECOMMEND_LINEAR_H
#define NERDX_SERVICES_WORLD_RECOMMEND_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The library, once and for good; the rest of this page calls it where nobody has. Errors: INTERNAL when it isn't installed. */
Err linear_load(void);

/* Replaces a positive definite a (n × n) by its Cholesky factor L, a = L·Lᵀ. False when it isn't positive definite. */
bool linear_factor(double *a, size_t n);

/* Replaces a factor by the inverse of what was factored. */
void linear_invert(double *factor, size_t n);

/* Replaces b (n × columns) by x of L·x = b. */
void linear_solve_lower(const double *factor, size_t n, double *b, size_t columns);

/* Replaces b (n) by x of L·Lᵀ·x = b. */
void linear_solve(const double *factor, size_t n, double *b);

/* Replaces b (rows × n) by x of x·Lᵀ = b. */
void linear_solve_right(const double *factor, size_t n, double *b, size_t rows);

/* Replaces a by its eigenvectors, one a row, and gives the eigenvalues, both in ascending order. False when the
 * iteration doesn't end. */
bool linear_eigen(double *a, size_t n, double *values);

/* out (n × n, both triangles) = xᵀ·x of x (rows × n). */
void linear_gram(const double *x, size_t rows, size_t n, double *out);

/* out (rows × columns) = a (rows × inner) · bᵀ, b (columns × inner). */
void linear_times_transposed(const double *a, const double *b, double *out, size_t rows, size_t inner,
                             size_t columns);
void linear_times_transposed_float(const float *a, const float *b, float *out, size_t rows, size_t inner,
                                   size_t columns);

#endif
