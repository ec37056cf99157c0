/*
 * Style transfer: statistics of maps of the filled VGG16, AdaIN of them, the losses of a picture
 * and their gradient, in double and in single precision; AdaIN and CORAL of pixels.
 */
#include "golden_test/style_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "features/tape/vgg16_tape.h"
#include "golden_test/feature_numbers.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "style/colours.h"
#include "style/style_loss.h"
#include "support/filled_network.h"

enum { NAME_BYTES = 200, MAPS = SG_VGG16_STYLE_BLOCKS, COLOURS = 3, PICTURES = 4 };
enum { CONTENT, STYLE0, STYLE1, RESULT };

static const char *const picture_names[PICTURES] = {"content", "style0", "style1", "result"};
static const char *const map_names[MAPS] = {"relu1_1", "relu2_1", "relu3_1", "relu4_1"};
static const char alpha_prefix[] = "adain.alpha";

static const double double_tolerance = 1e-9;
static const double float_tolerance = 1e-6; /* of values stored in single precision */
static const double single_tolerance = 1e-5;
/* AdaIN divides by deviations, of which some are small. */
static const double divided_tolerance = 5e-5;
/* As for projections: a unit of the ReLU network may round to the other side of 0. */
static const double kink_tolerance = 1e-2;
static const double style_weight = 10; /* of the published program */
static const double style_shares[2] = {0.3, 0.7};

/* The case in one precision; maps are of pictures off the tape. */
typedef struct style_case {
    golden_case *test;
    sg_dtype dtype;
    sg_vgg16_tape net;
    sg_tensor *pictures[PICTURES]; /* [1, H, W, 3] */
    sg_feature_maps maps[PICTURES];
} style_case;

/* ---- inputs ---- */

static bool open_net(style_case *all)
{
    static const char *const names[] = {"vgg16.safetensors"};
    golden_case *test = all->test;
    char folder[SCRATCH_BYTES];
    char path[2 * SCRATCH_BYTES];
    const char *file = path;
    sg_error error = {0};
    if (!make_scratch(folder)) {
        report_failure(test->report, test->name, "all", "no folder for files");
        return false;
    }
    snprintf(path, sizeof path, "%s/%s", folder, names[0]);
    const bool failed =
        write_filled_vgg16(path, FILLED_LAYERS, &error) ||
        sg_vgg16_tape_find(&all->net, test->context, all->dtype, &file, 1, NULL, &error);
    if (failed)
        report_failure(test->report, test->name, "all", "%s", error.message);
    remove_scratch(folder, names, 1);
    return !failed;
}

/* Returns a stored picture [3, H, W] as a tensor [1, H, W, 3] times `scale`; NULL if absent. */
static sg_tensor *read_picture(const style_case *all, const char *name, double scale)
{
    const sg_stored_tensor *stored = case_find(all->test, name, NULL);
    double *values = stored && stored->rank == 3 ? case_values(all->test, name) : NULL;
    if (!values)
        return NULL;
    sg_tensor *x =
        sg_tensor_create(all->test->context, all->dtype,
                         SG_SHAPE(1, COLOURS, (int64_t)stored->size[1], (int64_t)stored->size[2]));
    for (int64_t i = 0; x && i < sg_tensor_count(x); i++)
        sg_tensor_set_value(x, i, values[i] * scale);
    free(values);
    return sg_to_channels_last(x);
}

static void compute_maps(const style_case *all, sg_tensor *picture, sg_feature_maps *maps)
{
    sg_tensor *starts[MAPS] = {NULL};
    if (picture)
        sg_vgg16_tape_starts(&all->net, picture, starts);
    for (int i = 0; i < MAPS; i++)
        sg_feature_maps_add(maps, starts[i]);
}

/* ---- comparing ---- */

static const char *group_name(const style_case *all, const char *name, char group[NAME_BYTES])
{
    snprintf(group, NAME_BYTES, "%.150s.%s", name, all->dtype == SG_F64 ? "double" : "single");
    return group;
}

/* Compares the first numbers of a tensor in channels-first order, as many as are stored. */
static void compare(const style_case *all, const char *name, sg_tensor *found, double least)
{
    char group[NAME_BYTES];
    golden_case *test = all->test;
    if (!case_has(test, name))
        return;
    group_name(all, name, group);
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    const sg_tensor *first = found && found->shape.rank == 4 ? sg_to_channels_first(found) : found;
    double *values =
        first && (size_t)sg_tensor_count(first) >= stored->count ? tensor_values(first) : NULL;
    double *expected = values ? case_values(test, name) : NULL;
    double tolerance = stored->type == SG_STORED_F64 ? double_tolerance : float_tolerance;
    if (all->dtype != SG_F64)
        tolerance = single_tolerance > least ? single_tolerance : least;
    if (expected)
        report_error(test->report, test->name, group,
                     relative_error(values, expected, stored->count, 0), tolerance, NULL);
    else
        case_fail(test, group);
    free(values);
    free(expected);
}

static void compare_statistics(const style_case *all, int picture)
{
    for (int i = 0; i < all->maps[picture].count; i++) {
        char name[NAME_BYTES];
        const sg_style_statistics found = sg_style_statistics_of(all->maps[picture].maps[i]);
        snprintf(name, sizeof name, "%s.%s.mean", picture_names[picture], map_names[i]);
        compare(all, name, found.mean, 0);
        snprintf(name, sizeof name, "%s.%s.std", picture_names[picture], map_names[i]);
        compare(all, name, found.deviation, 0);
    }
}

/* Returns the share in the name of the first tensor "adain.alphaSHARE", which *name gets. */
static double alpha_of(const style_case *all, const char **name)
{
    const sg_stored_tensor *stored = case_first(all->test, alpha_prefix);
    *name = stored ? stored->name : alpha_prefix;
    return stored ? strtod(stored->name + strlen(alpha_prefix), NULL) : 1;
}

static sg_style_target make_target(const style_case *all, const double *weights, size_t count,
                                   double alpha)
{
    sg_style_target target;
    sg_error error = {0};
    if (sg_style_target_make(&target, &all->maps[CONTENT], MAPS - 1, &all->maps[STYLE0], weights,
                             count, alpha, &error))
        report_failure(all->test->report, all->test->name, "target", "%s", error.message);
    return target;
}

static void compare_targets(const style_case *all)
{
    static const double whole[1] = {1};
    const char *name = NULL;
    sg_style_target target = make_target(all, whole, 1, 1);
    compare(all, "adain.relu4_1", target.content, divided_tolerance);
    sg_style_target_clear(&target);
    const double alpha = alpha_of(all, &name);
    target = make_target(all, whole, 1, alpha);
    compare(all, name, target.content, divided_tolerance);
    sg_style_target_clear(&target);
    target = make_target(all, style_shares, 2, 1);
    compare(all, "adain.two_styles", target.content, divided_tolerance);
    sg_style_target_clear(&target);
}

/* The stored loss has the blended content, and the statistics of the style alone. */
static void compare_losses(const style_case *all)
{
    static const double whole[1] = {1};
    const char *name = NULL;
    sg_feature_maps maps = {.count = 0};
    sg_tensor *gradient = NULL;
    sg_tensor *image = all->pictures[RESULT];
    sg_style_target blended = make_target(all, whole, 1, alpha_of(all, &name));
    sg_style_target target = make_target(all, whole, 1, 1);
    sg_tensor *content = target.content;
    target.content = blended.content;
    blended.content = content;
    if (image)
        sg_tensor_require_gradient(image, true);
    all->test->context->recording = true;
    compute_maps(all, image, &maps);
    const sg_style_losses losses = sg_style_losses_of(&target, &maps, style_weight);
    sg_tensor *style = losses.style[0] ? sg_reshape(losses.style[0], SG_SHAPE(1)) : NULL;
    for (int i = 1; i < MAPS && style; i++)
        style = sg_concatenate(style, sg_reshape(losses.style[i], SG_SHAPE(1)), 0);
    compare(all, "loss.content", losses.content, 0);
    compare(all, "loss.style", style, 0);
    compare(all, "loss.total", losses.total, 0);
    if (losses.total)
        sg_gradient(losses.total, NULL, &image, 1, (sg_gradient_options){0}, &gradient);
    all->test->context->recording = false;
    compare(all, "loss.grad_image255", gradient, kink_tolerance);
    if (image)
        sg_tensor_require_gradient(image, false);
    sg_feature_maps_clear(&maps);
    sg_style_target_clear(&target);
    sg_style_target_clear(&blended);
}

/* ---- pixels ---- */

static void compare_pixels(const style_case *all)
{
    sg_tensor *content = read_picture(all, "content", 1 / 255.0);
    sg_tensor *style = read_picture(all, "style0", 1 / 255.0);
    const sg_style_statistics statistics = sg_style_statistics_of(style);
    compare(all, "pixel.adain", sg_style_adain(content, &statistics), 0);
    double *pixels = content ? tensor_values(content) : NULL;
    double *reference = style ? tensor_values(style) : NULL;
    if (pixels && reference && all->dtype == SG_F64) {
        const size_t count = (size_t)sg_tensor_count(content) / COLOURS;
        sg_colours_align(pixels, count, reference, (size_t)sg_tensor_count(style) / COLOURS);
        for (size_t i = 0; i < count * COLOURS; i++)
            sg_tensor_set_value(content, (int64_t)i, pixels[i]);
        compare(all, "coral", content, 0);
    }
    free(pixels);
    free(reference);
}

/* ---- the file ---- */

static void run_in(golden_case *test, sg_dtype dtype)
{
    style_case all = {.test = test, .dtype = dtype};
    const size_t scope = sg_scope_open(test->context);
    if (open_net(&all)) {
        for (int i = 0; i < PICTURES; i++) {
            all.pictures[i] = read_picture(&all, picture_names[i], 1);
            compute_maps(&all, all.pictures[i], &all.maps[i]);
            compare_statistics(&all, i);
        }
        compare_pixels(&all);
        if (all.pictures[CONTENT] && all.pictures[STYLE0] && all.pictures[STYLE1]) {
            compare_targets(&all);
            compare_losses(&all);
        }
    }
    for (int i = 0; i < PICTURES; i++)
        sg_feature_maps_clear(&all.maps[i]);
    sg_vgg16_tape_clear(&all.net);
    sg_scope_close(test->context, scope, NULL);
}

void run_style(golden_case *test)
{
    run_in(test, SG_F64);
    run_in(test, SG_F32);
}
