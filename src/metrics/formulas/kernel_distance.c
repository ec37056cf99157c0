/* Kernel distance, in doubles; see kernel_distance.h. */
#include "metrics/formulas/kernel_distance.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "metrics/formulas/linear_module.h"

/* The rows of a subset, and their products. */
typedef struct subset_work {
    double *fake, *real; /* [size, features] */
    double *products;    /* [size, size] */
} subset_work;

static void gather(const sg_rows *rows, const size_t *indices, size_t size, double *gathered)
{
    for (size_t i = 0; i < size; i++)
        for (size_t k = 0; k < rows->features; k++)
            gathered[i * rows->features + k] =
                (double)rows->values[indices[i] * rows->features + k];
}

static double kernel(double product, size_t features)
{
    const double base = product / (double)features + 1;
    return base * base * base;
}

/* Returns the sum of the kernel over all pairs of rows of two sets. */
static double sum_between(const sg_linear_module *linear, const subset_work *work, size_t size,
                          size_t features)
{
    double sum = 0;
    linear->multiply(size, size, features, work->fake, work->real, work->products);
    for (size_t i = 0; i < size; i++) {
        double row = 0;
        for (size_t k = 0; k < size; k++)
            row += kernel(work->products[i * size + k], features);
        sum += row;
    }
    return sum;
}

/* Returns the sum of the kernel over ordered pairs of different rows of one set. */
static double sum_within(const sg_linear_module *linear, const double *rows, size_t size,
                         size_t features, double *products)
{
    double sum = 0;
    linear->multiply_self(size, features, rows, products);
    for (size_t i = 0; i < size; i++) {
        double row = 0;
        for (size_t k = i + 1; k < size; k++)
            row += kernel(products[i * size + k], features);
        sum += row;
    }
    return 2 * sum;
}

sg_status sg_kernel_subset_distance(const sg_rows *fake, const sg_rows *real,
                                    const sg_kernel_subset *subset, double *distance,
                                    sg_error *error)
{
    const size_t size = subset->size;
    const size_t features = fake->features;
    const double pairs = (double)size * (double)(size - 1);
    const sg_linear_module *linear = NULL;
    sg_status status = SG_OK;
    SG_TRY(sg_linear_open(&linear, error));
    subset_work work = {sg_allocate(size, features * sizeof(double)),
                        sg_allocate(size, features * sizeof(double)),
                        sg_allocate(size, size * sizeof(double))};
    if (work.fake && work.real && work.products) {
        gather(fake, subset->fake, size, work.fake);
        gather(real, subset->real, size, work.real);
        const double within = sum_within(linear, work.fake, size, features, work.products) +
                              sum_within(linear, work.real, size, features, work.products);
        const double between = sum_between(linear, &work, size, features);
        *distance = within / pairs - 2 * between / ((double)size * (double)size);
    } else {
        status = sg_fail_memory(error, "a subset of %zu pictures", size);
    }
    free(work.fake);
    free(work.real);
    free(work.products);
    return status;
}

void sg_kernel_draw(sg_numpy_random *random, size_t count, size_t *indices)
{
    for (size_t i = 0; i < count; i++)
        indices[i] = i;
    sg_numpy_random_shuffle(random, indices, count);
}

static sg_status check(const sg_rows *fake, const sg_rows *real, sg_error *error)
{
    const sg_rows *const sets[] = {fake, real};
    if (fake->features != real->features)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "sets with %zu and %zu features cannot be compared", fake->features,
                       real->features);
    for (int s = 0; s < 2; s++) {
        if (sets[s]->count < 2)
            return sg_fail(error, SG_ERROR_ARGUMENT,
                           "a kernel distance needs at least 2 pictures of each set, but one has "
                           "%zu",
                           sets[s]->count);
        for (size_t i = 0; i < sets[s]->count * sets[s]->features; i++)
            if (!isfinite(sets[s]->values[i]))
                return sg_fail(error, SG_ERROR_ARGUMENT, "features of pictures are not finite");
    }
    return SG_OK;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

sg_status sg_kernel_distance(const sg_kernel_options *options, const sg_rows *fake,
                             const sg_rows *real, double *distances, double *mean, sg_error *error)
{
    sg_numpy_random random;
    sg_status status = SG_OK;
    double sum = 0;
    SG_TRY(check(fake, real, error));
    size_t *of_fake = sg_allocate(fake->count, sizeof *of_fake);
    size_t *of_real = sg_allocate(real->count, sizeof *of_real);
    if (!of_fake || !of_real)
        status = sg_fail_memory(error, "a subset of pictures");
    const size_t size = smaller(smaller(fake->count, real->count),
                                options->subset_size > 2 ? options->subset_size : 2);
    sg_numpy_random_seed(&random, options->seed);
    for (size_t i = 0; i < options->subsets && !status; i++) {
        double distance = 0;
        if (sg_watch_step(options->watch, (double)i, (double)options->subsets, "kernel distances"))
            status = sg_fail(error, SG_ERROR_CANCELLED, "the comparison of features was stopped");
        if (status)
            break;
        sg_kernel_draw(&random, fake->count, of_fake);
        sg_kernel_draw(&random, real->count, of_real);
        const sg_kernel_subset subset = {of_fake, of_real, size};
        status = sg_kernel_subset_distance(fake, real, &subset, &distance, error);
        sum += distance;
        if (distances)
            distances[i] = distance;
    }
    *mean = sum / (double)options->subsets;
    free(of_fake);
    free(of_real);
    return status;
}
