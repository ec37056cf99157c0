/*
 * The losses of StyleGAN-NADA; see nada.h.
 * Tested by: tests/train/losses/test_nada.c
 */
#include "train/losses/nada.h"

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/matmul.h"
#include "ops/reduce.h"

/* Returns the rows of x [N, F] over the root of their squared length plus least^2. */
static sg_tensor *normalise(sg_tensor *x, double least)
{
    if (!x)
        return NULL;
    sg_tensor *squares = sg_sum_product(x, x, SG_SHAPE(x->shape.size[0], 1));
    return sg_multiply(x, sg_power(sg_affine(squares, 1, least * least), -0.5));
}

/* Returns |x|, without a gradient at 0. */
static sg_tensor *magnitude(sg_tensor *x)
{
    return sg_power(sg_affine(sg_multiply(x, x), 1, 1e-30), 0.5);
}

/* Returns the mean of rows, [1, F]. */
static sg_tensor *mean_row(sg_tensor *x)
{
    return x ? sg_mean(x, SG_SHAPE(1, x->shape.size[1])) : NULL;
}

sg_tensor *sg_nada_direction(sg_tensor *source, sg_tensor *target)
{
    return normalise(sg_subtract(mean_row(target), mean_row(source)), 0);
}

double sg_nada_cosine(sg_tensor *source, sg_tensor *target)
{
    sg_tensor *from = normalise(mean_row(source), 0);
    const sg_tensor *cosine = sg_sum_product(from, normalise(mean_row(target), 0), SG_SHAPE(1, 1));
    return cosine ? sg_tensor_value(cosine, 0) : 0;
}

sg_tensor *sg_nada_directional(sg_tensor *source, sg_tensor *target, sg_tensor *wanted,
                               sg_nada_distance distance, double least)
{
    sg_tensor *directions = normalise(sg_subtract(target, source), least);
    if (!directions || !wanted)
        return NULL;
    if (distance == SG_NADA_COSINE)
        return sg_nada_global(directions, wanted);
    sg_tensor *difference = sg_subtract(directions, wanted);
    return sg_mean_all(distance == SG_NADA_SQUARE ? sg_multiply(difference, difference)
                                                  : magnitude(difference));
}

sg_tensor *sg_nada_manifold(sg_tensor *source, sg_tensor *target, double cosine)
{
    if (!source)
        return NULL;
    sg_tensor *cosines = sg_sum_product(source, target, SG_SHAPE(source->shape.size[0], 1));
    return sg_mean_all(magnitude(sg_affine(cosines, 1, -cosine)));
}

sg_tensor *sg_nada_global(sg_tensor *features, sg_tensor *wanted)
{
    return sg_affine(sg_mean_all(sg_matmul(features, false, wanted, true, 1)), -1, 1);
}
