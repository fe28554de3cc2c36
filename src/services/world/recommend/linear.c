#include "services/world/recommend/linear.h"

#include <assert.h>
#include <limits.h>

#include <cblas.h>

#include "base/memory.h"

/* LAPACK 3.11, Users' Guide: Fortran's matrices lie column by column, so that our lower triangle is its upper one. */
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void dpotrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda, double *b,
             const int *ldb, int *info);
void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
            double *work, const int *lwork, int *info);

/* The same numbers on every machine, and no core taken from those who answer requests. */
static void use_one_thread(void)
{
    openblas_set_num_threads(1);
}

static int to_int(size_t n)
{
    assert(n <= INT_MAX);
    return (int)n;
}

bool linear_factor(double *a, size_t n)
{
    int order = to_int(n);
    int info = 0;

    if (n == 0)
        return true;
    use_one_thread();
    dpotrf_("U", &order, a, &order, &info);
    return info == 0;
}

void linear_invert(double *factor, size_t n)
{
    int order = to_int(n);
    int info = 0;

    if (n == 0)
        return;
    use_one_thread();
    dpotri_("U", &order, factor, &order, &info);
    assert(info == 0);
}

void linear_solve_lower(const double *factor, size_t n, double *b, size_t columns)
{
    use_one_thread();
    cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, to_int(n), to_int(columns),
                1.0, factor, to_int(n), b, to_int(columns));
}

void linear_solve(const double *factor, size_t n, double *b)
{
    int order = to_int(n);
    int one = 1;
    int info = 0;

    use_one_thread();
    dpotrs_("U", &order, &one, factor, &order, b, &order, &info);
    assert(info == 0);
}

void linear_solve_right(const double *factor, size_t n, double *b, size_t rows)
{
    use_one_thread();
    cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, to_int(rows), to_int(n), 1.0,
                factor, to_int(n), b, to_int(n));
}

bool linear_eigen(double *a, size_t n, double *values)
{
    int order = to_int(n);
    int size = 4 * order + 64;
    double *work = memory_alloc((size_t)size * sizeof(double));
    int info = 0;

    use_one_thread();
    dsyev_("V", "U", &order, a, &order, values, work, &size, &info);
    memory_free(work);
    return info == 0;
}

void linear_gram(const double *x, size_t rows, size_t n, double *out)
{
    use_one_thread();
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, to_int(n), to_int(n), to_int(rows), 1.0, x,
                to_int(n), x, to_int(n), 0.0, out, to_int(n));
}

void linear_times_transposed(const double *a, const double *b, double *out, size_t rows, size_t inner,
                             size_t columns)
{
    use_one_thread();
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, to_int(rows), to_int(columns), to_int(inner), 1.0, a,
                to_int(inner), b, to_int(inner), 0.0, out, to_int(columns));
}

void linear_times_transposed_float(const float *a, const float *b, float *out, size_t rows, size_t inner,
                                   size_t columns)
{
    use_one_thread();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, to_int(rows), to_int(columns), to_int(inner), 1.0F,
                a, to_int(inner), b, to_int(inner), 0.0F, out, to_int(columns));
}
