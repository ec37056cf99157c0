/* The parts of a conditional discriminator in double: embedded labels, mapped labels, features and
 * scores. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/network/network_load.h"
#include "golden_test/editing_files.h"
#include "golden_test/training_case.h"
#include "nn/mapping.h"

enum { PATH_BYTES = 4096, NAME_BYTES = 200 };

static const double tolerance = 1e-6;

/* The discriminator in double, its inputs from the folder of its network. */
typedef struct labels_case {
    golden_case *test;
    golden_case inputs;
    sg_discriminator *discriminator;
    const sg_discriminator_config *config;
    sg_tensor *pictures, *labels;
} labels_case;

/* Returns a label mapping with the discriminator's values in a set of its own. */
static sg_mapping copy_mapping(const labels_case *labels, sg_parameter_set *set, int width)
{
    const sg_parameter_set *from = sg_discriminator_parameters(labels->discriminator);
    sg_parameter_set_init(set, labels->test->context, SG_F64, 0);
    const sg_mapping mapping = sg_label_mapping_create(set, labels->config, width);
    for (size_t i = 0; i < set->count; i++) {
        const sg_parameter *found = sg_parameter_find(from, set->items[i].name);
        for (int64_t k = 0; found && k < sg_tensor_count(found->tensor); k++)
            sg_tensor_set_value(set->items[i].tensor, k, sg_tensor_value(found->tensor, k));
    }
    return mapping;
}

/*
 * Returns feature `index` of every picture as scores: with a last layer of the mapping that gives
 * a unit vector whatever the label, the score is that feature over the root of the width.
 */
static void read_feature(const labels_case *labels, int index, int width, double *features)
{
    char name[NAME_BYTES];
    sg_context *context = labels->test->context;
    const sg_parameter_set *set = sg_discriminator_parameters(labels->discriminator);
    size_t scope = sg_scope_open(context);
    snprintf(name, sizeof name, "mapping.fc%d.weight", labels->config->mapping.num_layers - 1);
    const sg_parameter *weight = sg_parameter_find(set, name);
    snprintf(name, sizeof name, "mapping.fc%d.bias", labels->config->mapping.num_layers - 1);
    const sg_parameter *bias = sg_parameter_find(set, name);
    for (int64_t i = 0; weight && i < sg_tensor_count(weight->tensor); i++)
        sg_tensor_set_value(weight->tensor, i, 0);
    for (int64_t i = 0; bias && i < sg_tensor_count(bias->tensor); i++)
        sg_tensor_set_value(bias->tensor, i,
                            i == index ? 1 / labels->config->mapping.lr_multiplier : 0);
    if (weight && bias) {
        sg_tensor_touch(weight->tensor);
        sg_tensor_touch(bias->tensor);
    }
    const sg_tensor *scores =
        sg_discriminator_score(labels->discriminator, labels->pictures, labels->labels);
    /* The activation of 1 is its gain. */
    for (int64_t n = 0; scores && n < sg_tensor_count(scores); n++)
        features[n * width + index] = sg_tensor_value(scores, n) * sqrt(width / 2.0);
    sg_scope_close(context, scope, NULL);
}

static void compare_features(const labels_case *labels, int width)
{
    golden_case *test = labels->test;
    const size_t count = (size_t)labels->pictures->shape.size[0] * (size_t)width;
    double *found = calloc(count + 1, sizeof *found);
    double *expected = case_values(test, "cond.features");
    for (int i = 0; found && expected && i < width; i++)
        read_feature(labels, i, width, found);
    if (found && expected && case_find(test, "cond.features", NULL)->count == count)
        report_error(test->report, test->name, "cond.features",
                     relative_error(found, expected, count, 0), tolerance, NULL);
    else
        case_fail(test, "cond.features");
    free(found);
    free(expected);
}

static void compare_parts(const labels_case *labels)
{
    golden_case *test = labels->test;
    sg_parameter_set set;
    const sg_stored_tensor *stored = case_find(test, "cond.cmap", NULL);
    const int width = stored && stored->rank == 2 ? (int)stored->size[1] : 1;
    const sg_mapping mapping = copy_mapping(labels, &set, width);
    case_compare(test, "cond.embedding", "cond.embedding",
                 sg_linear_forward(&mapping.embed, labels->labels), tolerance);
    case_compare(test, "cond.cmap", "cond.cmap", sg_mapping_forward(&mapping, NULL, labels->labels),
                 tolerance);
    sg_parameter_set_clear(&set);
    case_compare(test, "cond.logits", "cond.logits",
                 sg_discriminator_score(labels->discriminator, labels->pictures, labels->labels),
                 tolerance);
    compare_features(labels, width);
}

static void run(golden_case *test, const sg_discriminator *single, const char *network)
{
    labels_case labels = {.test = test, .inputs = *test};
    size_t scope = sg_scope_open(test->context);
    labels.inputs.expected = open_network_values(network);
    if (labels.inputs.expected && case_has(&labels.inputs, "real") &&
        case_has(&labels.inputs, "c")) {
        labels.pictures =
            tensor_in_precision(test->context, case_pictures(&labels.inputs, "real"), SG_F64);
        labels.labels =
            tensor_in_precision(test->context, case_tensor(&labels.inputs, "c"), SG_F64);
        labels.discriminator = discriminator_in_precision(test->context, single, SG_F64);
        labels.config = sg_discriminator_config_of(single);
    }
    if (labels.pictures && labels.labels && labels.discriminator)
        compare_parts(&labels);
    else
        report_skip(test->report, test->name, "cond.*",
                    "the pictures and labels beside %s are absent", network);
    sg_safetensors_close(labels.inputs.expected);
    sg_scope_close(test->context, scope, NULL);
    sg_discriminator_destroy(labels.discriminator);
}

void run_training_labels(golden_case *test)
{
    char path[PATH_BYTES];
    sg_discriminator *single = load_editing_discriminator(test, "conditional", "cond.*", path);
    if (single)
        run(test, single, path);
    sg_discriminator_destroy(single);
}
