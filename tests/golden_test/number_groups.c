/* Adam's steps and NumPy's random numbers against expected values. */
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/numpy_random.h"
#include "golden_test/ops_case.h"
#include "optim/optimiser.h"

static const sg_optimiser_options adam_options = {
    .rate = 0.0025, .beta1 = 0.0, .beta2 = 0.99, .epsilon = 1e-8};

/* One step to p`step`; false when a tensor is absent, of another size, or p is wrong in memory. */
static bool take_step(golden_case *test, int step, float *values, float *first, float *second,
                      size_t count)
{
    char gradient_name[32];
    char group[32];
    snprintf(gradient_name, sizeof gradient_name, "adam.g%d", step - 1);
    snprintf(group, sizeof group, "adam.p%d", step);
    const sg_stored_tensor *stored = sg_safetensors_find(test->expected, gradient_name);
    if (!stored || stored->count != count)
        return false;
    sg_tensor *gradient = case_tensor(test, gradient_name);
    if (!gradient) {
        case_fail(test, group);
        return false;
    }
    sg_optimiser_update(&adam_options, step, (int64_t)count, sg_f32(gradient), first, second,
                        values);
    if (case_has(test, group))
        case_compare(test, group, group,
                     sg_tensor_from_floats(test->context, SG_F32, SG_SHAPE((int64_t)count), values),
                     GOLDEN_OUTPUT_TOLERANCE);
    return true;
}

void run_adam(golden_case *test)
{
    if (!case_has(test, "adam.p0") || !case_has(test, "adam.g0")) {
        report_skip(test->report, test->name, "adam", "adam.p0 or adam.g0 is absent");
        return;
    }
    size_t scope = sg_scope_open(test->context);
    sg_tensor *start = case_tensor(test, "adam.p0");
    size_t count = start ? (size_t)sg_tensor_count(start) : 0;
    float *first = sg_allocate(count + 1, sizeof *first);
    float *second = sg_allocate(count + 1, sizeof *second);
    if (!start || !first || !second) {
        case_fail(test, "adam");
    } else {
        int step = 1;
        while (take_step(test, step, sg_f32(start), first, second, count))
            step++;
    }
    free(first);
    free(second);
    sg_scope_close(test->context, scope, NULL);
}

void run_numpy_normal(golden_case *test, const char *name)
{
    char *end = NULL;
    const char *digits = name + strlen("numpy_randn.seed");
    bool known = strncmp(name, "numpy_randn.seed", strlen("numpy_randn.seed")) == 0;
    unsigned long long seed = known ? strtoull(digits, &end, 10) : 0;
    if (!known || end == digits || *end != '\0' || seed > UINT32_MAX) {
        report_skip(test->report, test->name, name, "how this tensor was made is not known");
        return;
    }
    const sg_stored_tensor *stored = sg_safetensors_find(test->expected, name);
    sg_tensor *numbers =
        sg_tensor_create(test->context, SG_F64,
                         sg_shape_of(stored->rank <= SG_MAX_RANK ? stored->rank : 0, stored->size));
    sg_numpy_random random;
    sg_numpy_random_seed(&random, (uint32_t)seed);
    for (int64_t i = 0; numbers && i < sg_tensor_count(numbers); i++)
        sg_f64(numbers)[i] = sg_numpy_random_normal(&random);
    case_compare(test, name, name, numbers, GOLDEN_OUTPUT_TOLERANCE);
}
