/* Sliced Wasserstein distance and multi-scale similarity of stored pictures; see metric_case.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/metric_case.h"
#include "metrics/formulas/ms_ssim.h"
#include "metrics/formulas/sliced_wasserstein.h"

/* ---- sliced Wasserstein distance ---- */

static const char *const set_names[] = {"real", "fake"};

/* Reads the places of a set's patches at a level into places [pictures, levels, patches]. */
static bool read_places(golden_case *test, const char *set, const sg_laplacian_shape *shape,
                        size_t level, size_t pictures, size_t patches, sg_patch_place *places)
{
    char name[METRIC_NAME_BYTES];
    snprintf(name, sizeof name, "swd.patch_x_%s_%zu", set, shape->width[level]);
    metric_tensor x = metric_read(test, name);
    snprintf(name, sizeof name, "swd.patch_y_%s_%zu", set, shape->width[level]);
    metric_tensor y = metric_read(test, name);
    const bool right = x.values && y.values && x.count == pictures * patches && y.count == x.count;
    for (size_t i = 0; right && i < x.count; i++) {
        const size_t at = (i / patches * shape->levels + level) * patches + i % patches;
        places[at] = (sg_patch_place){(uint32_t)x.values[i], (uint32_t)y.values[i]};
    }
    metric_free(&x);
    metric_free(&y);
    return right;
}

/* Finds how many patches a picture has at the first level. */
static size_t count_patches(golden_case *test, const metric_tensor *pictures)
{
    char name[METRIC_NAME_BYTES];
    snprintf(name, sizeof name, "swd.patch_x_real_%zu", pictures->size[3]);
    metric_tensor x = metric_read(test, name);
    const size_t patches = pictures->size[0] > 0 ? x.count / pictures->size[0] : 0;
    metric_free(&x);
    return patches;
}

/* Makes the patches of a set; NULL when its tensors are absent or wrong. */
static sg_patch_set *make_set(golden_case *test, const char *set, const metric_tensor *pictures,
                              size_t patches, sg_error *error)
{
    sg_patch_set *made = NULL;
    float *values = metric_floats(pictures);
    const size_t count = pictures->size[0];
    const size_t channels = pictures->size[1];
    const size_t pixels = pictures->size[2] * pictures->size[3];
    if (!values ||
        sg_patch_set_create(pictures->size[2], pictures->size[3], count, patches, &made, error)) {
        free(values);
        return NULL;
    }
    sg_patch_place *places = calloc(count * patches * made->shape.levels + 1, sizeof *places);
    bool right = true;
    for (size_t i = 0; i < made->shape.levels && right; i++)
        right = read_places(test, set, &made->shape, i, count, patches, places);
    if (!right)
        sg_fail(error, SG_ERROR_FORMAT, "the places of patches are absent");
    for (size_t i = 0; i < count && !error->status; i++)
        sg_patch_set_add(made, values + i * channels * pixels, channels,
                         places + i * made->shape.levels * patches, error);
    free(places);
    free(values);
    return made;
}

/* Compares the levels of all pictures' pyramids. */
static void compare_pyramids(golden_case *test, const char *set, const metric_tensor *pictures,
                             const sg_laplacian_shape *shape)
{
    float *values = metric_floats(pictures);
    const size_t planes = pictures->size[0] * pictures->size[1];
    const size_t pixels = pictures->size[2] * pictures->size[3];
    const size_t all = sg_laplacian_pixels(shape);
    float *pyramids = calloc(planes * all + 1, sizeof *pyramids);
    double *scratch = calloc(4 * pixels, sizeof *scratch);
    double *level = calloc(planes * pixels + 1, sizeof *level);
    size_t first = 0;
    for (size_t i = 0; i < planes; i++)
        sg_laplacian_compute(shape, values + i * pixels, scratch, pyramids + i * all);
    for (size_t l = 0; l < shape->levels; l++) {
        char name[METRIC_NAME_BYTES];
        const size_t count = shape->height[l] * shape->width[l];
        for (size_t i = 0; i < planes * count; i++)
            level[i] = (double)pyramids[i / count * all + first + i % count];
        snprintf(name, sizeof name, "swd.pyramid_%s_%zu", set, shape->width[l]);
        metric_compare(test, name, level, planes * count, METRIC_FLOAT_TOLERANCE, NULL);
        first += count;
    }
    free(values);
    free(pyramids);
    free(scratch);
    free(level);
}

/* Compares the normalised patches of every level. */
static void compare_descriptors(golden_case *test, const char *set, const sg_patch_set *made)
{
    const size_t count = made->count * made->patches;
    double *values = calloc(count * SG_PATCH_VALUES + 1, sizeof *values);
    for (size_t l = 0; l < made->shape.levels; l++) {
        char name[METRIC_NAME_BYTES];
        sg_patch_scale scale;
        sg_patch_set_scale(made, l, &scale);
        for (size_t i = 0; i < count; i++) {
            float patch[SG_PATCH_VALUES];
            sg_patch_set_get(made, l, i, patch);
            for (size_t k = 0; k < SG_PATCH_VALUES; k++) {
                const size_t channel = k / (SG_PATCH_SIDE * SG_PATCH_SIDE);
                values[i * SG_PATCH_VALUES + k] =
                    ((double)patch[k] - scale.mean[channel]) / scale.deviation[channel];
            }
        }
        snprintf(name, sizeof name, "swd.descriptors_%s_%zu", set, made->shape.width[l]);
        metric_compare(test, name, values, count * SG_PATCH_VALUES, METRIC_FLOAT_TOLERANCE, NULL);
    }
    free(values);
}

/* Compares the distances. Levels after the second are rounded to floats, so that they are good to
 * 1e-7 or so. */
static void compare_distances(golden_case *test, sg_patch_set *const sets[2], sg_error *error)
{
    metric_tensor directions = metric_read(test, "swd.directions_raw");
    float *values = metric_floats(&directions);
    double distances[SG_LAPLACIAN_MOST_LEVELS] = {0};
    const sg_slices slices = {directions.size[0], directions.size[2], values, NULL};
    const size_t levels = sets[0] ? sets[0]->shape.levels : 0;
    double sum = 0;
    if (!values || directions.size[1] != SG_PATCH_VALUES)
        sg_fail(error, SG_ERROR_FORMAT, "directions are absent");
    if (!error->status)
        sg_sliced_wasserstein(sets[0], sets[1], &slices, distances, error);
    for (size_t l = 0; l < levels; l++) {
        char name[METRIC_NAME_BYTES];
        sum += distances[l];
        snprintf(name, sizeof name, "swd.value_%zu", sets[0]->shape.width[l]);
        metric_compare_number(test, name, distances[l],
                              levels > 2 ? METRIC_FLOAT_TOLERANCE : METRIC_DOUBLE_TOLERANCE, error);
    }
    metric_compare_number(test, "swd.value_avg", levels > 0 ? sum / (double)levels : 0,
                          levels > 2 ? METRIC_FLOAT_TOLERANCE : METRIC_DOUBLE_TOLERANCE, error);
    metric_free(&directions);
    free(values);
}

static void run_swd(golden_case *test)
{
    metric_tensor pictures[] = {metric_read(test, "swd.real"), metric_read(test, "swd.fake")};
    sg_patch_set *sets[2] = {0};
    sg_error error = {0};
    const size_t patches = count_patches(test, &pictures[0]);
    for (int i = 0; i < 2; i++) {
        sets[i] = make_set(test, set_names[i], &pictures[i], patches, &error);
        if (sets[i]) {
            compare_pyramids(test, set_names[i], &pictures[i], &sets[i]->shape);
            compare_descriptors(test, set_names[i], sets[i]);
        }
    }
    if (!sets[0] || !sets[1])
        sg_fail(&error, SG_ERROR_FORMAT, "pictures are absent");
    compare_distances(test, sets, &error);
    for (int i = 0; i < 2; i++) {
        sg_patch_set_destroy(sets[i]);
        metric_free(&pictures[i]);
    }
}

/* ---- multi-scale similarity ---- */

static void compare_similarities(golden_case *test, const sg_ms_ssim_result *found, size_t pairs,
                                 const sg_error *error)
{
    double *ssim = calloc(2 * pairs * SG_SSIM_LEVELS + pairs + 1, sizeof *ssim);
    double *contrast = ssim + pairs * SG_SSIM_LEVELS;
    double *values = contrast + pairs * SG_SSIM_LEVELS;
    double sum = 0;
    for (size_t i = 0; i < pairs; i++) {
        memcpy(ssim + i * SG_SSIM_LEVELS, found[i].ssim, sizeof found[i].ssim);
        memcpy(contrast + i * SG_SSIM_LEVELS, found[i].contrast, sizeof found[i].contrast);
        values[i] = found[i].value;
        sum += found[i].value / (double)pairs;
    }
    metric_compare(test, "msssim.ssim_levels", ssim, pairs * SG_SSIM_LEVELS,
                   METRIC_DOUBLE_TOLERANCE, error);
    metric_compare(test, "msssim.cs_levels", contrast, pairs * SG_SSIM_LEVELS,
                   METRIC_DOUBLE_TOLERANCE, error);
    metric_compare(test, "msssim.pairs_f64", values, pairs, METRIC_DOUBLE_TOLERANCE, error);
    metric_compare(test, "msssim.pairs", values, pairs, METRIC_SINGLE_TOLERANCE, error);
    metric_compare_number(test, "msssim.mean_f64", sum, METRIC_DOUBLE_TOLERANCE, error);
    metric_compare_number(test, "msssim.mean", sum, METRIC_SINGLE_TOLERANCE, error);
    free(ssim);
}

static void run_similarity(golden_case *test)
{
    metric_tensor a = metric_read(test, "msssim.a");
    metric_tensor b = metric_read(test, "msssim.b");
    metric_tensor weights = metric_read(test, "msssim.weights");
    float *of_a = metric_floats(&a);
    float *of_b = metric_floats(&b);
    const size_t pairs = a.size[0];
    const size_t values = a.size[1] * a.size[2] * a.size[3];
    sg_ms_ssim_result *found = calloc(pairs + 1, sizeof *found);
    sg_error error = {0};
    if (!of_a || !of_b || a.count != b.count)
        sg_fail(&error, SG_ERROR_FORMAT, "pictures are absent");
    for (size_t i = 0; i < pairs && !error.status; i++) {
        const sg_picture_pair pair = {a.size[1], a.size[2], a.size[3], of_a + i * values,
                                      of_b + i * values};
        sg_ms_ssim(&pair, weights.count == SG_SSIM_LEVELS ? weights.values : sg_ms_ssim_weights,
                   &found[i], &error);
    }
    compare_similarities(test, found, pairs, &error);
    free(found);
    free(of_a);
    free(of_b);
    metric_free(&a);
    metric_free(&b);
    metric_free(&weights);
}

void run_images(golden_case *test)
{
    if (case_has(test, "swd.real"))
        run_swd(test);
    if (case_has(test, "msssim.a"))
        run_similarity(test);
}
