/* Reading and comparing in cases of metrics; see metric_case.h. */
#include "golden_test/metric_case.h"

#include <math.h>
#include <stdlib.h>

metric_tensor metric_read(golden_case *test, const char *name)
{
    metric_tensor tensor = {.size = {1, 1, 1, 1}};
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    if (!stored)
        return tensor;
    tensor.values = case_values(test, name);
    tensor.count = stored->count;
    tensor.rank = (size_t)stored->rank;
    for (size_t i = 0; i < tensor.rank && i < 4; i++)
        tensor.size[i] = (size_t)stored->size[i];
    sg_context_take_error(test->context, NULL);
    return tensor;
}

void metric_free(metric_tensor *tensor)
{
    free(tensor->values);
    tensor->values = NULL;
}

float *metric_floats(const metric_tensor *tensor)
{
    float *values = tensor->values ? malloc((tensor->count + 1) * sizeof *values) : NULL;
    for (size_t i = 0; values && i < tensor->count; i++)
        values[i] = (float)tensor->values[i];
    return values;
}

size_t *metric_indices(const metric_tensor *tensor)
{
    size_t *values = tensor->values ? malloc((tensor->count + 1) * sizeof *values) : NULL;
    for (size_t i = 0; values && i < tensor->count; i++)
        values[i] = tensor->values[i] >= 0 ? (size_t)tensor->values[i] : 0;
    return values;
}

float *metric_picture(const metric_tensor *pictures, size_t index)
{
    const size_t channels = pictures->size[1];
    const size_t pixels = pictures->size[2] * pictures->size[3];
    float *values = pictures->values ? malloc((channels * pixels + 1) * sizeof *values) : NULL;
    const double *from = values ? pictures->values + index * channels * pixels : NULL;
    for (size_t i = 0; values && i < channels * pixels; i++)
        values[i % pixels * channels + i / pixels] = (float)from[i];
    return values;
}

void metric_compare(golden_case *test, const char *name, const double *found, size_t count,
                    double tolerance, const sg_error *error)
{
    metric_tensor expected = metric_read(test, name);
    if (expected.values && (!found || (error && error->status)))
        report_failure(test->report, test->name, name, "%s",
                       error && error->status ? error->message : "inputs are absent");
    else if (expected.values && expected.count != count)
        report_failure(test->report, test->name, name, "%zu values, but %zu are expected", count,
                       expected.count);
    else if (expected.values)
        report_error(test->report, test->name, name,
                     relative_error(found, expected.values, count, 0), tolerance, NULL);
    metric_free(&expected);
}

void metric_compare_number(golden_case *test, const char *name, double found, double tolerance,
                           const sg_error *error)
{
    metric_compare(test, name, &found, 1, tolerance, error);
}
