/*
 * LPIPS on the tape, in NVIDIA's form: each pixel of a block's end is scaled to unit length, each
 * channel by the root of its head over the number of pixels, so that the distance of two pictures
 * is the squared distance of their features.
 */
#include "features/tape/lpips_tape.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "features/feature_files.h"
#include "features/lpips.h"
#include "features/tape/area_reduction.h"
#include "features/tape/vgg16_tape.h"
#include "ops/arithmetic.h"
#include "ops/reduce.h"

struct sg_lpips_tape {
    sg_context *context;
    sg_vgg16_tape net;
    sg_tensor *heads[SG_VGG16_BLOCKS]; /* [channels]: roots; of the net's parameters */
};

/* ---- opening ---- */

/* Adds the heads; where `values` is NULL, of ones. */
static sg_status add_heads(sg_lpips_tape *lpips, float (*values)[SG_LPIPS_MOST_CHANNELS],
                           sg_error *error)
{
    static const char *const names[SG_VGG16_BLOCKS] = {"lin0", "lin1", "lin2", "lin3", "lin4"};
    for (int i = 0; i < SG_VGG16_BLOCKS; i++) {
        const int64_t channels = sg_vgg16_channels(i);
        lpips->heads[i] =
            sg_parameter_add(&lpips->net.parameters, names[i], "weight", SG_SHAPE(channels), false,
                             (sg_initial){SG_INITIAL_CONSTANT, 1});
        for (int64_t c = 0; values && lpips->heads[i] && c < channels; c++)
            sg_tensor_set_value(lpips->heads[i], c, sqrt((double)values[i][c]));
    }
    return sg_context_take_error(lpips->context, error);
}

/* Reads the heads from a file; NULL: there is none. */
static sg_status read_heads(sg_lpips_tape *lpips, const sg_feature_tensors *tensors,
                            sg_error *error)
{
    if (!tensors)
        return add_heads(lpips, NULL, error);
    float(*heads)[SG_LPIPS_MOST_CHANNELS] = sg_allocate(SG_VGG16_BLOCKS, sizeof *heads);
    sg_status status = heads ? sg_lpips_read_heads(tensors, heads, error)
                             : sg_fail_memory(error, "%s", sg_feature_tensors_path(tensors));
    if (!status)
        status = add_heads(lpips, heads, error);
    free(heads);
    return status;
}

static sg_status open_parts(sg_context *context, sg_dtype dtype,
                            const sg_feature_tensors *const *parts, sg_lpips_tape **lpips,
                            sg_error *error)
{
    sg_lpips_tape *opened = sg_allocate(1, sizeof *opened);
    if (!opened)
        return sg_fail_memory(error, "%s", sg_lpips_kind.title);
    opened->context = context;
    sg_status status = sg_vgg16_tape_read(&opened->net, context, dtype, parts[0], error);
    if (!status)
        status = read_heads(opened, parts[1], error);
    if (status)
        sg_lpips_tape_close(opened);
    else
        *lpips = opened;
    return status;
}

sg_status sg_lpips_tape_find(sg_context *context, sg_dtype dtype, const char *const *files,
                             size_t count, sg_lpips_tape **lpips, sg_error *error)
{
    sg_feature_files found = {0};
    *lpips = NULL;
    sg_status status = sg_feature_files_find(&sg_lpips_kind, files, count, &found, error);
    if (!status)
        status = sg_feature_files_check(&sg_lpips_kind, &found, error);
    if (!status)
        status = open_parts(context, dtype, found.parts, lpips, error);
    sg_feature_files_clear(&found);
    return status;
}

sg_status sg_lpips_tape_random(sg_context *context, sg_dtype dtype, sg_lpips_tape **lpips,
                               sg_error *error)
{
    sg_feature_tensors *tensors = sg_feature_tensors_random();
    *lpips = NULL;
    if (!tensors)
        return sg_fail_memory(error, "%s", sg_lpips_kind.title);
    const sg_feature_tensors *const parts[] = {tensors, NULL};
    const sg_status status = open_parts(context, dtype, parts, lpips, error);
    sg_feature_tensors_close(tensors);
    return status;
}

void sg_lpips_tape_close(sg_lpips_tape *lpips)
{
    if (!lpips)
        return;
    sg_vgg16_tape_clear(&lpips->net);
    free(lpips);
}

/* ---- features ---- */

/*
 * Returns a block's end, scaled. Where a pixel has no active channel its length is 1e-15 rather
 * than 0, so that the gradient of the root stays finite; the published 1e-10 is added to either.
 */
static sg_tensor *scale_block(const sg_lpips_tape *lpips, int block, sg_tensor *x)
{
    if (!x)
        return NULL;
    size_t scope = sg_scope_open(x->context);
    const int64_t *size = x->shape.size;
    sg_tensor *squares = sg_sum_product(x, x, SG_SHAPE(size[0], size[1], size[2], 1));
    sg_tensor *length = sg_power(sg_affine(squares, 1, 1e-30), 0.5);
    sg_tensor *inverse = sg_power(sg_affine(length, 1, 1e-10), -1);
    sg_tensor *unit = sg_multiply(x, sg_affine(inverse, 1 / sqrt((double)(size[1] * size[2])), 0));
    return sg_scope_close(x->context, scope, sg_multiply(unit, lpips->heads[block]));
}

/* Fails for pictures that VGG16 cannot take. */
static bool check_pictures(const sg_tensor *pictures)
{
    const int64_t *size = pictures->shape.size;
    char text[160];
    if (pictures->shape.rank == 4 && (size[3] == 1 || size[3] == 3) &&
        size[1] >= SG_VGG16_LEAST_SIDE && size[2] >= SG_VGG16_LEAST_SIDE)
        return true;
    sg_context_fail(pictures->context, SG_ERROR_ARGUMENT,
                    "LPIPS takes pictures of 1 or 3 channels and at least %dx%d pixels, found %s",
                    SG_VGG16_LEAST_SIDE, SG_VGG16_LEAST_SIDE,
                    sg_shape_print(&pictures->shape, text));
    return false;
}

sg_lpips_features sg_lpips_tape_features(const sg_lpips_tape *lpips, sg_tensor *pictures)
{
    sg_lpips_features features = {{NULL}};
    sg_tensor *blocks[SG_VGG16_BLOCKS];
    sg_tensor *x = pictures && check_pictures(pictures) ? sg_reduce_area(pictures) : NULL;
    if (!x)
        return features;
    if (x->shape.size[3] == 1)
        x = sg_broadcast(x, SG_SHAPE(x->shape.size[0], x->shape.size[1], x->shape.size[2], 3));
    sg_vgg16_tape_blocks(&lpips->net, x, blocks);
    for (int i = 0; i < SG_VGG16_BLOCKS; i++)
        features.blocks[i] = scale_block(lpips, i, blocks[i]);
    return features;
}

sg_tensor *sg_lpips_tape_distance(const sg_lpips_features *a, const sg_lpips_features *b)
{
    sg_tensor *sum = NULL;
    if (!a->blocks[0] || !b->blocks[0])
        return NULL;
    const int64_t left = a->blocks[0]->shape.size[0];
    const int64_t right = b->blocks[0]->shape.size[0];
    for (int i = 0; i < SG_VGG16_BLOCKS; i++) {
        sg_tensor *difference = sg_subtract(a->blocks[i], b->blocks[i]);
        sg_tensor *squares = sg_sum_product(difference, difference, sg_shape_of(0, NULL));
        sum = i == 0 ? squares : sg_add(sum, squares);
    }
    return sg_affine(sum, 1 / (double)(left > right ? left : right), 0);
}
