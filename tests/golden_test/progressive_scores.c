/* Scores, and the minibatch standard deviation, of networks that grow; see progressive_case.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "golden_test/progressive_case.h"
#include "ops/arithmetic.h"
#include "ops/layout.h"

/* The inputs of "scores_KIND" and "mbstd_KIND"; NULL names when the kind is unknown. */
static void inputs_of_scores(const network_case *test, const char *name, const char *inputs[2])
{
    const char *what = strchr(name, '_') + 1;
    inputs[0] = inputs[1] = NULL;
    if (strcmp(what, "real") == 0) {
        inputs[0] = "reals";
    } else if (strcmp(what, "fake") == 0) {
        inputs[0] = "image";
    } else if (strncmp(what, "batch", strlen("batch")) == 0) {
        const sg_stored_tensor *image = case_find(&test->base, "image", NULL);
        long samples = strtol(what + strlen("batch"), NULL, 10);
        inputs[0] = "image";
        inputs[1] = image && samples > image->size[0] ? "reals" : NULL;
    }
}

/* How many samples "scores_batchN" has; 0 for all. */
static int64_t samples_of_scores(const char *name)
{
    const char *batch = strstr(name, "_batch");
    return batch ? strtol(batch + strlen("_batch"), NULL, 10) : 0;
}

static sg_tensor *pictures_of_scores(network_case *test, const char *name)
{
    const char *inputs[2];
    inputs_of_scores(test, name, inputs);
    sg_tensor *pictures = halved_pictures(test, inputs[0]);
    if (inputs[1])
        pictures = sg_concatenate(pictures, halved_pictures(test, inputs[1]), 0);
    int64_t samples = samples_of_scores(name);
    bool all = !pictures || samples <= 0 || samples >= pictures->shape.size[0];
    return all ? pictures : sg_slice(pictures, 0, 0, samples);
}

/* Labels for the pictures: those of the samples, again for reals behind images. */
static sg_tensor *labels_of_scores(network_case *test, int64_t samples)
{
    sg_tensor *labels = discriminator_labels(test);
    if (!labels || samples == labels->shape.size[0])
        return labels;
    return samples < labels->shape.size[0] ? sg_slice(labels, 0, 0, samples)
                                           : sg_concatenate(labels, labels, 0);
}

static bool skip_without_scored(network_case *test, const char *group, const char *name)
{
    const char *inputs[2];
    inputs_of_scores(test, name, inputs);
    bool conditional =
        test->discriminator && sg_discriminator_config_of(test->discriminator)->c_dim > 0;
    if (!inputs[0]) {
        report_skip(test->base.report, test->base.name, group,
                    "what this tensor should be is not known");
        return true;
    }
    return skip_without_discriminator(test, group) ||
           skip_without(test, group, inputs[0], inputs[1]) ||
           skip_without(test, group, conditional ? test->labels : NULL, NULL);
}

void run_progressive_scores(network_case *test, const char *name)
{
    for (int path = 0; path < GOLDEN_PATHS; path++) {
        char group[300];
        snprintf(group, sizeof group, "%s (%s)", name, path_name(path));
        if (skip_without_scored(test, group, name))
            continue;
        choose_path(test, path);
        sg_tensor *pictures = pictures_of_scores(test, name);
        sg_tensor *labels = pictures ? labels_of_scores(test, pictures->shape.size[0]) : NULL;
        case_compare(&test->base, group, name,
                     sg_discriminator_score(test->discriminator, pictures, labels),
                     GOLDEN_OUTPUT_TOLERANCE);
        choose_path(test, GOLDEN_INFERENCE);
    }
}

/* ---- the minibatch standard deviation ---- */

/* Values of a parameter that were replaced. */
typedef struct replaced {
    sg_tensor *tensor;
    float *values;
} replaced;

enum { REPLACED = 6 };

/* Makes a parameter zeros and keeps its values; false when there is no such, or no memory. */
static bool blank(network_case *test, const char *name, replaced *kept)
{
    sg_parameter *parameter =
        sg_parameter_find(sg_discriminator_parameters(test->discriminator), name);
    *kept = (replaced){parameter ? parameter->tensor : NULL, NULL};
    const size_t count = kept->tensor ? (size_t)sg_tensor_count(kept->tensor) : 0;
    kept->values = count > 0 ? sg_allocate(count, sizeof(float)) : NULL;
    if (!kept->values)
        return false;
    memcpy(kept->values, sg_f32(kept->tensor), count * sizeof(float));
    memset(sg_f32(kept->tensor), 0, count * sizeof(float));
    sg_tensor_touch(kept->tensor);
    return true;
}

static void restore(replaced *kept)
{
    if (kept->values) {
        memcpy(sg_f32(kept->tensor), kept->values,
               (size_t)sg_tensor_count(kept->tensor) * sizeof(float));
        sg_tensor_touch(kept->tensor);
        free(kept->values);
    }
}

static void set_one(sg_tensor *tensor, int64_t index)
{
    sg_f32(tensor)[index] = 1.0f;
    sg_tensor_touch(tensor);
}

/*
 * Lets map number `map` of the statistic through to the scores: the convolution copies it to its
 * first channel, the dense layers pass one pixel of that on. Returns what it is multiplied by on
 * its way, by the layers' equalised rates.
 */
static double pass_through(const replaced *convolution, const replaced *dense,
                           const replaced *scores, int64_t map)
{
    const int64_t *size = convolution->tensor->shape.size; /* [out, in, 3, 3] */
    const int64_t inputs = dense->tensor->shape.size[1];
    const int64_t width = scores->tensor->shape.size[1];
    const int64_t centre = size[2] / 2 * size[3] + size[3] / 2;
    set_one(convolution->tensor, map * size[2] * size[3] + centre);
    set_one(dense->tensor, 0);
    for (int64_t i = 0; i < scores->tensor->shape.size[0]; i++)
        set_one(scores->tensor, i * width);
    return sqrt(2.0 / (double)(size[1] * size[2] * size[3])) * sqrt(2.0 / (double)inputs) *
           sqrt(1.0 / (double)width);
}

/* The statistic's maps for the pictures' groups, [M, maps], by scores of changed last layers. */
static sg_tensor *measure_deviations(network_case *test, sg_tensor *pictures, int64_t groups)
{
    static const char *const names[REPLACED] = {"b4.conv.weight", "b4.fc.weight", "b4.out.weight",
                                                "b4.conv.bias",   "b4.fc.bias",   "b4.out.bias"};
    const int maps = sg_discriminator_config_of(test->discriminator)->mbstd_num_channels;
    replaced kept[REPLACED] = {{NULL, NULL}};
    sg_tensor *result = NULL;
    bool whole = pictures && groups > 0 && maps > 0;
    for (int i = 0; whole && i < REPLACED; i++)
        whole = blank(test, names[i], &kept[i]);
    for (int map = 0; whole && map < maps; map++) {
        memset(sg_f32(kept[0].tensor), 0, (size_t)sg_tensor_count(kept[0].tensor) * sizeof(float));
        const int64_t channel = kept[0].tensor->shape.size[1] - maps + map;
        const double factor = pass_through(&kept[0], &kept[1], &kept[2], channel);
        sg_tensor *scores = sg_discriminator_score(test->discriminator, pictures,
                                                   labels_of_scores(test, pictures->shape.size[0]));
        sg_tensor *values = sg_affine(sg_slice(scores, 0, 0, groups), 1.0 / factor, 0.0);
        result = map > 0 ? sg_concatenate(result, values, 1) : values;
    }
    for (int i = 0; i < REPLACED; i++)
        restore(&kept[i]);
    return result;
}

void run_progressive_deviations(network_case *test, const char *name)
{
    const char *inputs[2];
    inputs_of_scores(test, name, inputs);
    if (!skip_without_scored(test, name, name)) {
        const int64_t groups = case_find(&test->base, name, NULL)->size[0];
        case_compare(&test->base, name, name,
                     measure_deviations(test, pictures_of_scores(test, name), groups),
                     GOLDEN_OUTPUT_TOLERANCE);
    }
}
