/* Single operations of networks that grow. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/progressive_case.h"
#include "models/growing/growing.h"
#include "nn/growing_layer.h"
#include "ops/adain.h"
#include "ops/layout.h"
#include "ops/minibatch_stddev.h"
#include "ops/normalize.h"
#include "ops/picture_scale.h"
#include "ops/upfirdn.h"

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

/* ---- one operation each ---- */

/* Constants that layers borrow; released with clear_bench. */
typedef struct bench {
    sg_parameter_set set;
    sg_growing_filters filters;
} bench;

static void set_bench(bench *place, sg_context *context)
{
    static const float blur[] = {1.0f, 2.0f, 1.0f};
    sg_parameter_set_init(&place->set, context, SG_F32, 0);
    place->filters = sg_growing_filters_create(&place->set, blur, 3);
}

static void clear_bench(bench *place)
{
    sg_growing_filters_release(&place->filters);
    sg_parameter_set_clear(&place->set);
}

static sg_tensor *compute_blur(golden_case *test, const bench *place)
{
    sg_upfirdn_options options = sg_upfirdn_defaults();
    options.pad_x0 = options.pad_x1 = options.pad_y0 = options.pad_y1 = 1;
    return sg_upfirdn(case_pictures(test, "blur.x"), place->filters.blur, options);
}

/* "down2.y", "down2.y_factor4", "down2.y_up2" */
static sg_tensor *compute_scaled(golden_case *test, const char *name)
{
    sg_tensor *x = case_pictures(test, "down2.x");
    const char *factor = strstr(name, "_factor");
    const char *up = strstr(name, "_up");
    if (up)
        return sg_enlarge_nearest(x, atoi(up + strlen("_up")));
    return sg_reduce_box(x, factor ? atoi(factor + strlen("_factor")) : 2);
}

/* Sets a layer's parameter to a tensor of the file; false (error in the context) on failure. */
static bool set_parameter(golden_case *test, sg_tensor *parameter, const char *name)
{
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    sg_tensor *values = case_tensor(test, name);
    const size_t count = parameter ? (size_t)sg_tensor_count(parameter) : 0;
    if (!parameter || !values || stored->count != count) {
        sg_context_fail(test->context, SG_ERROR_SHAPE, "%s does not fit", name);
        return false;
    }
    memcpy(sg_f32(parameter), sg_f32(values), count * sizeof(float));
    sg_tensor_touch(parameter);
    return true;
}

static sg_tensor *compute_style(golden_case *test, bench *place)
{
    const sg_stored_tensor *weight = case_find(test, "stylemod.weight", NULL);
    const sg_linear_options options = {.in_features = (int)weight->size[1],
                                       .out_features = (int)weight->size[0],
                                       .activation = SG_LINEAR,
                                       .lr_multiplier = 1};
    sg_linear affine = sg_linear_create(&place->set, "", "affine", options);
    if (!set_parameter(test, affine.weight, "stylemod.weight") ||
        !set_parameter(test, affine.bias, "stylemod.bias"))
        return NULL;
    return sg_apply_style(case_pictures(test, "stylemod.x"),
                          sg_linear_forward(&affine, case_tensor(test, "stylemod.w")));
}

/* "upconv.y_fused", "convdown.y_unfused": convolutions that resample. */
static sg_tensor *compute_resampled(golden_case *test, bench *place, const char *name)
{
    const bool up = starts_with(name, "upconv.");
    const char *weight_name = up ? "upconv.weight" : "convdown.weight";
    const sg_stored_tensor *weight = case_find(test, weight_name, NULL);
    const sg_convolution_layer_options options = {
        .in_channels = (int)weight->size[1],
        .out_channels = (int)weight->size[0],
        .kernel_size = (int)weight->size[2],
        .up = up ? 2 : 1,
        .down = up ? 1 : 2,
        .reversed = up && ends_with(name, "_fused"),
        .gain_in_weight = true,
        .activation = SG_LRELU,
        .clamp = -1,
        .filter = place->filters.box,
    };
    sg_convolution_layer layer = sg_convolution_layer_create(&place->set, "conv", options);
    if (!set_parameter(test, layer.weight, weight_name))
        return NULL;
    return sg_convolution_layer_convolve(&layer,
                                         case_pictures(test, up ? "upconv.x" : "convdown.x"));
}

/* "mbstd.y_nfeatN", the maps behind those of x, or "mbstd.v_nfeatN", their values by group. */
static void run_deviation(golden_case *test, const char *name)
{
    const sg_stored_tensor *expected = case_find(test, name, NULL);
    const bool values = starts_with(name, "mbstd.v");
    const int64_t maps = expected->rank > 1 ? expected->size[1] : 1;
    sg_tensor *x = case_pictures(test, "mbstd.x");
    if (!x) {
        case_fail(test, name);
        return;
    }
    const int64_t samples = x->shape.size[0];
    const int64_t group = values && expected->size[0] > 0 ? samples / expected->size[0] : 4;
    sg_tensor *all = sg_minibatch_stddev(x, group, maps);
    sg_tensor *added = sg_slice(all, 3, x->shape.size[3], maps);
    if (!values) {
        case_compare_pictures(test, name, name, added, GOLDEN_OUTPUT_TOLERANCE);
        return;
    }
    added = sg_slice(sg_slice(sg_slice(added, 0, 0, expected->size[0]), 1, 0, 1), 2, 0, 1);
    case_compare(test, name, name, sg_reshape(added, SG_SHAPE(expected->size[0], maps)),
                 GOLDEN_OUTPUT_TOLERANCE);
}

/* "process_reals.y_lodL" */
static sg_tensor *compute_reals(golden_case *test, const char *name)
{
    char input[64];
    const char *lod = strstr(name, "_lod");
    snprintf(input, sizeof input, "process_reals.x%s", lod ? lod : "");
    return process_reals(case_pictures(test, input),
                         lod ? strtod(lod + strlen("_lod"), NULL) : 0.0);
}

/* ---- all ---- */

/* What an operation takes, by the start of its name. */
typedef struct operation {
    const char *prefix;
    const char *inputs[4];
} operation;

static const operation operations[] = {
    {"blur.", {"blur.x"}},
    {"down2.", {"down2.x"}},
    {"pixelnorm.", {"pixelnorm.x"}},
    {"instnorm.", {"instnorm.x"}},
    {"stylemod.", {"stylemod.x", "stylemod.w", "stylemod.weight", "stylemod.bias"}},
    {"upconv.", {"upconv.x", "upconv.weight"}},
    {"convdown.", {"convdown.x", "convdown.weight"}},
    {"mbstd.", {"mbstd.x"}},
    {"process_reals.", {NULL}},
};

static const operation *find_operation(const char *name)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        if (starts_with(name, operations[i].prefix))
            return &operations[i];
    return NULL;
}

static bool skip_without_inputs(golden_case *test, const operation *row, const char *name)
{
    for (int i = 0; i < 4 && row->inputs[i]; i++) {
        if (!case_has(test, row->inputs[i])) {
            report_skip(test->report, test->name, name, "%s is absent", row->inputs[i]);
            return true;
        }
    }
    return false;
}

static void run_pictures(golden_case *test, const char *name)
{
    bench place;
    sg_tensor *result = NULL;
    set_bench(&place, test->context);
    if (starts_with(name, "blur."))
        result = compute_blur(test, &place);
    else if (starts_with(name, "down2."))
        result = compute_scaled(test, name);
    else if (starts_with(name, "instnorm."))
        result = sg_normalize_instance(case_pictures(test, "instnorm.x"), 1e-8);
    else if (starts_with(name, "stylemod."))
        result = compute_style(test, &place);
    else if (starts_with(name, "process_reals."))
        result = compute_reals(test, name);
    else
        result = compute_resampled(test, &place, name);
    case_compare_pictures(test, name, name, result, GOLDEN_OUTPUT_TOLERANCE);
    clear_bench(&place);
}

/* Whether a tensor is an input: "x", "w", "weight" or "bias" of its operation. */
static bool is_input(const operation *row, const char *name)
{
    bool input = starts_with(name, "process_reals.x");
    for (int i = 0; i < 4 && row->inputs[i]; i++)
        input = input || strcmp(name, row->inputs[i]) == 0;
    return input;
}

static void run_tensor(golden_case *test, const char *name)
{
    const operation *row = find_operation(name);
    if (!row) {
        report_skip(test->report, test->name, name, "how this tensor was made is not known");
    } else if (is_input(row, name) || skip_without_inputs(test, row, name)) {
        return;
    } else if (starts_with(name, "pixelnorm.")) {
        case_compare(test, name, name,
                     sg_normalize_second_moment(case_tensor(test, "pixelnorm.x"), 1e-8),
                     GOLDEN_OUTPUT_TOLERANCE);
    } else if (starts_with(name, "mbstd.")) {
        run_deviation(test, name);
    } else {
        run_pictures(test, name);
    }
}

bool is_progressive_ops(const sg_safetensors *file)
{
    for (size_t i = 0; i < sg_safetensors_count(file); i++)
        if (find_operation(sg_safetensors_at(file, i)->name))
            return true;
    return false;
}

void run_progressive_ops(const golden_case *base)
{
    golden_case test = *base;
    test.context = sg_context_create(0);
    if (!test.context) {
        report_failure(base->report, base->name, "ops", "no memory left");
        return;
    }
    for (size_t i = 0; i < sg_safetensors_count(test.expected); i++) {
        size_t scope = sg_scope_open(test.context);
        run_tensor(&test, sg_safetensors_at(test.expected, i)->name);
        sg_scope_close(test.context, scope, NULL);
    }
    sg_context_destroy(test.context);
}
