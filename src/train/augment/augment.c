/* The pipe: geometry, colour and image filter in files of their own, noise and cutout here. */
#include "train/augment/augment.h"

#include <math.h>

#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "tensor/work.h"
#include "train/augment/augment_colour.h"
#include "train/augment/augment_filter.h"
#include "train/augment/augment_gate.h"
#include "train/augment/augment_geometry.h"

/* Adds normal noise, as strong as each picture's draw says. */
static sg_tensor *add_noise(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                            sg_tensor *images)
{
    if (!images || !sg_augment_is_due(spec, p, draws, SG_AUGMENT_NOISE, SG_DRAW_STRENGTH_OF_NOISE))
        return images;
    const int64_t *size = images->shape.size;
    const int64_t count = size[1] * size[2] * size[3];
    sg_tensor *noise = sg_tensor_create(images->context, images->dtype,
                                        SG_SHAPE(size[0], size[3], size[1], size[2]));
    sg_work_note_pass(sg_normal_kind, noise, 1);
    for (int64_t n = 0; noise && draws->noise && n < size[0]; n++) {
        const sg_augment_draw *draw = &draws->rows[n][SG_DRAW_STRENGTH_OF_NOISE];
        const double sigma = sg_augment_passes(spec, p, SG_AUGMENT_NOISE, draw)
                                 ? fabs(draw->value[0]) * spec->strength[SG_AUGMENT_NOISE]
                                 : 0;
        for (int64_t i = n * count; i < (n + 1) * count; i++)
            sg_tensor_set_value(noise, i, sigma * (double)draws->noise[i]);
    }
    return sg_add(images, sg_to_channels_last(noise));
}

/* True if the centre of pixel `at` of `size` is less than half of `side` from the centre. */
static bool is_within(int64_t at, int64_t size, double centre, double side)
{
    return fabs(((double)at + 0.5) / (double)size - centre) < side / 2;
}

/* Sets a rectangle of each picture to zero. */
static sg_tensor *cut_out(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                          sg_tensor *images)
{
    if (!images || !sg_augment_is_due(spec, p, draws, SG_AUGMENT_CUTOUT, SG_DRAW_CUTOUT))
        return images;
    const int64_t *size = images->shape.size;
    sg_tensor *mask =
        sg_tensor_full(images->context, images->dtype, SG_SHAPE(size[0], size[1], size[2], 1), 1);
    for (int64_t n = 0; mask && mask->storage->data && n < size[0]; n++) {
        const sg_augment_draw *draw = &draws->rows[n][SG_DRAW_CUTOUT];
        const double side = spec->strength[SG_AUGMENT_CUTOUT];
        if (!sg_augment_passes(spec, p, SG_AUGMENT_CUTOUT, draw))
            continue;
        for (int64_t i = 0; i < size[1] * size[2]; i++)
            if (is_within(i % size[2], size[2], draw->value[0], side) &&
                is_within(i / size[2], size[1], draw->value[1], side))
                sg_tensor_set_value(mask, n * size[1] * size[2] + i, 0);
    }
    return sg_multiply(images, mask);
}

sg_tensor *sg_augment(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                      sg_tensor *images)
{
    if (!images)
        return NULL;
    if (images->shape.rank != 4 || draws->samples != images->shape.size[0])
        return sg_context_fail(images->context, SG_ERROR_SHAPE,
                               "augmentation: there are draws for %lld pictures, but the batch has "
                               "%lld",
                               (long long)draws->samples, (long long)images->shape.size[0]);
    size_t scope = sg_scope_open(images->context);
    sg_tensor *y = sg_augment_geometry(spec, p, draws, images);
    y = sg_augment_colour(spec, p, draws, y);
    y = sg_augment_filter(spec, p, draws, y);
    y = add_noise(spec, p, draws, y);
    y = cut_out(spec, p, draws, y);
    return sg_scope_close(images->context, scope, y);
}
