/* Losses of inversion: each is a row of a table; see comparison.h and invert_losses.h. */
#include "invert/comparison.h"

#include <math.h>

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"
#include "ops/picture_scale.h"
#include "ops/reduce.h"
#include "ops/upfirdn.h"

/* A painted picture in the forms that losses take. */
typedef struct painted {
    sg_tensor *levels; /* as sg_comparison.levels */
    sg_tensor *native; /* as sg_comparison.native */
} painted;

/* What a loss is. */
typedef struct loss_row {
    const char *name;
    const char *network; /* that it needs; NULL: none */
    /* Computes what the loss keeps of the targets; NULL: nothing. */
    void (*prepare)(sg_comparison *comparison);
    sg_tensor *(*distance)(const sg_comparison *comparison, const painted *x);
} loss_row;

static sg_context *context_of(const sg_comparison *comparison)
{
    return sg_generator_parameters(comparison->networks.generator)->context;
}

/* ---- LPIPS ---- */

static void prepare_lpips(sg_comparison *comparison)
{
    comparison->lpips = sg_lpips_tape_features(comparison->networks.lpips, comparison->levels);
    for (int i = 0; i < SG_LPIPS_TAPE_BLOCKS; i++)
        sg_tensor_retain(comparison->lpips.blocks[i]);
}

static sg_tensor *lpips_distance(const sg_comparison *comparison, const painted *x)
{
    const sg_lpips_features features =
        sg_lpips_tape_features(comparison->networks.lpips, x->levels);
    return sg_lpips_tape_distance(&features, &comparison->lpips);
}

/* ---- pixels ---- */

/* Pictures in units of half the range. */
static sg_tensor *difference_of(const sg_comparison *comparison, const painted *x)
{
    return sg_affine(sg_subtract(x->levels, comparison->levels), 1 / 127.5, 0);
}

static sg_tensor *pixel_distance(const sg_comparison *comparison, const painted *x)
{
    sg_tensor *difference = difference_of(comparison, x);
    return difference ? sg_mean_all(sg_multiply(difference, difference)) : NULL;
}

static sg_tensor *mean_magnitude(sg_tensor *x)
{
    return sg_mean_all(sg_activate(x, SG_LRELU, -1, 0));
}

/* The pyramid is linear, so that the pyramid of the difference is the difference of pyramids. */
static sg_tensor *pyramid_distance(const sg_comparison *comparison, const painted *x)
{
    enum { TAPS = 5, SMALLEST = 4 };
    static const float taps[TAPS] = {1.0F / 16, 4.0F / 16, 6.0F / 16, 4.0F / 16, 1.0F / 16};
    sg_tensor *level = difference_of(comparison, x);
    sg_tensor *sum = NULL;
    if (!level)
        return NULL;
    sg_tensor *filter = sg_tensor_create(level->context, level->dtype, SG_SHAPE(TAPS, TAPS));
    for (int i = 0; filter && i < TAPS * TAPS; i++)
        sg_tensor_set_value(filter, i, (double)taps[i / TAPS] * (double)taps[i % TAPS]);
    while (filter && level && level->shape.size[1] % 2 == 0 && level->shape.size[2] % 2 == 0 &&
           level->shape.size[1] > SMALLEST && level->shape.size[2] > SMALLEST) {
        sg_tensor *smaller = sg_upfirdn(level, filter, sg_downsample_options(&filter->shape, 2));
        sg_tensor *detail =
            sg_subtract(level, sg_upfirdn(smaller, filter, sg_upsample_options(&filter->shape, 2)));
        sg_tensor *term = mean_magnitude(detail);
        sum = sum ? sg_add(sum, term) : term;
        level = smaller;
    }
    sg_tensor *last = mean_magnitude(level);
    return sum ? sg_add(sum, last) : last;
}

/* ---- feature maps of our networks ---- */

static void prepare_discriminator(sg_comparison *comparison)
{
    sg_discriminator_maps(comparison->networks.discriminator, comparison->native,
                          &comparison->discriminator);
}

static void prepare_classifier(sg_comparison *comparison)
{
    sg_discriminator_maps(comparison->networks.classifier, comparison->native,
                          &comparison->classifier);
}

/* Returns the mean over maps of the mean square difference, as a part of the targets' own mean
 * square, which gives maps of any size and network the same share. */
static sg_tensor *map_distance(sg_discriminator *network, const sg_feature_maps *targets,
                               sg_tensor *pictures)
{
    sg_feature_maps maps;
    sg_tensor *sum = NULL;
    sg_discriminator_maps(network, pictures, &maps);
    for (int i = 0; i < maps.count && i < targets->count; i++) {
        const sg_tensor *target = targets->maps[i];
        const int64_t count = sg_is_hollow(target->context) ? 0 : sg_tensor_count(target);
        double square = 0;
        for (int64_t k = 0; k < count; k++)
            square += pow(sg_tensor_value(target, k), 2) / (double)sg_tensor_count(target);
        sg_tensor *difference = sg_subtract(maps.maps[i], targets->maps[i]);
        sg_tensor *term = difference ? sg_mean_all(sg_multiply(difference, difference)) : NULL;
        term = sg_affine(term, 1 / ((square + 1e-8) * maps.count), 0);
        sum = i == 0 ? term : sg_add(sum, term);
    }
    sg_feature_maps_clear(&maps);
    return sum;
}

static sg_tensor *discriminator_distance(const sg_comparison *comparison, const painted *x)
{
    return map_distance(comparison->networks.discriminator, &comparison->discriminator, x->native);
}

static sg_tensor *classifier_distance(const sg_comparison *comparison, const painted *x)
{
    return map_distance(comparison->networks.classifier, &comparison->classifier, x->native);
}

/* ---- the table ---- */

static const loss_row rows[SG_INVERT_LOSS_COUNT] = {
    [SG_INVERT_LPIPS] = {"lpips", "LPIPS with VGG16", prepare_lpips, lpips_distance},
    [SG_INVERT_DISCRIMINATOR] = {"discriminator", "the discriminator of the network's file",
                                 prepare_discriminator, discriminator_distance},
    [SG_INVERT_PYRAMID] = {"pyramid", NULL, NULL, pyramid_distance},
    [SG_INVERT_PIXEL] = {"pixel", NULL, NULL, pixel_distance},
    [SG_INVERT_OWN] = {"own", "a classifier", prepare_classifier, classifier_distance},
};

const sg_choices sg_invert_loss_choices = SG_CHOICES(rows);

/* ---- pictures ---- */

/* Returns pictures of 1 or 3 channels with 3; others as they are. */
static sg_tensor *repeat_grey(sg_tensor *x, int64_t channels)
{
    if (!x || x->shape.size[3] != 1 || channels == 1)
        return x;
    const int64_t *size = x->shape.size;
    return sg_broadcast(x, SG_SHAPE(size[0], size[1], size[2], channels));
}

/* Returns target + mask * (x - target). */
static sg_tensor *apply_mask(const sg_comparison *comparison, sg_tensor *x, sg_tensor *target)
{
    if (!comparison->mask)
        return x;
    return sg_add(target, sg_multiply(sg_subtract(x, target), comparison->mask));
}

/* Colours beyond the third, alpha for one, are left out of levels. */
static painted forms_of(const sg_comparison *comparison, sg_tensor *pictures)
{
    enum { COLOURS = 3 };
    painted x = {.native = apply_mask(comparison, pictures, comparison->native)};
    sg_tensor *levels = sg_affine(pictures, 127.5, 127.5);
    if (levels && levels->shape.size[3] > COLOURS)
        levels = sg_slice(levels, 3, 0, COLOURS);
    levels = repeat_grey(levels, comparison->levels->shape.size[3]);
    x.levels = apply_mask(comparison, levels, comparison->levels);
    return x;
}

/* Fills levels and the generator's own form of the targets. Missing colours are those of grey
 * pictures, a missing alpha is opaque; grey of colours is their luminance (ITU-R BT.601). */
static void fill_targets(sg_comparison *comparison, const sg_feature_pictures *targets)
{
    static const double luminance[] = {0.299, 0.587, 0.114};
    const int64_t pixels = (int64_t)(targets->count * targets->height * targets->width);
    const int64_t own = comparison->native->shape.size[3];
    const int64_t shown = comparison->levels->shape.size[3];
    const int64_t given = (int64_t)targets->channels;
    for (int64_t i = 0; i < pixels; i++) {
        double colours[3] = {0};
        double grey = 0;
        for (int64_t c = 0; c < 3; c++) {
            const int64_t at = i * given + (given == 1 ? 0 : c);
            colours[c] = targets->bytes ? (double)targets->bytes[at] : (double)targets->floats[at];
            grey += given == 1 ? colours[c] / 3 : luminance[c] * colours[c];
        }
        for (int64_t c = 0; c < shown; c++)
            sg_tensor_set_value(comparison->levels, i * shown + c, colours[c]);
        for (int64_t c = 0; c < own; c++) {
            const double value = own == 1 ? grey : c < 3 ? colours[c] : 255;
            sg_tensor_set_value(comparison->native, i * own + c, value / 127.5 - 1);
        }
    }
}

static sg_status check_targets(const sg_invert_networks *networks,
                               const sg_feature_pictures *targets, sg_error *error)
{
    const int height = sg_generator_height(networks->generator);
    const int width = sg_generator_width(networks->generator);
    if (targets->count == 0 || (targets->channels != 1 && targets->channels != 3))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "there are %zu targets of %zu channels, but there must be at least one, of "
                       "1 or 3 channels",
                       targets->count, targets->channels);
    if (targets->height != (size_t)height || targets->width != (size_t)width)
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the target has %zux%zu pixels, but the network paints %dx%d",
                       targets->width, targets->height, width, height);
    return SG_OK;
}

static sg_status make_targets(sg_comparison *comparison, const sg_feature_pictures *targets,
                              const float *mask, sg_error *error)
{
    const sg_parameter_set *set = sg_generator_parameters(comparison->networks.generator);
    const int64_t own = sg_generator_config_of(comparison->networks.generator)->img_channels;
    const int64_t shown = own == 1 && targets->channels == 1 ? 1 : 3;
    const int64_t n = (int64_t)targets->count;
    const int64_t h = (int64_t)targets->height;
    const int64_t w = (int64_t)targets->width;
    const size_t scope = sg_scope_open(set->context);
    comparison->levels =
        sg_tensor_retain(sg_tensor_create(set->context, set->dtype, SG_SHAPE(n, h, w, shown)));
    comparison->native =
        sg_tensor_retain(sg_tensor_create(set->context, set->dtype, SG_SHAPE(n, h, w, own)));
    if (mask)
        comparison->mask =
            sg_tensor_retain(sg_tensor_create(set->context, set->dtype, SG_SHAPE(1, h, w, 1)));
    for (int64_t i = 0; mask && comparison->mask && i < h * w; i++)
        sg_tensor_set_value(comparison->mask, i, (double)mask[i]);
    if (comparison->levels && comparison->native && !sg_is_hollow(set->context))
        fill_targets(comparison, targets);
    sg_scope_close(set->context, scope, NULL);
    return sg_context_take_error(set->context, error);
}

/* Returns whether the network of a loss is there. */
static bool has_network(const sg_invert_networks *networks, sg_invert_loss loss)
{
    const void *needed[SG_INVERT_LOSS_COUNT] = {[SG_INVERT_LPIPS] = networks->lpips,
                                                [SG_INVERT_DISCRIMINATOR] = networks->discriminator,
                                                [SG_INVERT_OWN] = networks->classifier};
    return !rows[loss].network || needed[loss];
}

static sg_status prepare_losses(sg_comparison *comparison, sg_error *error)
{
    sg_context *context = context_of(comparison);
    const size_t scope = sg_scope_open(context);
    const bool recording = context->recording;
    sg_status status = SG_OK;
    context->recording = false;
    for (int i = 0; i < SG_INVERT_LOSS_COUNT && !status; i++) {
        if (comparison->weights.of[i] == 0)
            continue;
        if (!has_network(&comparison->networks, (sg_invert_loss)i))
            status = sg_fail(error, SG_ERROR_ARGUMENT, "the loss \"%s\" needs %s", rows[i].name,
                             rows[i].network);
        else if (rows[i].prepare)
            rows[i].prepare(comparison);
        if (!status)
            status = sg_context_take_error(context, error);
    }
    context->recording = recording;
    sg_scope_close(context, scope, NULL);
    return status;
}

sg_status sg_comparison_make(sg_comparison *comparison, const sg_invert_networks *networks,
                             const sg_invert_weights *weights, const sg_feature_pictures *targets,
                             const float *mask, sg_error *error)
{
    *comparison = (sg_comparison){.networks = *networks, .weights = *weights};
    if (sg_invert_weights_are_empty(weights))
        comparison->weights = sg_invert_weights_default(networks);
    SG_TRY(check_targets(networks, targets, error));
    SG_TRY(make_targets(comparison, targets, mask, error));
    return prepare_losses(comparison, error);
}

void sg_comparison_clear(sg_comparison *comparison)
{
    sg_tensor_release(comparison->levels);
    sg_tensor_release(comparison->native);
    sg_tensor_release(comparison->mask);
    for (int i = 0; i < SG_LPIPS_TAPE_BLOCKS; i++)
        sg_tensor_release(comparison->lpips.blocks[i]);
    sg_feature_maps_clear(&comparison->discriminator);
    sg_feature_maps_clear(&comparison->classifier);
    *comparison = (sg_comparison){0};
}

sg_tensor *sg_comparison_distance(const sg_comparison *comparison, sg_tensor *pictures,
                                  sg_tensor *distances[SG_INVERT_LOSS_COUNT])
{
    sg_tensor *sum = NULL;
    const painted x = forms_of(comparison, pictures);
    for (int i = 0; i < SG_INVERT_LOSS_COUNT; i++) {
        distances[i] = NULL;
        if (comparison->weights.of[i] == 0)
            continue;
        distances[i] = rows[i].distance(comparison, &x);
        sg_tensor *term = comparison->weights.of[i] == 1
                              ? distances[i]
                              : sg_affine(distances[i], comparison->weights.of[i], 0);
        sum = sum ? sg_add(sum, term) : term;
    }
    return sum;
}
