/* Directions in closed form; see closed_form.h. */
#include "edit/directions/closed_form.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "edit/directions/vectors.h"
#include "metrics/formulas/linear_module.h"

/* Joins the rows of all weights, each of unit length; rows of zeros stay. */
static void join(const sg_affine_weight *weights, size_t count, size_t width, double *rows)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < weights[i].rows; k++, rows += width) {
            for (size_t c = 0; c < width; c++)
                rows[c] = weights[i].values[k * width + c];
            sg_vector_normalise(rows, width);
        }
}

static sg_status check(const sg_affine_weight *weights, size_t count, size_t width, size_t *rows,
                       sg_error *error)
{
    *rows = 0;
    for (size_t i = 0; i < count; i++) {
        *rows += weights[i].rows;
        for (size_t k = 0; k < weights[i].rows * width; k++)
            if (!isfinite(weights[i].values[k]))
                return sg_fail(error, SG_ERROR_ARGUMENT,
                               "the weight of layer %zu holds a number that is not finite", i);
    }
    return *rows > 0 && width > 0
               ? SG_OK
               : sg_fail(error, SG_ERROR_ARGUMENT, "there are no weights to find directions in");
}

sg_status sg_closed_form_factor(const sg_affine_weight *weights, size_t count, size_t width,
                                sg_closed_form *found, sg_error *error)
{
    const sg_linear_module *linear = NULL;
    size_t rows = 0;
    *found = (sg_closed_form){.width = width};
    SG_TRY(check(weights, count, width, &rows, error));
    SG_TRY(sg_linear_open(&linear, error));
    double *joined = sg_allocate(rows, width * sizeof *joined);
    found->eigenvalues = sg_allocate(width, sizeof *found->eigenvalues);
    found->directions = sg_allocate(width, width * sizeof *found->directions);
    bool done = joined && found->eigenvalues && found->directions;
    if (done) {
        join(weights, count, width, joined);
        linear->add_squares(rows, width, joined, found->directions);
        done = linear->eigen(width, found->directions, found->eigenvalues);
    }
    free(joined);
    for (size_t i = 0; done && i < width; i++)
        sg_vector_fix_sign(found->directions + i * width, width);
    if (done)
        return SG_OK;
    sg_closed_form_clear(found);
    return sg_fail_memory(error, "the directions of %zu numbers", width);
}

void sg_closed_form_clear(sg_closed_form *found)
{
    free(found->eigenvalues);
    free(found->directions);
    *found = (sg_closed_form){0};
}
