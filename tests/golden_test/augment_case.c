/* Augmentation with the draws of the file, in double and in single precision; see augment_case.h.
 */
#include "golden_test/augment_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/arithmetic.h"
#include "ops/gradient.h"
#include "ops/layout.h"
#include "ops/reduce.h"
#include "train/augment/augment.h"

enum { NAME_BYTES = 200 };

/* Of f32 and of f64 tensors when computed in double, and of all in single precision. */
static const double stored_single_tolerance = 1e-6;
static const double stored_double_tolerance = 1e-9;
static const double single_tolerance = 5e-5;

/* ---- draws ---- */

/* Where the next draw of a case is found, and whether all so far were as asked for. */
typedef struct draw_reader {
    golden_case *test;
    const char *prefix;
    int next;
    bool right;
} draw_reader;

/* Reads the next tensor of draws; the wrong kind or number makes the reader wrong. */
static void read_draw(void *argument, bool normal, size_t count, float *values)
{
    draw_reader *reader = argument;
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%sdraw.%02d.%s", reader->prefix, reader->next++,
             normal ? "randn" : "rand");
    const sg_stored_tensor *stored = case_find(reader->test, name, NULL);
    double *numbers = stored && stored->count == count ? case_values(reader->test, name) : NULL;
    for (size_t i = 0; i < count; i++)
        values[i] = numbers ? (float)numbers[i] : 0;
    if (!numbers && reader->right)
        sg_context_fail(reader->test->context, SG_ERROR_FORMAT, "%s with %zu numbers is absent",
                        name, count);
    reader->right = reader->right && numbers;
    free(numbers);
}

bool read_augment_draws(golden_case *test, const char *prefix, const sg_augment_spec *spec,
                        sg_shape pictures, sg_augment_draws *draws)
{
    draw_reader reader = {test, prefix, 0, true};
    const sg_augment_size size = {pictures.size[0], pictures.size[3], pictures.size[1],
                                  pictures.size[2]};
    return !sg_augment_draws_make(spec, size, read_draw, &reader, draws, NULL) && reader.right;
}

/* ---- pipes ---- */

/* One pipe of a file, in one precision. */
typedef struct pipe_case {
    golden_case *test;
    const char *name;   /* "rgb.bgc" */
    const char *prefix; /* "rgb.bgc." */
    sg_augment_spec spec;
    double p;
    sg_augment_draws draws;
    sg_dtype dtype;
} pipe_case;

/* The results: values, gradient of the sum of squares, gradient of that one's sum of squares. */
typedef struct pipe_results {
    sg_tensor *y, *sum, *gradient, *gradient_sum, *second;
} pipe_results;

static sg_tensor *pictures_of(golden_case *test, const char *name, sg_dtype dtype)
{
    sg_tensor *single = case_pictures(test, name);
    sg_tensor *pictures = single ? sg_tensor_create(test->context, dtype, single->shape) : NULL;
    for (int64_t i = 0; pictures && i < sg_tensor_count(single); i++)
        sg_tensor_set_value(pictures, i, sg_tensor_value(single, i));
    return pictures;
}

static sg_tensor *square_sum(sg_tensor *x)
{
    return sg_sum_product(x, x, sg_shape_of(0, NULL));
}

static void compute_pipe(const pipe_case *pipe, sg_tensor *x, pipe_results *results)
{
    *results = (pipe_results){0};
    pipe->test->context->recording = true;
    sg_tensor_require_gradient(x, true);
    results->y = sg_augment(&pipe->spec, pipe->p, &pipe->draws, x);
    results->sum = square_sum(results->y);
    sg_gradient(results->sum, NULL, &x, 1, (sg_gradient_options){.create_graph = true},
                &results->gradient);
    results->gradient_sum = square_sum(results->gradient);
    sg_gradient(results->gradient_sum, NULL, &x, 1, (sg_gradient_options){0}, &results->second);
    pipe->test->context->recording = false;
}

/* The relative error of a result, NAN when it or what is expected is not there. */
static double result_error(golden_case *test, const char *pipe, const char *what, sg_tensor *result)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s.%s", pipe, what);
    double error = (double)NAN;
    sg_tensor *stored =
        result && result->shape.rank == 4 ? sg_to_channels_first(sg_tensor_detach(result)) : result;
    double *expected = stored ? case_values(test, name) : NULL;
    double *values = stored ? tensor_values(stored) : NULL;
    if (expected && values && case_find(test, name, NULL)->count == (size_t)sg_tensor_count(stored))
        error = relative_error(values, expected, (size_t)sg_tensor_count(stored), 0);
    free(expected);
    free(values);
    return error;
}

static void report_pipe(const pipe_case *pipe, const char *what, double error, double tolerance)
{
    golden_case *test = pipe->test;
    char group[NAME_BYTES];
    snprintf(group, sizeof group, "%s.%s", pipe->name, what);
    if (test->context->error.status)
        case_fail(test, group);
    else
        report_error(test->report, test->name, group, error, tolerance, NULL);
}

/* fmax that keeps NAN. */
static double worst_of(double a, double b)
{
    return isnan(a) || a > b ? a : b;
}

static void compare_pipe(pipe_case *pipe, sg_dtype dtype)
{
    char input[NAME_BYTES];
    golden_case *test = pipe->test;
    pipe_results results;
    snprintf(input, sizeof input, "%.*s.input", (int)strcspn(pipe->name, "."), pipe->name);
    sg_tensor *x = pictures_of(test, input, dtype);
    if (x && read_augment_draws(test, pipe->prefix, &pipe->spec, x->shape, &pipe->draws))
        compute_pipe(pipe, x, &results);
    else
        results = (pipe_results){0};
    const double pictures =
        worst_of(result_error(test, pipe->name, "y", results.y),
                 worst_of(result_error(test, pipe->name, "grad", results.gradient),
                          result_error(test, pipe->name, "grad2", results.second)));
    const double sums = worst_of(result_error(test, pipe->name, "sum_y2", results.sum),
                                 result_error(test, pipe->name, "sum_grad2", results.gradient_sum));
    if (dtype == SG_F64) {
        report_pipe(pipe, "double", pictures, stored_single_tolerance);
        report_pipe(pipe, "sums", sums, stored_double_tolerance);
    } else {
        report_pipe(pipe, "single", worst_of(pictures, sums), single_tolerance);
    }
    sg_tensor_require_gradient(x, false);
    sg_augment_draws_free(&pipe->draws);
}

/* Runs the pipe "LABEL.SPEC". */
static void run_pipe(golden_case *test, const char *name)
{
    char tensor[NAME_BYTES + 8];
    char prefix[NAME_BYTES + 8];
    sg_error error = {0};
    pipe_case pipe = {.test = test, .name = name, .prefix = prefix};
    snprintf(tensor, sizeof tensor, "%s.p", name);
    double *p = case_values(test, tensor);
    const char *spec = strchr(name, '.');
    if (!p || !spec || sg_augment_spec_parse(spec + 1, name, &pipe.spec, &error)) {
        report_failure(test->report, test->name, name, "%s", p ? error.message : "p is absent");
        free(p);
        return;
    }
    pipe.p = p[0];
    free(p);
    snprintf(prefix, sizeof prefix, "%s.", name);
    for (int i = 0; i < 2; i++) {
        size_t scope = sg_scope_open(test->context);
        compare_pipe(&pipe, i == 0 ? SG_F64 : SG_F32);
        sg_scope_close(test->context, scope, NULL);
    }
}

void run_augment_pipes(golden_case *test)
{
    bool found = false;
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        char name[NAME_BYTES];
        const char *tensor = sg_safetensors_at(test->expected, i)->name;
        const size_t length = strlen(tensor);
        if (length < 3 || length >= sizeof name || strcmp(tensor + length - 2, ".p") != 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)length - 2, tensor);
        run_pipe(test, name);
        found = true;
    }
    if (!found)
        report_failure(test->report, test->name, "all", "the file holds no pipe");
}
