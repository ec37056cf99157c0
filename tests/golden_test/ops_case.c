/* Image operations against expected values: resampling, bias and activation, convolution. */
#include "golden_test/ops_case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/augment_case.h"
#include "nn/lowpass_filter.h"
#include "ops/activation.h"
#include "ops/convolution/resample.h"
#include "ops/filtered_lrelu.h"
#include "ops/layout.h"
#include "ops/upfirdn.h"

/* Which filter and options each "upfirdn2d.N.y" was made with; tests/golden/README.md. */
typedef struct upfirdn_row {
    const char *filter;
    sg_upfirdn_options options;
} upfirdn_row;

static const upfirdn_row upfirdn_rows[] = {
    {"upfirdn2d.f_1331", {2, 2, 1, 1, 2, 1, 2, 1, false, 4.0}},
    {"upfirdn2d.f_1331", {1, 1, 2, 2, 1, 1, 1, 1, false, 1.0}},
    {"upfirdn2d.f_3x5", {2, 2, 3, 3, 3, 1, 0, 2, true, 1.5}},
    {"upfirdn2d.f_3x5", {1, 1, 1, 1, -1, 2, 3, -2, false, 1.0}},
    {"upfirdn2d.f_1331", {2, 1, 1, 2, 0, 3, 1, 2, true, 2.0}},
};

enum { UPFIRDN_ROWS = sizeof upfirdn_rows / sizeof upfirdn_rows[0] };

static void skip_unknown(golden_case *test, const char *name)
{
    report_skip(test->report, test->name, name, "how this tensor was made is not known");
}

/* Whether one of the inputs is absent; says so. */
static bool skip_without_input(golden_case *test, const char *group, const char *const *names,
                               int count)
{
    for (int i = 0; i < count; i++) {
        if (names[i] && !case_has(test, names[i])) {
            report_skip(test->report, test->name, group, "%s is absent", names[i]);
            return true;
        }
    }
    return false;
}

/* "upfirdn2d.N.y" */
static void run_upfirdn(golden_case *test, const char *name)
{
    char *end = NULL;
    const char *digits = name + strlen("upfirdn2d.");
    unsigned long index = strtoul(digits, &end, 10);
    if (end == digits || strcmp(end, ".y") != 0 || index >= UPFIRDN_ROWS) {
        skip_unknown(test, name);
        return;
    }
    const upfirdn_row *row = &upfirdn_rows[index];
    const char *const inputs[] = {"upfirdn2d.x", row->filter};
    if (!skip_without_input(test, name, inputs, 2)) {
        sg_tensor *y =
            sg_upfirdn(case_pictures(test, inputs[0]), case_tensor(test, inputs[1]), row->options);
        case_compare_pictures(test, name, name, y, GOLDEN_OUTPUT_TOLERANCE);
    }
}

/* "bias_act.NAME" or "bias_act.NAME.clampLIMIT" */
static void run_bias_act(golden_case *test, const char *name)
{
    static const char *const inputs[] = {"bias_act.x", "bias_act.b"};
    char function[32];
    const char *start = name + strlen("bias_act.");
    const char *dot = strchr(start, '.');
    size_t length = dot ? (size_t)(dot - start) : strlen(start);
    snprintf(function, sizeof function, "%.*s", (int)length, start);
    int kind = sg_choice_find(&sg_activation_choices, function);
    bool clamped = dot && strncmp(dot, ".clamp", 6) == 0;
    char *end = NULL;
    double limit = clamped ? strtod(dot + 6, &end) : -1.0;
    if (kind < 0 || (dot && (!clamped || end == dot + 6 || *end != '\0'))) {
        skip_unknown(test, name);
        return;
    }
    if (skip_without_input(test, name, inputs, 2))
        return;
    sg_bias_act_options options = sg_bias_act_defaults((sg_activation)kind);
    options.clamp = limit;
    sg_tensor *y = sg_bias_act(case_pictures(test, inputs[0]), NULL, NULL,
                               case_tensor(test, inputs[1]), options);
    case_compare_pictures(test, name, name, y, GOLDEN_OUTPUT_TOLERANCE);
}

/* "conv2d_resample.up2_w3", ".down2_w1", "..._noflip" */
static void run_resample(golden_case *test, const char *name)
{
    char direction[8];
    char suffix[8] = "";
    int factor = 0;
    int kernel = 0;
    int found =
        sscanf(name, "conv2d_resample.%7[a-z]%d_w%d%7s", direction, &factor, &kernel, suffix);
    bool up = found >= 3 && strcmp(direction, "up") == 0;
    bool down = found >= 3 && strcmp(direction, "down") == 0;
    bool flipped = strcmp(suffix, "_noflip") == 0;
    if ((!up && !down) || (found == 4 && !flipped)) {
        skip_unknown(test, name);
        return;
    }
    char weights[40];
    snprintf(weights, sizeof weights, "conv2d_resample.w%d", kernel);
    const char *const inputs[] = {"conv2d_resample.x", weights, "upfirdn2d.f_1331"};
    if (skip_without_input(test, name, inputs, 3))
        return;
    sg_resample_options options = sg_resample_defaults();
    options.up = up ? factor : 1;
    options.down = down ? factor : 1;
    options.padding = kernel / 2;
    options.flip_weight = !flipped;
    sg_tensor *y =
        sg_resample_convolution(case_pictures(test, inputs[0]), case_tensor(test, inputs[1]),
                                case_tensor(test, inputs[2]), options);
    case_compare_pictures(test, name, name, y, GOLDEN_OUTPUT_TOLERANCE);
}

/* How each "filtered_lrelu.NAME" was made; the filter of 24 taps is not in the file. */
typedef struct filtered_row {
    const char *name, *down_filter;
    int up, before, after;
    double clamp;
} filtered_row;

static const filtered_row filtered_rows[] = {
    {"filtered_lrelu.up2_down2", "filtered_lrelu.fd", 2, 9, 10, 0.9},
    {"filtered_lrelu.up2_down2_radial", "filtered_lrelu.fd_radial", 2, 9, 10, 256},
    {"filtered_lrelu.up4_down2", "filtered_lrelu.fd", 4, 12, 11, 256}};

static sg_tensor *long_filter(golden_case *test)
{
    static const sg_lowpass lowpass = {24, 4, 6, 64, false};
    double taps[24];
    float values[24];
    sg_lowpass_design(&lowpass, taps);
    for (int i = 0; i < 24; i++)
        values[i] = (float)taps[i];
    return sg_tensor_from_floats(test->context, SG_F32, SG_SHAPE(24), values);
}

/* "filtered_lrelu.upU_downD", "..._radial" */
static void run_filtered(golden_case *test, const char *name)
{
    const filtered_row *row = NULL;
    for (size_t i = 0; i < sizeof filtered_rows / sizeof filtered_rows[0]; i++)
        if (strcmp(name, filtered_rows[i].name) == 0)
            row = &filtered_rows[i];
    if (!row) {
        skip_unknown(test, name);
        return;
    }
    const char *const inputs[] = {"filtered_lrelu.x", "filtered_lrelu.b", row->down_filter,
                                  row->up == 2 ? "filtered_lrelu.fu" : NULL};
    if (skip_without_input(test, name, inputs, 4))
        return;
    sg_filtered_lrelu_options options = {.up = row->up,
                                         .down = 2,
                                         .pad_x0 = row->before,
                                         .pad_x1 = row->after,
                                         .pad_y0 = row->before,
                                         .pad_y1 = row->after,
                                         .gain = sqrt(2),
                                         .slope = 0.2,
                                         .clamp = row->clamp};
    sg_tensor *up_filter = row->up == 2 ? case_tensor(test, inputs[3]) : long_filter(test);
    sg_tensor *y =
        sg_filtered_lrelu(case_pictures(test, inputs[0]), up_filter, case_tensor(test, inputs[2]),
                          case_tensor(test, inputs[1]), options);
    case_compare_pictures(test, name, name, y, GOLDEN_OUTPUT_TOLERANCE);
}

/* ---- which tensor goes where ---- */

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_input(const char *name)
{
    static const char *const names[] = {"upfirdn2d.x",       "bias_act.x",       "bias_act.b",
                                        "conv2d_resample.x", "filtered_lrelu.x", "filtered_lrelu.b",
                                        "augment.x"};
    if (starts_with(name, "upfirdn2d.f_") || starts_with(name, "conv2d_resample.w") ||
        starts_with(name, "filtered_lrelu.f"))
        return true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void run_tensor(golden_case *test, const char *name)
{
    if (is_input(name) || starts_with(name, "adam."))
        return;
    size_t scope = sg_scope_open(test->context);
    if (starts_with(name, "upfirdn2d."))
        run_upfirdn(test, name);
    else if (starts_with(name, "bias_act."))
        run_bias_act(test, name);
    else if (starts_with(name, "conv2d_resample."))
        run_resample(test, name);
    else if (starts_with(name, "filtered_lrelu."))
        run_filtered(test, name);
    else if (starts_with(name, "augment."))
        run_augment(test, name);
    else if (starts_with(name, "numpy_randn."))
        run_numpy_normal(test, name);
    else
        skip_unknown(test, name);
    sg_scope_close(test->context, scope, NULL);
}

bool is_ops_case(const golden_case *test)
{
    static const char *const prefixes[] = {"upfirdn2d.", "bias_act.",    "conv2d_resample.",
                                           "adam.",      "numpy_randn.", "filtered_lrelu.",
                                           "augment."};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (case_first(test, prefixes[i]))
            return true;
    return false;
}

void run_ops_case(const golden_case *base)
{
    golden_case test = *base;
    test.context = sg_context_create(0);
    if (!test.context) {
        report_failure(base->report, base->name, "ops", "no memory left");
        return;
    }
    for (size_t i = 0; i < sg_safetensors_count(test.expected); i++)
        run_tensor(&test, sg_safetensors_at(test.expected, i)->name);
    if (case_first(&test, "adam."))
        run_adam(&test);
    sg_context_destroy(test.context);
}
