/* Directions: closed form, principal components, boundaries; see metric_case.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit/directions/boundary.h"
#include "edit/directions/closed_form.h"
#include "edit/directions/components.h"
#include "golden_test/metric_case.h"

enum { MOST_WEIGHTS = 64 };

/* ---- closed form ---- */

/* Reads "sefa.weight_0" and so on, up to `most`; returns how many there are. */
static size_t read_weights(golden_case *test, size_t most, metric_tensor *tensors,
                           sg_affine_weight *weights)
{
    size_t count = 0;
    for (; count < most; count++) {
        char name[METRIC_NAME_BYTES];
        snprintf(name, sizeof name, "sefa.weight_%zu", count);
        if (!case_has(test, name))
            break;
        tensors[count] = metric_read(test, name);
        weights[count] = (sg_affine_weight){metric_floats(&tensors[count]), tensors[count].size[0]};
    }
    return count;
}

/* The smallest gap between eigenvalues, over the largest. */
static double smallest_gap(const sg_closed_form *found)
{
    double gap = INFINITY;
    for (size_t i = 0; found->eigenvalues && i + 1 < found->width; i++)
        gap = fmin(gap, found->eigenvalues[i] - found->eigenvalues[i + 1]);
    return found->eigenvalues ? gap / found->eigenvalues[0] : 0;
}

/* Compares the tensors of an ending: "all", or "firstN" for the first N layers. */
static void compare_closed_form(golden_case *test, const char *ending)
{
    char name[METRIC_NAME_BYTES];
    metric_tensor tensors[MOST_WEIGHTS];
    sg_affine_weight weights[MOST_WEIGHTS];
    sg_closed_form found = {0};
    sg_error error = {0};
    size_t most = MOST_WEIGHTS;
    sscanf(ending, "first%zu", &most);
    const size_t count =
        read_weights(test, most < MOST_WEIGHTS ? most : MOST_WEIGHTS, tensors, weights);
    const size_t width = count > 0 ? tensors[0].size[1] : 0;
    sg_closed_form_factor(weights, count, width, &found, &error);
    snprintf(name, sizeof name, "sefa.eigenvalues_%s", ending);
    metric_compare(test, name, found.eigenvalues, width, METRIC_DOUBLE_TOLERANCE, &error);
    snprintf(name, sizeof name, "sefa.directions_%s", ending);
    metric_compare(test, name, found.directions, width * width, METRIC_DOUBLE_TOLERANCE, &error);
    snprintf(name, sizeof name, "sefa.min_relative_gap_%s", ending);
    metric_compare_number(test, name, smallest_gap(&found), METRIC_DOUBLE_TOLERANCE, &error);
    sg_closed_form_clear(&found);
    for (size_t i = 0; i < count; i++) {
        metric_free(&tensors[i]);
        free((float *)weights[i].values);
    }
}

/* Runs every ending that eigenvalues have. */
static void run_closed_form(golden_case *test)
{
    static const char start[] = "sefa.eigenvalues_";
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        const char *name = sg_safetensors_at(test->expected, i)->name;
        if (strncmp(name, start, sizeof start - 1) == 0)
            compare_closed_form(test, name + sizeof start - 1);
    }
}

/* ---- principal components ---- */

static void compare_coordinates(golden_case *test, const sg_components *found, const float *samples,
                                size_t rows, const sg_error *error)
{
    double *coordinates = calloc(rows * found->count + 1, sizeof *coordinates);
    for (size_t i = 0; !error->status && i < rows; i++)
        sg_components_project(found, samples + i * found->width, coordinates + i * found->count);
    metric_compare(test, "pca.coordinates_first3", coordinates, rows * found->count,
                   METRIC_DOUBLE_TOLERANCE, error);
    free(coordinates);
}

/* Sample 0 moved by twice the deviation along component 1. */
static void compare_edit(golden_case *test, const sg_components *found, const float *samples,
                         const sg_error *error)
{
    double *moved = calloc(found->width + 1, sizeof *moved);
    for (size_t i = 0; !error->status && found->count > 1 && i < found->width; i++)
        moved[i] = samples[i] + 2 * found->deviations[1] * found->vectors[found->width + i];
    metric_compare(test, "pca.edit", moved, found->width, METRIC_DOUBLE_TOLERANCE, error);
    free(moved);
}

static void compare_deviations(golden_case *test, const sg_components *found, const sg_error *error)
{
    double *values = calloc(found->count + 1, sizeof *values);
    const double samples = (double)found->samples;
    metric_compare(test, "pca.stdev_population", found->deviations, found->count,
                   METRIC_DOUBLE_TOLERANCE, error);
    for (size_t i = 0; !error->status && i < found->count; i++)
        values[i] = found->deviations[i] * sqrt(samples / (samples - 1));
    metric_compare(test, "pca.stdev_sample", values, found->count, METRIC_DOUBLE_TOLERANCE, error);
    for (size_t i = 0; !error->status && i < found->count; i++)
        values[i] = found->deviations[i] * found->deviations[i] / found->total_variance;
    metric_compare(test, "pca.variance_ratio", values, found->count, METRIC_DOUBLE_TOLERANCE,
                   error);
    free(values);
}

static void run_components(golden_case *test)
{
    sg_error error = {0};
    sg_component_sums *sums = NULL;
    sg_components found = {0};
    metric_tensor tensor = metric_read(test, "pca.samples");
    metric_tensor expected = metric_read(test, "pca.components");
    metric_tensor few = metric_read(test, "pca.coordinates_first3");
    float *samples = metric_floats(&tensor);
    if (!samples || !expected.values)
        return;
    const sg_rows rows = {samples, tensor.size[0], tensor.size[1]};
    if (!sg_component_sums_create(rows.features, expected.size[0], &sums, &error) &&
        !sg_component_sums_add(sums, &rows, &error))
        sg_component_sums_finish(sums, &found, &error);
    metric_compare(test, "pca.mean", found.mean, found.width, METRIC_DOUBLE_TOLERANCE, &error);
    metric_compare(test, "pca.components", found.vectors, found.count * found.width,
                   METRIC_DOUBLE_TOLERANCE, &error);
    compare_deviations(test, &found, &error);
    compare_coordinates(test, &found, samples, few.values ? few.size[0] : 0, &error);
    compare_edit(test, &found, samples, &error);
    sg_component_sums_destroy(sums);
    sg_components_clear(&found);
    metric_free(&tensor);
    metric_free(&expected);
    metric_free(&few);
    free(samples);
}

void run_directions(golden_case *test)
{
    run_closed_form(test);
    run_components(test);
}

/* ---- boundaries ---- */

/* Puts the stored lists of samples in place of those drawn at random; false if they do not fit. */
static bool take_lists(golden_case *test, sg_boundary_split *split)
{
    metric_tensor positive = metric_read(test, "svm.train_positive_index");
    metric_tensor negative = metric_read(test, "svm.train_negative_index");
    bool right = positive.values && negative.values && positive.count == split->train &&
                 negative.count == split->train;
    for (size_t i = 0; right && i < split->train; i++) {
        right = positive.values[i] < (double)split->count && positive.values[i] >= 0 &&
                negative.values[i] < (double)split->count && negative.values[i] >= 0;
        split->positive[i] = right ? (size_t)positive.values[i] : 0;
        split->negative[i] = right ? (size_t)negative.values[i] : 0;
    }
    metric_free(&positive);
    metric_free(&negative);
    return right;
}

static void compare_boundary(golden_case *test, const sg_boundary *found, const sg_error *error)
{
    metric_compare(test, "svm.weight", found->weights, found->width, METRIC_DOUBLE_TOLERANCE,
                   error);
    metric_compare_number(test, "svm.bias", found->weights ? found->weights[found->width] : 0,
                          METRIC_DOUBLE_TOLERANCE, error);
    metric_compare_number(test, "svm.objective", found->objective, METRIC_DOUBLE_TOLERANCE, error);
    metric_compare(test, "svm.boundary", found->normal, found->width, METRIC_DOUBLE_TOLERANCE,
                   error);
    metric_compare(test, "svm.alpha", found->duals, found->dual_count, METRIC_DOUBLE_TOLERANCE,
                   error);
    metric_compare_number(test, "svm.validation_accuracy", found->validation_accuracy,
                          METRIC_DOUBLE_TOLERANCE, error);
    metric_compare_number(test, "svm.remaining_accuracy", found->remaining_accuracy,
                          METRIC_DOUBLE_TOLERANCE, error);
}

void run_boundary(golden_case *test)
{
    sg_error error = {0};
    sg_boundary_split split = {0};
    sg_boundary found = {0};
    metric_tensor latents = metric_read(test, "svm.latents");
    metric_tensor scores = metric_read(test, "svm.scores");
    float *of_latents = metric_floats(&latents);
    float *of_scores = metric_floats(&scores);
    const sg_scored_latents samples = {latents.size[0], latents.size[1], of_latents, of_scores};
    if (of_latents && of_scores && scores.count == samples.count) {
        if (!sg_boundary_split_create(&samples, SG_BOUNDARY_SHARE, SG_BOUNDARY_TRAIN_SHARE, 0,
                                      &split, &error) &&
            !take_lists(test, &split))
            sg_fail(&error, SG_ERROR_ARGUMENT, "the lists of samples are absent or wrong");
        if (!error.status)
            sg_boundary_train(&samples, &split, SG_BOUNDARY_COST, &found, &error);
        compare_boundary(test, &found, &error);
    }
    sg_boundary_split_clear(&split);
    sg_boundary_clear(&found);
    metric_free(&latents);
    metric_free(&scores);
    free(of_latents);
    free(of_scores);
}
