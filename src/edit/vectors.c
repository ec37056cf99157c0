/* Rows of numbers; see vectors.h. */
#include "edit/vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* What is left of a unit vector after a projection counts as nothing below this length. */
#define SHORTEST_REST 1e-7

double sg_dot(const double *a, const double *b, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++)
        sum += a[i] * b[i];
    return sum;
}

double sg_length(const double *vector, size_t width)
{
    return sqrt(sg_dot(vector, vector, width));
}

void sg_move_rows(double *ws, size_t rows, size_t width, const bool *chosen,
                  const double *direction, bool layered, double amount)
{
    for (size_t r = 0; r < rows; r++) {
        const double *step = direction + (layered ? r * width : 0);
        for (size_t i = 0; (!chosen || chosen[r]) && i < width; i++)
            ws[r * width + i] += amount * step[i];
    }
}

void sg_mix_rows(double *ws, const double *other, size_t rows, size_t width, const bool *chosen,
                 double share)
{
    for (size_t r = 0; r < rows; r++) {
        double *row = ws + r * width;
        for (size_t i = 0; chosen[r] && i < width; i++)
            row[i] = share == 1 ? other[r * width + i]
                                : (1 - share) * row[i] + share * other[r * width + i];
    }
}

/* Takes from `vector` its parts along `count` orthonormal rows. Twice, because one pass leaves
 * rounding errors along the rows where little is left of the vector. */
static void remove_parts(double *vector, const double *rows, size_t count, size_t width)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < count; k++) {
            const double part = sg_dot(vector, rows + k * width, width);
            for (size_t i = 0; i < width; i++)
                vector[i] -= part * rows[k * width + i];
        }
}

/* Makes `vector` orthogonal to orthonormal rows and of length 1; false when nothing is left. */
static bool make_normal(double *vector, const double *rows, size_t count, size_t width)
{
    const double whole = sg_length(vector, width);
    remove_parts(vector, rows, count, width);
    const double rest = sg_length(vector, width);
    if (!(whole > 0) || !(rest > SHORTEST_REST * whole))
        return false;
    for (size_t i = 0; i < width; i++)
        vector[i] /= rest;
    return true;
}

sg_status sg_condition(const double *vector, const double *others, size_t count, size_t width,
                       double *result, sg_error *error)
{
    size_t kept = 0;
    double *basis = sg_allocate(count * width + 1, sizeof *basis);
    if (!basis)
        return sg_fail_memory(error, "%zu directions", count);
    for (size_t k = 0; k < count; k++) { /* others that depend on those before them add nothing */
        memcpy(basis + kept * width, others + k * width, width * sizeof *basis);
        kept += make_normal(basis + kept * width, basis, kept, width);
    }
    memmove(result, vector, width * sizeof *result);
    const bool left = make_normal(result, basis, kept, width);
    free(basis);
    return left ? SG_OK
                : sg_fail(error, SG_ERROR_ARGUMENT,
                          "nothing is left of a direction that is a combination of the %zu that it "
                          "must not disturb",
                          count);
}

sg_status sg_orthonormalise(double *rows, size_t count, size_t width, sg_error *error)
{
    for (size_t k = 0; k < count; k++)
        if (!make_normal(rows + k * width, rows, k, width))
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "direction %zu of %zu is 0, or a combination of those before it", k + 1,
                           count);
    return SG_OK;
}

void sg_walk_from_boundary(const double *start, size_t rows, size_t width, const double *normal,
                           double distance, double *result)
{
    const double step = distance - (rows == 1 ? sg_dot(start, normal, width) : 0);
    for (size_t i = 0; i < rows * width; i++)
        result[i] = start[i] + step * normal[i % width];
}
