/* Checks of parameter sets. */
#include "support/parameters.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

void assert_parameters(const sg_parameter_set *set, const expected_parameter *expected,
                       size_t count)
{
    char found_shape[160];
    char expected_shape[160];
    for (size_t i = 0; i < count && i < set->count; i++) {
        const sg_parameter *found = &set->items[i];
        const sg_shape shape = sg_shape_of(expected[i].shape.rank, expected[i].shape.size);
        assert_string_equal(found->name, expected[i].name);
        assert_int_equal(found->trainable, expected[i].trainable);
        if (!sg_shape_equal(&found->tensor->shape, &shape))
            fail_msg("%s has the shape %s, expected %s", found->name,
                     sg_shape_print(&found->tensor->shape, found_shape),
                     sg_shape_print(&shape, expected_shape));
    }
    assert_int_equal(set->count, count);
}

sg_tensor *parameter_named(const sg_parameter_set *set, const char *name)
{
    const sg_parameter *parameter = sg_parameter_find(set, name);
    if (!parameter)
        fail_msg("the set holds no %s", name);
    return parameter->tensor;
}

void assert_all_values(const sg_tensor *tensor, double value)
{
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        if (sg_tensor_value(tensor, i) != value)
            fail_msg("value %lld is %g, expected %g", (long long)i, sg_tensor_value(tensor, i),
                     value);
}

void assert_normal_values(const sg_tensor *tensor, double deviation)
{
    const int64_t count = sg_tensor_count(tensor);
    double sum = 0;
    double squares = 0;
    for (int64_t i = 0; i < count; i++) {
        const double value = sg_tensor_value(tensor, i);
        sum += value;
        squares += value * value;
        assert_true(i == 0 || value != sg_tensor_value(tensor, i - 1));
    }
    const double mean = sum / (double)count;
    const double found = sqrt(squares / (double)count);
    if (fabs(mean) > 5 * deviation / sqrt((double)count))
        fail_msg("the mean of %lld values is %g", (long long)count, mean);
    if (fabs(found / deviation - 1) > 5 / sqrt(2.0 * (double)count))
        fail_msg("the deviation of %lld values is %g, expected %g", (long long)count, found,
                 deviation);
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text);
    const size_t ending_length = strlen(ending);
    return length >= ending_length && strcmp(text + length - ending_length, ending) == 0;
}

void unsettle_parameters(sg_parameter_set *set, uint64_t seed)
{
    sg_random random = sg_random_stream(seed, 13);
    for (size_t i = 0; i < set->count; i++) {
        const char *name = set->items[i].name;
        sg_tensor *tensor = set->items[i].tensor;
        if (!ends_with(name, "bias") && !ends_with(name, "noise_strength") &&
            !ends_with(name, "w_avg"))
            continue;
        for (int64_t k = 0; k < sg_tensor_count(tensor); k++) {
            const double sign = sg_random_uniform(&random) < 0.5 ? -1 : 1;
            const double size = 0.1 + 0.4 * sg_random_uniform(&random);
            sg_tensor_set_value(tensor, k, sg_tensor_value(tensor, k) + sign * size);
        }
        sg_tensor_touch(tensor);
    }
}

bool copy_parameters(sg_parameter_set *to, const sg_parameter_set *from)
{
    if (to->count != from->count)
        return false;
    for (size_t i = 0; i < to->count; i++) {
        sg_tensor *target = to->items[i].tensor;
        const sg_tensor *source = from->items[i].tensor;
        if (strcmp(to->items[i].name, from->items[i].name) != 0 ||
            !sg_shape_equal(&target->shape, &source->shape))
            return false;
        for (int64_t k = 0; k < sg_tensor_count(source); k++)
            sg_tensor_set_value(target, k, sg_tensor_value(source, k));
        sg_tensor_touch(target);
    }
    return true;
}
