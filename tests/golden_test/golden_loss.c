/*
 * Values of losses and their gradients for every trainable parameter; see golden_loss.h. Each loss
 * is computed once, on the tape.
 */
#include "golden_test/golden_loss.h"
#include "checkpoint/network/network_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "checkpoint/maps/tensorflow_names.h"
#include "ops/gradient.h"
#include "ops/layout.h"

sg_tensor *generator_labels(network_case *test, int64_t samples)
{
    return network_labels(test, sg_generator_config_of(test->generator)->c_dim, samples);
}

sg_tensor *discriminator_labels(network_case *test)
{
    return network_labels(test, sg_discriminator_config_of(test->discriminator)->c_dim, 0);
}

sg_tensor *constant_noise_pictures(network_case *test, sg_tensor *ws)
{
    return sg_generator_synthesize(test->generator, ws,
                                   (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
}

bool loss_expects(const network_case *test, const char *name)
{
    return test->base.jitter == 0.0 && case_has(&test->base, name);
}

/* ---- expected gradients ---- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* The norm of the gradient that a tensor of the file tells of; NAN on failure. */
static double expected_norm(network_case *test, const sg_stored_tensor *stored,
                            golden_gradient_form form)
{
    double *values = case_values(&test->base, stored->name);
    double norm = (double)NAN;
    if (values && form != GRADIENT_STATISTICS)
        norm = norm_of(values, stored->count);
    else if (values && stored->count == 3)
        norm = values[1];
    free(values);
    return norm;
}

/* M of the tolerance rule: the largest norm among the expected gradients of a loss. */
static double largest_norm(network_case *test, const golden_loss *row)
{
    double largest = 0.0;
    for (size_t i = 0; i < sg_safetensors_count(test->base.expected); i++) {
        const sg_stored_tensor *stored = sg_safetensors_at(test->base.expected, i);
        for (int k = 0; k < GOLDEN_MOST_GRADIENTS && row->gradients[k].prefix; k++) {
            if (starts_with(stored->name, row->gradients[k].prefix)) {
                double norm = expected_norm(test, stored, row->gradients[k].form);
                largest = isnan(norm) ? norm : fmax(largest, norm);
            }
        }
    }
    return largest;
}

/* ---- computed gradients ---- */

/* Makes of a gradient what the file holds of it, in place; returns how many numbers that is. */
static size_t reduce_gradient(double *values, size_t count, golden_gradient_form form)
{
    if (form == GRADIENT_WHOLE)
        return count;
    if (form == GRADIENT_SAMPLED) {
        size_t kept = 0;
        for (size_t i = 0; i < count; i += GOLDEN_SAMPLE_STRIDE)
            values[kept++] = values[i];
        return kept;
    }
    double sum = 0.0;
    double largest = 0.0;
    const double norm = norm_of(values, count);
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
        largest = fmax(largest, fabs(values[i]));
    }
    values[0] = sum;
    values[1] = norm;
    values[2] = largest;
    return 3;
}

/* The error of one gradient; NAN when it cannot be compared. An absent gradient is zeros. */
static double gradient_error(network_case *test, const char *name, golden_gradient_form form,
                             const sg_tensor *parameter, const sg_tensor *gradient, double largest)
{
    const sg_stored_tensor *stored = sg_safetensors_find(test->base.expected, name);
    size_t count = (size_t)sg_tensor_count(parameter);
    double *expected = case_values(&test->base, name);
    double *values = sg_allocate(count + 3, sizeof *values);
    double error = (double)NAN;
    for (size_t i = 0; values && gradient && i < count; i++)
        values[i] = sg_tensor_value(gradient, (int64_t)i);
    if (expected && values && reduce_gradient(values, count, form) == stored->count)
        error = relative_error(values, expected, stored->count, GOLDEN_GRADIENT_FLOOR * largest);
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

/* The parameter that files call so. TensorFlow's components have the network's name in front. */
static const sg_parameter *find_parameter(const network_case *test, const golden_loss *row,
                                          const sg_parameter_set *set, const char *name)
{
    const sg_foreign_names *names =
        row->of_generator ? test->generator_names : test->discriminator_names;
    if (!names)
        return sg_parameter_find(set, name);
    const char *foreign = starts_with(name, "G_") ? name + 2 : name;
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i].foreign, foreign) == 0)
            return sg_parameter_find(set, names->items[i].official);
    return NULL;
}

/* The largest error of all gradients of a loss in one form, and whose it is. */
static double worst_gradient(network_case *test, const golden_loss *row,
                             const golden_gradients *group, const sg_parameter_set *set,
                             sg_tensor *const *gradients, const char **worst_name)
{
    double worst = 0.0;
    double largest = largest_norm(test, row);
    for (size_t i = 0; i < sg_safetensors_count(test->base.expected); i++) {
        const char *name = sg_safetensors_at(test->base.expected, i)->name;
        if (!starts_with(name, group->prefix) || isnan(worst))
            continue;
        const sg_parameter *parameter =
            find_parameter(test, row, set, name + strlen(group->prefix));
        double error = (double)NAN;
        if (parameter && parameter->trainable)
            error = gradient_error(test, name, group->form, parameter->tensor,
                                   gradients[parameter - set->items], largest);
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
    if (inputs && results && placed) {
        for (size_t i = 0; i < set->count; i++)
            if (set->items[i].trainable)
                inputs[count++] = set->items[i].tensor;
        status = sg_gradient(loss, NULL, inputs, count, (sg_gradient_options){0}, results);
    }
    if (status) {
        free(placed);
        placed = NULL;
    }
    for (size_t i = 0, at = 0; placed && i < set->count; i++)
        placed[i] = set->items[i].trainable ? results[at++] : NULL;
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
static double error_nearby(network_case *test, const golden_loss *row,
                           const golden_gradients *group)
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
        sg_tensor **gradients = loss ? take_gradients(loss, set) : NULL;
        if (gradients)
            least = fmin(least, worst_gradient(test, row, group, set, gradients, &name));
        free(gradients);
        sg_scope_close(test->base.context, scope, NULL);
    }
    test->base.jitter = 0.0;
    sg_context_take_error(test->base.context, NULL);
    return least;
}

static void compare_gradients(network_case *test, const golden_loss *row,
                              const golden_gradients *group, sg_tensor *const *gradients)
{
    char name_of_group[64];
    char detail[400];
    const char *name = NULL;
    const sg_parameter_set *set = loss_parameters(test, row);
    snprintf(name_of_group, sizeof name_of_group, "%.*s", (int)strlen(group->prefix) - 1,
             group->prefix);
    double worst = worst_gradient(test, row, group, set, gradients, &name);
    bool passed = worst <= GOLDEN_GRADIENT_TOLERANCE;
    snprintf(detail, sizeof detail, "%s", passed || !name ? "" : name);
    double nearby = passed ? worst : error_nearby(test, row, group);
    if (!passed && nearby <= GOLDEN_GRADIENT_TOLERANCE) {
        snprintf(detail, sizeof detail,
                 "%s is %.1e off at the given inputs, right within 3e-7 of them: an activation's "
                 "input is zero to rounding",
                 name, worst);
        worst = nearby;
    }
    report_error(test->base.report, test->base.name, name_of_group, worst,
                 GOLDEN_GRADIENT_TOLERANCE, detail);
}

/* Whether the file holds gradients in this form. */
static bool has_gradients(const network_case *test, const golden_gradients *group)
{
    return group->prefix && case_first(&test->base, group->prefix);
}

static void run_gradients(network_case *test, const golden_loss *row, sg_tensor *loss)
{
    sg_tensor **gradients = take_gradients(loss, loss_parameters(test, row));
    if (!gradients) {
        case_fail(&test->base, row->gradients[0].prefix);
        return;
    }
    for (int i = 0; i < GOLDEN_MOST_GRADIENTS; i++)
        if (has_gradients(test, &row->gradients[i]))
            compare_gradients(test, row, &row->gradients[i], gradients);
    free(gradients);
}

/* Whether the file holds gradients of the loss in any form. */
static bool has_any_gradients(const network_case *test, const golden_loss *row)
{
    bool any = false;
    for (int i = 0; i < GOLDEN_MOST_GRADIENTS; i++)
        any = any || has_gradients(test, &row->gradients[i]);
    return any;
}

static void run_graph(network_case *test, const golden_loss *row)
{
    sg_tensor *loss = row->compute(test);
    if (!loss) {
        case_fail(&test->base, row->value);
        return;
    }
    if (case_has(&test->base, row->value))
        case_compare_number(&test->base, row->value, row->value, sg_tensor_value(loss, 0),
                            GOLDEN_OUTPUT_TOLERANCE);
    if (has_any_gradients(test, row))
        run_gradients(test, row, loss);
}

/* Whether a network or an input is absent; says so. */
static bool skip_loss(network_case *test, const golden_loss *row)
{
    const char *group = row->value;
    if ((row->needs_generator && skip_without_generator(test, group)) ||
        (row->needs_discriminator && skip_without_discriminator(test, group)) ||
        skip_without(test, group, row->inputs[0], row->inputs[1]))
        return true;
    bool conditional =
        (row->needs_generator && sg_generator_config_of(test->generator)->c_dim > 0) ||
        (row->needs_discriminator && sg_discriminator_config_of(test->discriminator)->c_dim > 0);
    return conditional && skip_without(test, group, test->labels, NULL);
}

void run_loss(network_case *test, const golden_loss *row)
{
    bool expected = case_has(&test->base, row->value) || has_any_gradients(test, row);
    for (int i = 0; i < 2; i++)
        expected = expected || (row->further[i] && case_has(&test->base, row->further[i]));
    if (!expected || skip_loss(test, row))
        return;
    sg_context *context = test->base.context;
    sg_parameter_set *set = loss_parameters(test, row);
    size_t scope = sg_scope_open(context);
    context->recording = true;
    sg_parameter_set_require_gradient(set, true);
    run_graph(test, row);
    sg_scope_close(context, scope, NULL);
    sg_parameter_set_require_gradient(set, false);
    context->recording = false;
}
