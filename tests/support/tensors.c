/* Fixtures of the tensor and op tests. */
#include "support/tensors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "base/random.h"
#include "support/numbers.h"

int context_setup(void **state)
{
    sg_context *context = sg_context_create(2);
    if (!context)
        return -1;
    context->recording = true;
    *state = context;
    return 0;
}

int context_teardown(void **state)
{
    sg_context *context = *state;
    sg_scope_close(context, 0, NULL);
    assert_int_equal(sg_pool_bytes_in_use(context->pool), 0);
    assert_string_equal(context->error.message, "");
    sg_context_destroy(context);
    return 0;
}

sg_tensor *random_tensor(sg_context *context, sg_dtype dtype, sg_shape shape, uint64_t seed)
{
    sg_tensor *tensor = sg_tensor_create(context, dtype, shape);
    assert_non_null(tensor);
    sg_random random = sg_random_stream(seed, 11);
    for (int64_t i = 0; i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, 2 * sg_random_uniform(&random) - 1);
    return tensor;
}

sg_tensor *random_leaf(sg_context *context, sg_dtype dtype, sg_shape shape, uint64_t seed)
{
    sg_tensor *tensor = random_tensor(context, dtype, shape, seed);
    sg_tensor_require_gradient(tensor, true);
    return tensor;
}

sg_tensor *leaf_of(sg_context *context, sg_shape shape, const double *values)
{
    sg_tensor *tensor = sg_tensor_create(context, SG_F64, shape);
    assert_non_null(tensor);
    memcpy(sg_f64(tensor), values, (size_t)sg_tensor_count(tensor) * sizeof *values);
    sg_tensor_require_gradient(tensor, true);
    return tensor;
}

static double *values_of(const sg_tensor *tensor)
{
    int64_t count = sg_tensor_count(tensor);
    double *values = zero_doubles(count);
    for (int64_t i = 0; i < count; i++)
        values[i] = sg_tensor_value(tensor, i);
    return values;
}

void assert_tensors_near(const char *what, const sg_tensor *found, const sg_tensor *expected,
                         double tolerance)
{
    char a[160];
    char b[160];
    if (!found || !expected)
        fail_msg("%s: a tensor is missing", what);
    if (!sg_shape_equal(&found->shape, &expected->shape))
        fail_msg("%s: shape %s, expected %s", what, sg_shape_print(&found->shape, a),
                 sg_shape_print(&expected->shape, b));
    double *found_values = values_of(found);
    double *expected_values = values_of(expected);
    assert_doubles_near(what, found_values, expected_values, sg_tensor_count(found), tolerance);
    free(found_values);
    free(expected_values);
}

void assert_refused(sg_context *context, const sg_tensor *result, sg_status status)
{
    sg_error error = {0};
    assert_null(result);
    assert_int_equal(sg_context_take_error(context, &error), status);
    assert_true(strlen(error.message) > 15);
    assert_non_null(strchr(error.message, ' '));
}
