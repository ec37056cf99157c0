/* Angles and orthogonal sets; see angles.h. */
#include "edit/directions/angles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/text.h"
#include "edit/vectors.h"

/* Sums the products of two directions over the inputs of the larger one. */
static double product(const sg_direction *a, const sg_direction *b)
{
    const size_t rows = a->rows > b->rows ? a->rows : b->rows;
    double sum = 0;
    for (size_t i = 0; i < rows; i++)
        sum += sg_dot(a->values + (a->rows > 1 ? i * a->width : 0),
                      b->values + (b->rows > 1 ? i * b->width : 0), a->width);
    return sum;
}

/* Returns the squared length over `rows` inputs. */
static double square(const sg_direction *direction, size_t rows)
{
    const double own = product(direction, direction);
    return direction->rows > 1 ? own : own * (double)rows;
}

static bool fits(const sg_direction *a, const sg_direction *b)
{
    return !a->values || !b->values ||
           (a->width == b->width && (a->rows == b->rows || a->rows == 1 || b->rows == 1));
}

sg_status sg_direction_cosines(const sg_direction_set *set, double **cosines, sg_error *error)
{
    const size_t count = set->count;
    *cosines = sg_allocate(count, count * sizeof **cosines);
    if (!*cosines)
        return sg_fail_memory(error, "the angles between %zu directions", count);
    for (size_t i = 0; i < count * count; i++) {
        const sg_direction *a = &set->items[i / count];
        const sg_direction *b = &set->items[i % count];
        const size_t rows = a->rows > b->rows ? a->rows : b->rows;
        if (!fits(a, b)) {
            free(*cosines);
            *cosines = NULL;
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"%s\" and \"%s\" are directions of different networks", a->name,
                           b->name);
        }
        (*cosines)[i] = a->values && b->values
                            ? product(a, b) / sqrt(square(a, rows) * square(b, rows))
                            : (double)NAN;
    }
    return SG_OK;
}

/* ---- orthogonal sets ---- */

static sg_status check(const sg_direction_set *set, sg_error *error)
{
    for (size_t i = 0; i < set->count; i++) {
        const sg_direction *direction = &set->items[i];
        if (direction->channel_count > 0 || !direction->values)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"%s\" moves style channels, which are orthogonal already",
                           direction->name);
        if (direction->width != set->items[0].width || direction->rows != set->items[0].rows)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "\"%s\" and \"%s\" are directions of different shapes",
                           set->items[0].name, direction->name);
    }
    return SG_OK;
}

/* Adds to a source that the direction is no longer as it was found. */
static sg_status note(sg_direction *direction, sg_error *error)
{
    sg_text text = {0};
    sg_text_append(&text, "%s%sorthogonal to those before",
                   direction->source ? direction->source : "", direction->source ? ", " : "");
    if (text.failed)
        return sg_fail_memory(error, "the source of \"%s\"", direction->name);
    free(direction->source);
    direction->source = text.bytes;
    return SG_OK;
}

sg_status sg_directions_orthogonalise(sg_direction_set *set, sg_error *error)
{
    SG_TRY(check(set, error));
    const size_t width = set->count > 0 ? set->items[0].rows * set->items[0].width : 0;
    double *rows = sg_allocate(set->count + 1, width * sizeof *rows);
    if (!rows)
        return sg_fail_memory(error, "%zu directions", set->count);
    for (size_t i = 0; i < set->count; i++)
        memcpy(rows + i * width, set->items[i].values, width * sizeof *rows);
    sg_status status = sg_orthonormalise(rows, set->count, width, error);
    for (size_t i = 0; !status && i < set->count; i++) {
        memcpy(set->items[i].values, rows + i * width, width * sizeof *rows);
        if (i > 0)
            status = note(&set->items[i], error);
    }
    free(rows);
    return status;
}
