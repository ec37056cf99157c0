/* Reading and comparing expected values; see golden_case.h. */
#include "golden_test/golden_case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/image.h"
#include "ops/layout.h"

const sg_stored_tensor *case_find(const golden_case *test, const char *name, sg_safetensors **file)
{
    sg_safetensors *from = test->expected;
    const sg_stored_tensor *stored = from ? sg_safetensors_find(from, name) : NULL;
    for (int i = 0; !stored && i < GOLDEN_MORE_FILES; i++) {
        from = test->more[i];
        stored = from ? sg_safetensors_find(from, name) : NULL;
    }
    if (file)
        *file = from;
    return stored;
}

bool case_has(const golden_case *test, const char *name)
{
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    return stored && stored->count > 0;
}

const sg_stored_tensor *case_first(const golden_case *test, const char *prefix)
{
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        const sg_stored_tensor *stored = sg_safetensors_at(test->expected, i);
        if (strncmp(stored->name, prefix, strlen(prefix)) == 0)
            return stored;
    }
    return NULL;
}

double *case_values(golden_case *test, const char *name)
{
    sg_safetensors *file = NULL;
    const sg_stored_tensor *stored = case_find(test, name, &file);
    if (!stored) {
        sg_context_fail(test->context, SG_ERROR_FORMAT, "%s is absent", name);
        return NULL;
    }
    double *values = sg_allocate(stored->count + 1, sizeof *values);
    if (!values) {
        sg_context_fail_memory(test->context, "%s", name);
        return NULL;
    }
    sg_error error = {0};
    if (sg_safetensors_read_doubles(file, stored, values, &error)) {
        sg_context_fail(test->context, error.status, "%s", error.message);
        free(values);
        return NULL;
    }
    return values;
}

sg_tensor *case_tensor(golden_case *test, const char *name)
{
    double *values = case_values(test, name);
    if (!values)
        return NULL;
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    sg_tensor *tensor = NULL;
    if (stored->rank > SG_MAX_RANK)
        sg_context_fail(test->context, SG_ERROR_SHAPE, "%s has too many dimensions", name);
    else
        tensor = sg_tensor_create(test->context, SG_F32, sg_shape_of(stored->rank, stored->size));
    for (size_t i = 0; tensor && i < stored->count; i++) {
        double move = test->jitter > 0.0 ? 2.0 * sg_random_uniform(&test->random) - 1.0 : 0.0;
        sg_f32(tensor)[i] = (float)(values[i] * (1.0 + test->jitter * move));
    }
    free(values);
    return tensor;
}

sg_tensor *case_pictures(golden_case *test, const char *name)
{
    return sg_to_channels_last(case_tensor(test, name));
}

double norm_of(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] * values[i];
    return sqrt(sum);
}

double relative_error(const double *a, const double *b, size_t count, double slack)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        double difference = a[i] - b[i];
        sum += difference * difference;
    }
    return sum == 0.0 ? 0.0 : sqrt(sum) / (norm_of(b, count) + slack);
}

double *tensor_values(const sg_tensor *tensor)
{
    size_t count = (size_t)sg_tensor_count(tensor);
    double *values = sg_allocate(count + 1, sizeof *values);
    for (size_t i = 0; values && i < count; i++)
        values[i] = sg_tensor_value(tensor, (int64_t)i);
    return values;
}

void case_fail(golden_case *test, const char *group)
{
    sg_error error = {0};
    sg_context_take_error(test->context, &error);
    report_failure(test->report, test->name, group, "%s",
                   error.message[0] != '\0' ? error.message : "no result and no error");
}

static bool same_shape(const sg_stored_tensor *stored, const sg_tensor *tensor)
{
    bool same = stored->rank == tensor->shape.rank;
    for (int i = 0; same && i < stored->rank; i++)
        same = stored->size[i] == tensor->shape.size[i];
    return same;
}

void case_compare(golden_case *test, const char *group, const char *name, sg_tensor *result,
                  double tolerance)
{
    double *expected = result ? case_values(test, name) : NULL;
    if (!expected) {
        case_fail(test, group);
        return;
    }
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    double *values = tensor_values(result);
    if (!same_shape(stored, result)) {
        char found[200];
        char wanted[200];
        report_failure(test->report, test->name, group, "%s has the shape %s, expected %s", name,
                       sg_shape_print(&result->shape, found),
                       sg_stored_shape_print(stored, wanted));
    } else if (!values) {
        report_failure(test->report, test->name, group, "no memory left");
    } else {
        report_error(test->report, test->name, group,
                     relative_error(values, expected, stored->count, 0.0), tolerance, NULL);
    }
    free(values);
    free(expected);
}

void case_compare_pictures(golden_case *test, const char *group, const char *name,
                           sg_tensor *result, double tolerance)
{
    case_compare(test, group, name, sg_to_channels_first(result), tolerance);
}

void case_compare_levels(golden_case *test, const char *group, const char *name,
                         const sg_tensor *result)
{
    double *expected = result ? case_values(test, name) : NULL;
    if (!expected) {
        case_fail(test, group);
        return;
    }
    size_t count = (size_t)sg_tensor_count(result);
    if (case_find(test, name, NULL)->count == count) {
        double worst = 0.0;
        for (size_t i = 0; i < count; i++)
            worst = fmax(worst, fabs(sg_image_level(sg_f32(result)[i]) - expected[i]));
        report_error(test->report, test->name, group, worst, GOLDEN_LEVEL_TOLERANCE, NULL);
    } else {
        report_failure(test->report, test->name, group, "%s has %zu values, expected %zu", name,
                       count, case_find(test, name, NULL)->count);
    }
    free(expected);
}

void case_compare_number(golden_case *test, const char *group, const char *name, double result,
                         double tolerance)
{
    double *expected = case_values(test, name);
    if (!expected) {
        case_fail(test, group);
        return;
    }
    if (case_find(test, name, NULL)->count == 1) {
        report_error(test->report, test->name, group, relative_error(&result, expected, 1, 0.0),
                     tolerance, NULL);
    } else {
        report_failure(test->report, test->name, group, "%s is not one number", name);
    }
    free(expected);
}
