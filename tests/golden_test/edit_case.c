/* The network of a case of editing, comparisons, and what runs its parts; see edit_case.h. */
#include "golden_test/edit_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/editing_files.h"
#include "ops/layout.h"

enum { PATH_BYTES = 4096, DOUBLE = 0, SINGLE = 1 };

static const double double_tolerance = 1e-9; /* of f64 tensors */
static const double float_tolerance = 1e-6;  /* of f32 tensors */
static const double single_tolerance = 2e-5; /* of pictures in single precision */

/* Stored as the published program computes it, which adds 1e-8 to a denominator. */
static const char published_condition[] = "orth.conditioned_2";
static const double published_tolerance = 1e-7;

bool edit_open(golden_case *test, const char *group, edit_case *edit)
{
    char path[PATH_BYTES];
    golden_case inputs = *test;
    *edit = (edit_case){.test = test};
    sg_generator *single = load_editing_generator(test, "stylegan2", group, path);
    edit->generators[SINGLE] = single;
    if (!single)
        return false;
    edit->generators[DOUBLE] = generator_in_precision(test->context, single, SG_F64);
    edit->inputs = (size_t)sg_generator_num_ws(single);
    edit->width = (size_t)sg_generator_config_of(single)->w_dim;
    inputs.expected = open_network_values(path);
    const sg_stored_tensor *stored =
        inputs.expected ? sg_safetensors_find(inputs.expected, "ws") : NULL;
    if (stored && stored->rank == 3) {
        edit->ws_count = (size_t)stored->size[0];
        edit->ws = case_values(&inputs, "ws");
    }
    sg_safetensors_close(inputs.expected);
    return edit->generators[DOUBLE];
}

void edit_close(edit_case *edit)
{
    sg_generator_destroy(edit->generators[DOUBLE]);
    sg_generator_destroy(edit->generators[SINGLE]);
    free(edit->ws);
}

double edit_number(const edit_case *edit, const char *name)
{
    double *values = case_has(edit->test, name) ? case_values(edit->test, name) : NULL;
    const double number = values ? values[0] : 0;
    free(values);
    return number;
}

void edit_fail(const edit_case *edit, const char *group, const sg_error *error)
{
    report_failure(edit->test->report, edit->test->name, group, "%s", error->message);
}

/* ---- comparisons ---- */

static double tolerance_of(const sg_stored_tensor *stored)
{
    if (strcmp(stored->name, published_condition) == 0)
        return published_tolerance;
    return stored->type == SG_STORED_F64 ? double_tolerance : float_tolerance;
}

void edit_compare(const edit_case *edit, const char *name, const double *values, size_t count)
{
    golden_case *test = edit->test;
    if (!case_has(test, name))
        return;
    const sg_stored_tensor *stored = case_find(test, name, NULL);
    double *expected = values && stored->count == count ? case_values(test, name) : NULL;
    if (expected)
        report_error(test->report, test->name, name, relative_error(values, expected, count, 0),
                     tolerance_of(stored), NULL);
    else if (values)
        report_failure(test->report, test->name, name, "it has %zu numbers, not %zu", stored->count,
                       count);
    else
        case_fail(test, name);
    free(expected);
}

/* Computes pictures [N, C, H, W] as doubles, on the heap; NULL on failure. */
static double *synthesize(const edit_case *edit, int precision, const double *ws, size_t count,
                          size_t *size)
{
    sg_generator *generator = edit->generators[precision];
    const size_t scope = sg_scope_open(edit->test->context);
    sg_tensor *tensor =
        sg_tensor_create(edit->test->context, sg_generator_parameters(generator)->dtype,
                         SG_SHAPE((int64_t)count, (int64_t)edit->inputs, (int64_t)edit->width));
    for (int64_t i = 0; tensor && i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, ws[i]);
    const sg_tensor *pictures =
        sg_to_channels_first(sg_generator_synthesize(generator, tensor, (sg_synthesis_options){0}));
    double *values = pictures ? tensor_values(pictures) : NULL;
    *size = pictures ? (size_t)sg_tensor_count(pictures) : 0;
    sg_scope_close(edit->test->context, scope, NULL);
    return values;
}

void edit_compare_pictures(const edit_case *edit, const char *name, const double *ws, size_t count)
{
    golden_case *test = edit->test;
    if (!case_has(test, name))
        return;
    for (int precision = DOUBLE; precision <= SINGLE; precision++) {
        char group[EDIT_NAME_BYTES];
        size_t size = 0;
        double *found = synthesize(edit, precision, ws, count, &size);
        double *expected = case_values(test, name);
        snprintf(group, sizeof group, "%s.%s", name, precision == DOUBLE ? "double" : "single");
        if (found && expected && case_find(test, name, NULL)->count == size)
            report_error(test->report, test->name, group, relative_error(found, expected, size, 0),
                         precision == DOUBLE ? float_tolerance : single_tolerance, NULL);
        else
            case_fail(test, group);
        free(found);
        free(expected);
    }
}

/* ---- the file ---- */

static void skip_unknown(const golden_case *test)
{
    static const char *const known[] = {"s.",    "mix.",   "arith.",  "edit.",   "orth.",
                                        "walk.", "trunc.", "kmeans.", "interp.", "svm."};
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        const char *name = sg_safetensors_at(test->expected, i)->name;
        bool found = false;
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
            found = found || strncmp(name, known[k], strlen(known[k])) == 0;
        if (!found)
            report_skip(test->report, test->name, name, "how this tensor was made is not known");
    }
}

void run_editing(golden_case *test)
{
    edit_case edit;
    if (edit_open(test, "all", &edit)) {
        run_edit_styles(&edit);
        run_edit_mixes(&edit);
        run_edit_directions(&edit);
        run_edit_centres(&edit);
        skip_unknown(test);
    }
    edit_close(&edit);
}
