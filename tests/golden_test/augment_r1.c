/* R1 and the generator's loss through the pipe and a discriminator; see augment_case.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/network/network_load.h"
#include "golden_test/augment_case.h"
#include "golden_test/editing_files.h"
#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/reduce.h"
#include "train/augment/augment.h"
#include "train/losses/adversarial.h"

enum { NAME_BYTES = 200, PATH_BYTES = 4096 };

/* The case in one precision: the discriminator and what its scores are of. */
typedef struct r1_case {
    golden_case *test;
    sg_discriminator *discriminator;
    sg_dtype dtype;
    sg_augment_spec spec;
    sg_augment_draws draws;
    double p, gamma;
    sg_tensor *x;
} r1_case;

/* Errors are relative to a tensor's norm; in double, F32 tensors hold 1e-7. */
static double tolerance_of(const r1_case *r1)
{
    return r1->dtype == SG_F64 ? 1e-6 : 1e-4;
}

static const char *precision_of(const r1_case *r1)
{
    return r1->dtype == SG_F64 ? "double" : "single";
}

/* Compares a result, an expected tensor of the same size; zeros compare with `largest`. */
static void compare(const r1_case *r1, const char *name, const double *values, size_t count,
                    double largest)
{
    golden_case *test = r1->test;
    char group[NAME_BYTES];
    snprintf(group, sizeof group, "%s.%s", name, precision_of(r1));
    double *expected = values && case_has(test, name) ? case_values(test, name) : NULL;
    if (expected && case_find(test, name, NULL)->count == count)
        report_error(test->report, test->name, group,
                     relative_error(values, expected, count, 1e-3 * largest), tolerance_of(r1),
                     NULL);
    else
        case_fail(test, group);
    free(expected);
}

static void compare_tensor(const r1_case *r1, const char *name, sg_tensor *result)
{
    sg_tensor *stored =
        result && result->shape.rank == 4 ? sg_to_channels_first(sg_tensor_detach(result)) : result;
    double *values = stored ? tensor_values(stored) : NULL;
    if (case_has(r1->test, name))
        compare(r1, name, values, stored ? (size_t)sg_tensor_count(stored) : 0, 0);
    free(values);
}

/* ---- gradients of the discriminator's parameters ---- */

/* The largest norm among the gradients that the file tells of. */
static double largest_norm(golden_case *test)
{
    double largest = 0;
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        const char *name = sg_safetensors_at(test->expected, i)->name;
        double *values = strncmp(name, "grad_stats.", 11) == 0 ? case_values(test, name) : NULL;
        if (values)
            largest = fmax(largest, values[1]);
        free(values);
    }
    return largest;
}

/* Compares sum, norm, first and last element. A sum may cancel, so that its error is relative to
 * what rounding makes of as many elements. */
static void compare_statistics(const r1_case *r1, const char *name, const double *values,
                               size_t count, double largest)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    double *expected = case_values(r1->test, name);
    const double norm = norm_of(values, count);
    const double scale = norm * sqrt((double)count);
    const double kept =
        expected && fabs(sum - expected[0]) <= tolerance_of(r1) * scale ? expected[0] : sum;
    const double found[4] = {kept, norm, values[0], values[count - 1]};
    free(expected);
    compare(r1, name, found, 4, largest);
}

static void compare_parameter(const r1_case *r1, const sg_parameter *parameter,
                              const sg_tensor *gradient, double largest)
{
    char whole[NAME_BYTES];
    char statistics[NAME_BYTES];
    const size_t count = (size_t)sg_tensor_count(parameter->tensor);
    double *values = calloc(count + 1, sizeof *values);
    snprintf(whole, sizeof whole, "grad.%s", parameter->name);
    snprintf(statistics, sizeof statistics, "grad_stats.%s", parameter->name);
    for (size_t i = 0; values && gradient && i < count; i++)
        values[i] = sg_tensor_value(gradient, (int64_t)i);
    if (values && case_has(r1->test, whole))
        compare(r1, whole, values, count, largest);
    if (values && case_has(r1->test, statistics))
        compare_statistics(r1, statistics, values, count, largest);
    free(values);
}

static void compare_parameters(const r1_case *r1, sg_tensor *loss)
{
    const sg_parameter_set *set = sg_discriminator_parameters(r1->discriminator);
    sg_tensor **tensors = calloc(set->count + 1, sizeof *tensors);
    sg_tensor **gradients = calloc(set->count + 1, sizeof *gradients);
    const double largest = largest_norm(r1->test);
    for (size_t i = 0; tensors && i < set->count; i++)
        tensors[i] = set->items[i].tensor;
    if (tensors && gradients && loss &&
        !sg_gradient(loss, NULL, tensors, set->count, (sg_gradient_options){0}, gradients))
        for (size_t i = 0; i < set->count; i++)
            compare_parameter(r1, &set->items[i], gradients[i], largest);
    else
        case_fail(r1->test, "grad");
    free(tensors);
    free(gradients);
}

/* ---- the losses ---- */

static sg_tensor *score(const r1_case *r1)
{
    return sg_discriminator_score(r1->discriminator,
                                  sg_augment(&r1->spec, r1->p, &r1->draws, r1->x), NULL);
}

static void compare_r1(r1_case *r1)
{
    const int64_t samples = r1->x->shape.size[0];
    sg_tensor *inner = NULL;
    sg_tensor *scores = score(r1);
    compare_tensor(r1, "logits", scores ? sg_tensor_detach(scores) : NULL);
    sg_gradient(scores, NULL, &r1->x, 1, (sg_gradient_options){.create_graph = true}, &inner);
    compare_tensor(r1, "input_grad", inner);
    sg_tensor *penalty = sg_sum_product(inner, inner, SG_SHAPE(samples, 1, 1, 1));
    compare_tensor(r1, "penalty", penalty ? sg_reshape(penalty, SG_SHAPE(samples)) : NULL);
    sg_tensor *loss = sg_affine(sg_mean_all(penalty), r1->gamma / 2, 0);
    compare_tensor(r1, "loss", loss);
    compare_parameters(r1, loss);
}

static void compare_generator_loss(r1_case *r1)
{
    sg_tensor *gradient = NULL;
    sg_tensor *loss = sg_adversarial_loss_of(SG_LOSS_LOGISTIC)->generator(score(r1));
    compare_tensor(r1, "g_loss", loss);
    sg_gradient(loss, NULL, &r1->x, 1, (sg_gradient_options){0}, &gradient);
    compare_tensor(r1, "g_loss_image_grad", gradient);
}

/* ---- the case ---- */

static double number_of(golden_case *test, const char *name)
{
    double *values = case_values(test, name);
    const double number = values ? values[0] : (double)NAN;
    free(values);
    return number;
}

static void run_precision(golden_case *test, sg_discriminator *single, sg_dtype dtype)
{
    r1_case r1 = {
        .test = test, .dtype = dtype, .p = number_of(test, "p"), .gamma = number_of(test, "gamma")};
    size_t scope = sg_scope_open(test->context);
    sg_augment_spec_parse("bgc", "pipe", &r1.spec, NULL);
    test->context->recording = true;
    r1.discriminator = discriminator_in_precision(test->context, single, dtype);
    r1.x = tensor_in_precision(test->context, case_pictures(test, "input"), dtype);
    sg_tensor_require_gradient(r1.x, true);
    if (r1.discriminator && r1.x &&
        read_augment_draws(test, "", &r1.spec, r1.x->shape, &r1.draws)) {
        sg_parameter_set_require_gradient(sg_discriminator_parameters(r1.discriminator), true);
        compare_r1(&r1);
        compare_generator_loss(&r1);
        sg_parameter_set_require_gradient(sg_discriminator_parameters(r1.discriminator), false);
    } else {
        case_fail(test, precision_of(&r1));
    }
    sg_tensor_require_gradient(r1.x, false);
    sg_augment_draws_free(&r1.draws);
    sg_scope_close(test->context, scope, NULL);
    sg_discriminator_destroy(r1.discriminator);
    test->context->recording = false;
}

void run_augment_r1(golden_case *test)
{
    char path[PATH_BYTES];
    sg_discriminator *single = load_editing_discriminator(test, "stylegan2", "all", path);
    if (single) {
        run_precision(test, single, SG_F64);
        run_precision(test, single, SG_F32);
    }
    sg_discriminator_destroy(single);
}
