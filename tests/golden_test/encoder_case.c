/*
 * Encoders filled by the names of their tensors; see encoder_case.h. All is computed in double
 * precision, codes and losses also in single.
 */
#include "golden_test/encoder_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files/file.h"
#include "base/files/input_file.h"
#include "features/tape/lpips_tape.h"
#include "golden_test/editing_files.h"
#include "golden_test/feature_numbers.h"
#include "invert/latent_penalties.h"
#include "models/encoder/encoder.h"
#include "models/encoder/encoder_shapes.h"
#include "models/generator.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/reduce.h"
#include "support/filled_network.h"
#include "train/losses/encoding.h"

enum { NAME_BYTES = 200, WHOLE_BYTES = 300, PATH_BYTES = 4096, MOST_BYTES = 1 << 24 };

/* Weights of the losses, as the file was made. */
static const double weight_lpips = 0.8, weight_norm = 0.005, weight_delta = 2e-4;

/* Stored doubles, stored floats and what LPIPS's constants, rounded to single, leave; single. */
static const double exact = 1e-9, rounded = 1e-6, single = 1e-4;

/* The encoders of a file in one precision. */
typedef struct encoder_case {
    golden_case *test;
    sg_dtype dtype;
    char *table; /* encoder_tensors.tsv, a zero after it */
    sg_generator *generator;
    sg_lpips_tape *lpips;
    sg_encoder *encoder;
    const char *kind, *mode; /* "psp", "eval" */
    sg_tensor *x, *y, *average;
    sg_lpips_features target; /* of y */
} encoder_case;

/* The largest error of gradients so far, and of which. */
typedef struct worst_gradient {
    double error;
    char name[NAME_BYTES];
    int compared;
} worst_gradient;

static const char *precision_of(const encoder_case *all)
{
    return all->dtype == SG_F64 ? "double" : "single";
}

/* ---- the encoder ---- */

/* Finds a line "enc.KIND.NAME<tab>SHAPE<tab>" of the table. */
static bool find_shape(const void *user, const char *name, sg_shape *shape)
{
    const encoder_case *all = user;
    char begin[NAME_BYTES];
    snprintf(begin, sizeof begin, "\nenc.%s.%s\t", all->kind, name);
    const char *at = strstr(all->table, begin);
    *shape = (sg_shape){.rank = 0};
    if (!at)
        return false;
    at += strlen(begin);
    while (shape->rank < SG_MAX_RANK) {
        char *end;
        shape->size[shape->rank++] = strtoll(at, &end, 10);
        if (*end != 'x')
            break;
        at = end + 1;
    }
    for (int i = shape->rank; i < SG_MAX_RANK; i++)
        shape->size[i] = 1;
    return true;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    const size_t tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* How a tensor is filled: scale * u + shift, u from 0 to 1. */
static void rule_of(const char *name, const sg_shape *shape, double *scale, double *shift)
{
    const bool in_body = strncmp(name, "body.", 5) == 0 || strncmp(name, "input_layer.", 12) == 0;
    const double bound =
        shape->rank == 2 ? 1
                         : sqrt(6.0 / (double)(shape->size[1] * shape->size[2] * shape->size[3]));
    *scale = in_body ? 0.4 : 0.2; /* biases, and running means */
    *shift = -*scale / 2;
    if (shape->rank > 1) {
        *scale = 2 * bound;
        *shift = -bound;
    } else if (ends_with(name, "running_var")) {
        *scale = 1;
        *shift = 0.5;
    } else if (ends_with(name, ".2.weight")) { /* a rectifier's slope */
        *scale = 0.3;
        *shift = 0.1;
    } else if (ends_with(name, "weight")) {
        *scale = 0.5;
        *shift = 0.75;
    }
}

/* Fills the encoder, whose mean of w is the file's. */
static void fill_encoder(const encoder_case *all)
{
    const sg_parameter_set *set = sg_encoder_parameters(all->encoder);
    for (size_t i = 0; i < set->count; i++) {
        const sg_parameter *item = &set->items[i];
        const size_t count = (size_t)sg_tensor_count(item->tensor);
        double *values = calloc(count + 1, sizeof *values);
        double scale;
        double shift;
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "enc.%s.%s", all->kind, item->name);
        rule_of(item->name, &item->tensor->shape, &scale, &shift);
        if (values && strcmp(item->name, "latent_avg") != 0)
            fill_values(name, scale, shift, count, values);
        const size_t width = (size_t)item->tensor->shape.size[item->tensor->shape.rank - 1];
        for (size_t k = 0; values && k < count; k++) {
            const bool is_average = item->tensor == sg_encoder_average(all->encoder);
            sg_tensor_set_value(item->tensor, (int64_t)k,
                                is_average ? sg_tensor_value(all->average, (int64_t)(k % width))
                                           : (double)(float)values[k]);
        }
        sg_tensor_touch(item->tensor);
        free(values);
    }
}

/* Creates the encoder of a kind; false, reported, when the table has none that can be. */
static bool create_encoder(encoder_case *all)
{
    const sg_encoder_shapes shapes = {find_shape, all};
    sg_error error = {0};
    sg_encoder_config config =
        sg_encoder_config_default((sg_encoder_kind)sg_choice_find(&sg_encoder_choices, all->kind));
    config.num_ws = sg_generator_num_ws(all->generator);
    config.img_resolution = (int)all->x->shape.size[1];
    if (sg_encoder_config_infer(&shapes, &config, &error)) {
        report_failure(all->test->report, all->test->name, all->kind, "%s", error.message);
        return false;
    }
    all->encoder = sg_encoder_create(all->test->context, &config, all->dtype, 0);
    if (!all->encoder) {
        case_fail(all->test, all->kind);
        return false;
    }
    fill_encoder(all);
    return true;
}

/* ---- comparisons ---- */

/* Writes "KIND.MODE.NAME". */
static const char *name_of(const encoder_case *all, const char *name, char text[WHOLE_BYTES])
{
    snprintf(text, WHOLE_BYTES, "%s.%s.%s", all->kind, all->mode, name);
    return text;
}

/* Compares values with a tensor, if the file has it. */
static void compare(const encoder_case *all, const char *name, const double *values, size_t count,
                    double slack, double tolerance)
{
    golden_case *test = all->test;
    char group[WHOLE_BYTES + 16];
    if (!case_has(test, name))
        return;
    snprintf(group, sizeof group, "%s.%s", name, precision_of(all));
    double *expected = values ? case_values(test, name) : NULL;
    if (expected && case_find(test, name, NULL)->count == count)
        report_error(test->report, test->name, group,
                     relative_error(values, expected, count, slack),
                     all->dtype == SG_F64 ? tolerance : single, NULL);
    else
        case_fail(test, group);
    free(expected);
}

static void compare_tensor(const encoder_case *all, const char *name, const sg_tensor *tensor,
                           double tolerance)
{
    char whole[WHOLE_BYTES];
    double *values = tensor ? tensor_values(tensor) : NULL;
    compare(all, name_of(all, name, whole), values, tensor ? (size_t)sg_tensor_count(tensor) : 0, 0,
            tolerance);
    free(values);
}

/*
 * Returns the error of sum (or mean), norm, first and last element of values, relative to those of
 * the tensor `name`; negative when the file has none. A sum may cancel, so that its error is
 * relative to what rounding makes of as many elements.
 */
static double statistics_error(const encoder_case *all, const char *name, const double *values,
                               size_t count, bool mean, double slack)
{
    double sum = 0;
    double *expected = case_has(all->test, name) ? case_values(all->test, name) : NULL;
    if (!expected || case_find(all->test, name, NULL)->count != 4) {
        free(expected);
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        sum += values[i] / (mean ? (double)count : 1);
    const double norm = norm_of(values, count);
    const double limit = rounded * norm * sqrt((double)count);
    const double found[4] = {fabs(sum - expected[0]) <= limit ? expected[0] : sum, norm, values[0],
                             values[count - 1]};
    const double error = relative_error(found, expected, 4, slack);
    free(expected);
    return error;
}

/* Compares the maps of features, of which the file has the mean in place of the sum. */
static void compare_maps(const encoder_case *all, sg_tensor *const *maps)
{
    for (int i = 0; i < SG_ENCODER_MAPS; i++) {
        char name[32];
        char whole[WHOLE_BYTES];
        char group[WHOLE_BYTES + 16];
        double *values = maps[i] ? tensor_values(maps[i]) : NULL;
        snprintf(name, sizeof name, "c%d.stats", i + 1);
        snprintf(group, sizeof group, "%s.%s", name_of(all, name, whole), precision_of(all));
        if (!values) {
            case_fail(all->test, group);
            continue;
        }
        const size_t count = (size_t)sg_tensor_count(maps[i]);
        const double error = fmin(statistics_error(all, whole, values, count, false, 0),
                                  statistics_error(all, whole, values, count, true, 0));
        if (error >= 0)
            report_error(all->test->report, all->test->name, group, error,
                         all->dtype == SG_F64 ? exact : single, NULL);
        free(values);
    }
}

/* ---- gradients ---- */

/* The largest norm among gradients of which the file has statistics. */
static double largest_norm(const encoder_case *all, const char *prefix)
{
    char begin[NAME_BYTES];
    double largest = 0;
    snprintf(begin, sizeof begin, "%s.%s.%sgrad_stats.", all->kind, all->mode, prefix);
    for (size_t i = 0; i < sg_safetensors_count(all->test->expected); i++) {
        const char *name = sg_safetensors_at(all->test->expected, i)->name;
        double *values =
            strncmp(name, begin, strlen(begin)) == 0 ? case_values(all->test, name) : NULL;
        if (values)
            largest = fmax(largest, values[1]);
        free(values);
    }
    return largest;
}

/* Compares a gradient whole, where the file has it, and adds its statistics to the worst. */
static void compare_gradient(const encoder_case *all, const char *prefix,
                             const sg_parameter *parameter, const sg_tensor *gradient, double slack,
                             worst_gradient *worst)
{
    char name[NAME_BYTES];
    char whole[WHOLE_BYTES];
    const size_t count = (size_t)sg_tensor_count(parameter->tensor);
    double *values = calloc(count + 1, sizeof *values);
    for (size_t i = 0; values && gradient && i < count; i++)
        values[i] = sg_tensor_value(gradient, (int64_t)i);
    snprintf(name, sizeof name, "%sgrad.%s", prefix, parameter->name);
    compare(all, name_of(all, name, whole), values, count, slack, rounded);
    snprintf(name, sizeof name, "%sgrad_stats.%s", prefix, parameter->name);
    const double error =
        values ? statistics_error(all, name_of(all, name, whole), values, count, false, slack)
               : INFINITY;
    worst->compared += error >= 0;
    if (!(error <= worst->error)) {
        worst->error = error;
        snprintf(worst->name, sizeof worst->name, "%s", parameter->name);
    }
    free(values);
}

/* Reports the gradients of a loss as one group. */
static void report_gradients(const encoder_case *all, const char *prefix,
                             const worst_gradient *worst)
{
    char name[NAME_BYTES];
    char whole[WHOLE_BYTES];
    snprintf(name, sizeof name, "%sgrad_stats", prefix);
    if (worst->compared > 0)
        report_error(all->test->report, all->test->name, name_of(all, name, whole), worst->error,
                     rounded, worst->name);
}

static void compare_gradients(const encoder_case *all, const char *prefix, sg_tensor *loss)
{
    const sg_parameter_set *set = sg_encoder_parameters(all->encoder);
    sg_tensor **tensors = calloc(set->count + 1, sizeof *tensors);
    sg_tensor **gradients = calloc(set->count + 1, sizeof *gradients);
    const double slack = 1e-3 * largest_norm(all, prefix);
    worst_gradient worst = {0};
    for (size_t i = 0; tensors && i < set->count; i++)
        tensors[i] = set->items[i].tensor;
    if (tensors && gradients && loss &&
        !sg_gradient(loss, NULL, tensors, set->count, (sg_gradient_options){0}, gradients))
        for (size_t i = 0; i < set->count; i++)
            compare_gradient(all, prefix, &set->items[i], gradients[i], slack, &worst);
    else
        case_fail(all->test, *prefix ? prefix : "grad_stats");
    report_gradients(all, prefix, &worst);
    free(tensors);
    free(gradients);
}

/* ---- losses ---- */

/* Returns the weighted sum of the losses, each of which is compared. */
static sg_tensor *compare_losses(const encoder_case *all, const char *prefix, sg_tensor *codes,
                                 sg_tensor *image, int stage)
{
    char name[NAME_BYTES];
    const bool deltas = strcmp(all->kind, "e4e") == 0;
    sg_tensor *difference = sg_subtract(image, all->y);
    sg_tensor *l2 = sg_mean_all(sg_multiply(difference, difference));
    const sg_lpips_features painted =
        sg_lpips_tape_features(all->lpips, sg_affine(image, 127.5, 127.5));
    sg_tensor *lpips = sg_lpips_tape_distance(&painted, &all->target);
    sg_tensor *third = deltas ? sg_penalty_of_delta(codes, stage) : sg_loss_code_norm(codes);
    sg_tensor *loss = sg_add(sg_add(l2, sg_affine(lpips, weight_lpips, 0)),
                             sg_affine(third, deltas ? weight_delta : weight_norm, 0));
    const struct {
        const char *name;
        const sg_tensor *value;
        double tolerance;
    } rows[] = {{"l2", l2, exact},
                {"lpips", lpips, rounded},
                {deltas ? "delta" : "w_norm", third, exact},
                {"loss", loss, rounded}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(name, sizeof name, "%s%s", prefix, rows[i].name);
        compare_tensor(all, name, rows[i].value, rows[i].tolerance);
    }
    return loss;
}

/* Compares all that follows from codes of one stage, named with a prefix ("stage4."). */
static void compare_stage(const encoder_case *all, const char *prefix, sg_encoder_pass pass)
{
    char name[NAME_BYTES];
    char whole[WHOLE_BYTES];
    sg_tensor *codes = sg_encoder_codes(all->encoder, all->x, pass);
    snprintf(name, sizeof name, "%scodes", prefix);
    compare_tensor(all, name, codes, exact);
    snprintf(name, sizeof name, "%sloss", prefix);
    if (!codes || !case_has(all->test, name_of(all, name, whole)))
        return;
    sg_tensor *image = sg_generator_synthesize(
        all->generator, sg_encoder_styles(all->encoder, codes), (sg_synthesis_options){0});
    snprintf(name, sizeof name, "%simage", prefix);
    if (image)
        compare_tensor(all, name, sg_to_channels_first(sg_tensor_detach(image)), rounded);
    sg_tensor *loss = compare_losses(all, prefix, codes, image, pass.stage);
    if (all->dtype == SG_F64)
        compare_gradients(all, prefix, loss);
}

/* ---- the case ---- */

/* Finds the next stage of which the file has codes, "KIND.MODE.stageN.codes", from *stage on. */
static bool next_stage(const encoder_case *all, int *stage)
{
    char name[NAME_BYTES];
    for (; *stage <= SG_ENCODER_MOST_WS; ++*stage) {
        snprintf(name, sizeof name, "%s.%s.stage%d.codes", all->kind, all->mode, *stage);
        if (case_has(all->test, name))
            return true;
    }
    return false;
}

static void compare_running(const encoder_case *all)
{
    const sg_parameter_set *set = sg_encoder_parameters(all->encoder);
    for (size_t i = 0; i < set->count; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "after.%s", set->items[i].name);
        compare_tensor(all, name, set->items[i].tensor, exact);
    }
}

static void run_mode(encoder_case *all, bool training)
{
    char codes[WHOLE_BYTES];
    sg_tensor *maps[SG_ENCODER_MAPS] = {NULL};
    sg_encoder_pass pass = {.norm = {training, training}, .stage = SG_ENCODER_ALL_DELTAS};
    all->mode = training ? "train" : "eval";
    if (!case_has(all->test, name_of(all, "codes", codes)))
        return;
    size_t scope = sg_scope_open(all->test->context);
    pass.maps = maps;
    compare_stage(all, "", pass);
    compare_maps(all, maps);
    compare_running(all);
    sg_scope_close(all->test->context, scope, NULL);
    pass.maps = NULL;
    pass.norm.update_averages = false;
    for (int stage = 0; next_stage(all, &stage); stage++) {
        char prefix[32];
        scope = sg_scope_open(all->test->context);
        snprintf(prefix, sizeof prefix, "stage%d.", stage);
        pass.stage = stage;
        compare_stage(all, prefix, pass);
        sg_scope_close(all->test->context, scope, NULL);
    }
}

static void run_kind(encoder_case *all, const char *kind)
{
    all->kind = kind;
    if (!create_encoder(all))
        return;
    sg_parameter_set_require_gradient(sg_encoder_parameters(all->encoder), true);
    run_mode(all, false);
    run_mode(all, true);
    sg_parameter_set_require_gradient(sg_encoder_parameters(all->encoder), false);
    sg_encoder_destroy(all->encoder);
    all->encoder = NULL;
}

/* Writes LPIPS's filled weights to a file and opens it in the case's precision. */
static sg_status open_lpips(encoder_case *all, sg_error *error)
{
    static const char *const name = "lpips.safetensors";
    char folder[SCRATCH_BYTES];
    char path[2 * SCRATCH_BYTES];
    const char *file = path;
    if (!make_scratch(folder))
        return sg_fail(error, SG_ERROR_FILE, "no folder for LPIPS's weights");
    snprintf(path, sizeof path, "%s/%s", folder, name);
    sg_status status = write_filled_vgg16(path, FILLED_LAYERS | FILLED_HEADS, error);
    if (!status)
        status = sg_lpips_tape_find(all->test->context, all->dtype, &file, 1, &all->lpips, error);
    remove_scratch(folder, &name, 1);
    return status;
}

/* Makes inputs and networks in a precision. */
static sg_status prepare(encoder_case *all, sg_error *error)
{
    golden_case *test = all->test;
    all->x = tensor_in_precision(test->context, case_pictures(test, "x"), all->dtype);
    all->y = tensor_in_precision(test->context, case_pictures(test, "y"), all->dtype);
    double *average = case_values(test, "latent_avg");
    all->average = sg_tensor_create(
        test->context, all->dtype,
        SG_SHAPE(average ? (int64_t)case_find(test, "latent_avg", NULL)->count : 1));
    for (int64_t i = 0; average && all->average && i < sg_tensor_count(all->average); i++)
        sg_tensor_set_value(all->average, i, average[i]);
    free(average);
    SG_TRY(sg_context_take_error(test->context, error));
    SG_TRY(open_lpips(all, error));
    all->target = sg_lpips_tape_features(all->lpips, sg_affine(all->y, 127.5, 127.5));
    return sg_context_take_error(test->context, error);
}

static void run_precision(golden_case *test, char *table, sg_dtype dtype)
{
    encoder_case all = {.test = test, .table = table, .dtype = dtype};
    sg_error error = {0};
    all.generator = load_editing_generator_in(test, "stylegan2", precision_of(&all), dtype);
    if (!all.generator)
        return;
    const size_t scope = sg_scope_open(test->context);
    test->context->recording = true;
    if (prepare(&all, &error))
        report_failure(test->report, test->name, precision_of(&all), "%s", error.message);
    else
        for (size_t i = 0; i < sg_encoder_choices.count; i++)
            run_kind(&all, sg_choice_name(&sg_encoder_choices, i));
    test->context->recording = false;
    sg_scope_close(test->context, scope, NULL);
    sg_lpips_tape_close(all.lpips);
    sg_generator_destroy(all.generator);
}

void run_encoder(golden_case *test)
{
    char path[PATH_BYTES];
    unsigned char *table = NULL;
    size_t size = 0;
    sg_error error = {0};
    run_ranger(test);
    if (!case_has(test, "x"))
        return;
    snprintf(path, sizeof path, "%s/encoder_tensors.tsv", test->folder);
    if (sg_read_file(path, MOST_BYTES, &table, &size, &error)) { /* a zero follows the bytes */
        report_failure(test->report, test->name, "all", "%s", error.message);
        return;
    }
    run_precision(test, (char *)table, SG_F64);
    run_precision(test, (char *)table, SG_F32);
    free(table);
}
