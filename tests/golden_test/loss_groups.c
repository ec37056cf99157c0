/*
 * Losses and their gradients for every trainable parameter. Each loss is computed once, on the
 * tape; its value and its gradients are two groups.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "golden_test/network_case.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "train/losses.h"

/* One loss: its name, which network's gradients it has, and what it needs. */
typedef struct golden_loss {
    const char *name;
    bool of_generator, needs_generator, needs_discriminator;
    const char *inputs[2];
    /* The loss as a graph; may compare further tensors by itself. */
    sg_tensor *(*compute)(network_case *test);
} golden_loss;

static sg_tensor *generator_labels(network_case *test, int64_t samples)
{
    return network_labels(test, sg_generator_config_of(test->generator)->c_dim, samples);
}

static sg_tensor *discriminator_labels(network_case *test)
{
    return network_labels(test, sg_discriminator_config_of(test->discriminator)->c_dim, 0);
}

static sg_tensor *constant_noise_pictures(network_case *test, sg_tensor *ws)
{
    return sg_generator_synthesize(test->generator, ws,
                                   (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
}

static sg_tensor *compute_generator_main(network_case *test)
{
    sg_tensor *w =
        sg_generator_map(test->generator, case_tensor(&test->base, "z"), generator_labels(test, 0));
    sg_tensor *pictures = constant_noise_pictures(test, sg_generator_broadcast(test->generator, w));
    return sg_loss_real(
        sg_discriminator_score(test->discriminator, pictures, discriminator_labels(test)));
}

static sg_tensor *compute_discriminator_main(network_case *test)
{
    sg_tensor *c = discriminator_labels(test);
    sg_tensor *fake =
        sg_discriminator_score(test->discriminator, case_pictures(&test->base, "img"), c);
    sg_tensor *real =
        sg_discriminator_score(test->discriminator, case_pictures(&test->base, "real"), c);
    return sg_add(sg_loss_fake(fake), sg_loss_real(real));
}

/* Whether a further tensor is to be compared: not while a failure is diagnosed. */
static bool expects(const network_case *test, const char *name)
{
    return test->base.jitter == 0.0 && case_has(&test->base, name);
}

static sg_tensor *compute_r1(network_case *test)
{
    static const char group[] = "r1_input_grad";
    sg_tensor *inner = NULL;
    const sg_critic critic = {.discriminator = test->discriminator};
    sg_tensor *loss = sg_loss_r1(&critic, case_pictures(&test->base, "real"),
                                 discriminator_labels(test), 10.0, &inner);
    if (loss != NULL && expects(test, group)) {
        sg_tensor *values = inner != NULL ? sg_tensor_detach(inner) : NULL;
        case_compare_pictures(&test->base, group, group, values, GOLDEN_GRADIENT_TOLERANCE);
    }
    return loss;
}

static sg_tensor *compute_path_length(network_case *test)
{
    sg_path_length state = {.mean = 0.0, .decay = 0.01, .weight = 2.0};
    sg_tensor *noise = case_pictures(&test->base, "pl_noise");
    sg_tensor *z = case_tensor(&test->base, "z");
    if (noise == NULL || z == NULL) {
        return NULL;
    }
    int64_t samples = noise->shape.size[0];
    sg_tensor *w = sg_generator_map(test->generator, sg_slice(z, 0, 0, samples),
                                    generator_labels(test, samples));
    sg_tensor *ws = sg_generator_broadcast(test->generator, w);
    sg_tensor *loss = sg_loss_path_length(constant_noise_pictures(test, ws), ws, noise, &state);
    if (loss != NULL && expects(test, "pl_lengths")) {
        case_compare(&test->base, "pl_lengths", "pl_lengths",
                     sg_reshape(sg_tensor_detach(state.lengths), SG_SHAPE(samples)),
                     GOLDEN_OUTPUT_TOLERANCE);
    }
    if (loss != NULL && expects(test, "pl_mean")) {
        case_compare_number(&test->base, "pl_mean", "pl_mean", state.mean, GOLDEN_OUTPUT_TOLERANCE);
    }
    return loss;
}

static const golden_loss losses[] = {
    {"G_main", true, true, true, {"z", NULL}, compute_generator_main},
    {"D_main", false, false, true, {"img", "real"}, compute_discriminator_main},
    {"D_r1", false, false, true, {"real", NULL}, compute_r1},
    {"G_pl", true, true, false, {"z", "pl_noise"}, compute_path_length},
};

/* ---- gradients ---- */

/* M of the tolerance rule: the largest norm among the expected gradients of a loss. */
static double largest_norm(network_case *test, const char *prefix)
{
    double largest = 0.0;
    for (size_t i = 0; i < sg_safetensors_count(test->base.expected); i++) {
        const sg_stored_tensor *stored = sg_safetensors_at(test->base.expected, i);
        if (strncmp(stored->name, prefix, strlen(prefix)) == 0) {
            double *values = case_values(&test->base, stored->name);
            largest = values != NULL ? fmax(largest, norm_of(values, stored->count)) : (double)NAN;
            free(values);
        }
    }
    return largest;
}

/* The error of one gradient; NAN when it cannot be compared. An absent gradient is zeros. */
static double gradient_error(network_case *test, const char *name, const sg_tensor *parameter,
                             const sg_tensor *gradient, double largest)
{
    const sg_stored_tensor *stored = sg_safetensors_find(test->base.expected, name);
    size_t count = (size_t)sg_tensor_count(parameter);
    double *expected = case_values(&test->base, name);
    double *values = gradient != NULL ? tensor_values(gradient) : sg_allocate(count + 1, 8);
    double error = (double)NAN;
    if (expected != NULL && values != NULL && stored->count == count) {
        error = relative_error(values, expected, count, GOLDEN_GRADIENT_FLOOR * largest);
    }
    free(values);
    free(expected);
    return error;
}

/* Keeps the larger error, NAN being the largest, with its tensor's name. */
static void keep_worst(double error, const char *name, double *worst, const char **worst_name)
{
    if (isnan(error) || error > *worst) {
        *worst = error;
        *worst_name = name;
    }
}

/* The largest error of all gradients of a loss, and whose it is. */
static double worst_gradient(network_case *test, const char *prefix, const sg_parameter_set *set,
                             sg_tensor *const *gradients, const char **worst_name)
{
    double worst = 0.0;
    double largest = largest_norm(test, prefix);
    for (size_t i = 0; i < sg_safetensors_count(test->base.expected); i++) {
        const char *name = sg_safetensors_at(test->base.expected, i)->name;
        if (strncmp(name, prefix, strlen(prefix)) != 0 || isnan(worst)) {
            continue;
        }
        const sg_parameter *parameter = sg_parameter_find(set, name + strlen(prefix));
        double error = (double)NAN;
        if (parameter != NULL && parameter->trainable) {
            error = gradient_error(test, name, parameter->tensor, gradients[parameter - set->items],
                                   largest);
        }
        keep_worst(error, name, &worst, worst_name);
    }
    return worst;
}

/* Gradients for all trainable parameters, at their place in the set; NULL on failure. */
static sg_tensor **take_gradients(sg_tensor *loss, const sg_parameter_set *set)
{
    sg_tensor **inputs = sg_allocate(set->count, sizeof *inputs);
    sg_tensor **results = sg_allocate(set->count, sizeof *results);
    sg_tensor **placed = sg_allocate(set->count, sizeof *placed);
    size_t count = 0;
    sg_status status = SG_ERROR_MEMORY;
    if (inputs != NULL && results != NULL && placed != NULL) {
        for (size_t i = 0; i < set->count; i++) {
            if (set->items[i].trainable) {
                inputs[count++] = set->items[i].tensor;
            }
        }
        status = sg_gradient(loss, NULL, inputs, count, (sg_gradient_options){0}, results);
    }
    if (status != SG_OK) {
        free(placed);
        placed = NULL;
    }
    for (size_t i = 0, at = 0; placed != NULL && i < set->count; i++) {
        placed[i] = set->items[i].trainable ? results[at++] : NULL;
    }
    free(inputs);
    free(results);
    return placed;
}

/* ---- one loss ---- */

static sg_parameter_set *loss_parameters(network_case *test, const golden_loss *row)
{
    return row->of_generator ? sg_generator_parameters(test->generator)
                             : sg_discriminator_parameters(test->discriminator);
}

/*
 * The least error of the gradients for inputs that differ from the given ones by rounding. Where an
 * activation's input lies closer to zero than float32 can tell, the slope on either side is a right
 * answer, and which one the reference took was decided by its own rounding; the gradient then jumps
 * within a rounding of the inputs, and one of the sides must be the expected one.
 */
static double error_nearby(network_case *test, const golden_loss *row, const char *prefix)
{
    enum { ATTEMPTS = 32 };
    static const double rounding = 3e-7;
    double least = (double)INFINITY;
    for (int i = 0; least > GOLDEN_GRADIENT_TOLERANCE && i < ATTEMPTS; i++) {
        size_t scope = sg_scope_open(test->base.context);
        const char *name = NULL;
        test->base.jitter = rounding;
        test->base.random = sg_random_stream(0, (uint64_t)i);
        const sg_parameter_set *set = loss_parameters(test, row);
        sg_tensor *loss = row->compute(test);
        sg_tensor **gradients = loss != NULL ? take_gradients(loss, set) : NULL;
        if (gradients != NULL) {
            least = fmin(least, worst_gradient(test, prefix, set, gradients, &name));
        }
        free(gradients);
        sg_scope_close(test->base.context, scope, NULL);
    }
    test->base.jitter = 0.0;
    sg_context_take_error(test->base.context, NULL);
    return least;
}

static void run_gradients(network_case *test, const golden_loss *row, const char *prefix,
                          sg_tensor *loss)
{
    char group[64];
    char detail[400];
    const char *name = NULL;
    const sg_parameter_set *set = loss_parameters(test, row);
    snprintf(group, sizeof group, "%.*s", (int)strlen(prefix) - 1, prefix);
    sg_tensor **gradients = take_gradients(loss, set);
    if (gradients == NULL) {
        case_fail(&test->base, group);
        return;
    }
    double worst = worst_gradient(test, prefix, set, gradients, &name);
    free(gradients);
    bool passed = worst <= GOLDEN_GRADIENT_TOLERANCE;
    snprintf(detail, sizeof detail, "%s", passed || name == NULL ? "" : name);
    double nearby = passed ? worst : error_nearby(test, row, prefix);
    if (!passed && nearby <= GOLDEN_GRADIENT_TOLERANCE) {
        snprintf(detail, sizeof detail,
                 "%s is %.1e off at the given inputs, right within 3e-7 of them: an activation's "
                 "input is zero to rounding",
                 name, worst);
        worst = nearby;
    }
    report_error(test->base.report, test->base.name, group, worst, GOLDEN_GRADIENT_TOLERANCE,
                 detail);
}

static void run_graph(network_case *test, const golden_loss *row, const char *group,
                      const char *prefix)
{
    sg_tensor *loss = row->compute(test);
    if (loss == NULL) {
        case_fail(&test->base, group);
        return;
    }
    if (case_has(&test->base, group)) {
        case_compare_number(&test->base, group, group, sg_tensor_value(loss, 0),
                            GOLDEN_OUTPUT_TOLERANCE);
    }
    if (case_first(&test->base, prefix) != NULL) {
        run_gradients(test, row, prefix, loss);
    }
}

/* Whether a network or an input is absent; says so. */
static bool skip_loss(network_case *test, const golden_loss *row, const char *group)
{
    if ((row->needs_generator && skip_without_generator(test, group)) ||
        (row->needs_discriminator && skip_without_discriminator(test, group)) ||
        skip_without(test, group, row->inputs[0], row->inputs[1])) {
        return true;
    }
    bool conditional =
        (row->needs_generator && sg_generator_config_of(test->generator)->c_dim > 0) ||
        (row->needs_discriminator && sg_discriminator_config_of(test->discriminator)->c_dim > 0);
    return conditional && skip_without(test, group, "c", NULL);
}

static void run_loss(network_case *test, const golden_loss *row)
{
    char group[32];
    char prefix[32];
    snprintf(group, sizeof group, "loss.%s", row->name);
    snprintf(prefix, sizeof prefix, "grad.%s.", row->name);
    bool expected = case_has(&test->base, group) || case_first(&test->base, prefix) != NULL;
    if (!expected || skip_loss(test, row, group)) {
        return;
    }
    sg_context *context = test->base.context;
    sg_parameter_set *set = loss_parameters(test, row);
    size_t scope = sg_scope_open(context);
    context->recording = true;
    sg_parameter_set_require_gradient(set, true);
    run_graph(test, row, group, prefix);
    sg_scope_close(context, scope, NULL);
    sg_parameter_set_require_gradient(set, false);
    context->recording = false;
}

/* Losses in the file that no row of the table computes. */
static void skip_unknown_losses(network_case *test)
{
    for (size_t i = 0; i < sg_safetensors_count(test->base.expected); i++) {
        const char *name = sg_safetensors_at(test->base.expected, i)->name;
        bool known = strncmp(name, "loss.", 5) != 0;
        for (size_t k = 0; !known && k < sizeof losses / sizeof losses[0]; k++) {
            known = strcmp(name + 5, losses[k].name) == 0;
        }
        if (!known) {
            report_skip(test->base.report, test->base.name, name, "this loss is not known");
        }
    }
}

void run_losses(network_case *test)
{
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++) {
        run_loss(test, &losses[i]);
    }
    skip_unknown_losses(test);
}
