/* StyleSpace: values, moments, edits and gradients; the s.* of editing.safetensors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/edit_case.h"
#include "ops/arithmetic.h"
#include "ops/reduce.h"

enum { EDITED_PICTURES = 2 };

/* "s.KIND.02.b8.conv0". */
static const char *name_of(const char *kind, const sg_style_space *space, size_t layer, char *name)
{
    snprintf(name, EDIT_NAME_BYTES, "s.%s.%02zu.%s", kind, layer, space->layers[layer].name);
    return name;
}

static sg_tensor *tensor_of(const edit_case *edit, const double *ws, size_t count)
{
    sg_tensor *tensor =
        sg_tensor_create(edit->test->context, SG_F64,
                         SG_SHAPE((int64_t)count, (int64_t)edit->inputs, (int64_t)edit->width));
    for (int64_t i = 0; tensor && i < sg_tensor_count(tensor); i++)
        sg_tensor_set_value(tensor, i, ws[i]);
    return tensor;
}

static void compare_values(const edit_case *edit, const sg_style_space *space)
{
    const size_t scope = sg_scope_open(edit->test->context);
    sg_tensor *ws = tensor_of(edit, edit->ws, edit->ws_count);
    for (size_t i = 0; i < space->count; i++) {
        char name[EDIT_NAME_BYTES];
        const sg_tensor *styles = sg_style_values(&space->layers[i], ws);
        double *values = styles ? tensor_values(styles) : NULL;
        edit_compare(edit, name_of("values", space, i, name), values,
                     styles ? (size_t)sg_tensor_count(styles) : 0);
        free(values);
    }
    sg_scope_close(edit->test->context, scope, NULL);
}

static void compare_moments(const edit_case *edit, const sg_style_space *space,
                            const sg_moments *moments)
{
    char name[EDIT_NAME_BYTES];
    for (size_t i = 0; i < space->count; i++) {
        const sg_style_layer *layer = &space->layers[i];
        edit_compare(edit, name_of("mean", space, i, name), moments->mean + layer->first,
                     layer->channels);
        edit_compare(edit, name_of("std", space, i, name), moments->deviation + layer->first,
                     layer->channels);
    }
}

/* ---- edits ---- */

/* Compares the pictures with some of the shifts in both precisions. */
static void compare_shifted(const edit_case *edit, const sg_style_space *spaces, const char *name,
                            const sg_style_shift *shifts, size_t count)
{
    double saved[2][EDIT_MOST_PICTURES];
    for (int i = 0; i < 2; i++)
        sg_style_shift_begin(&spaces[i], shifts, count, saved[i]);
    edit_compare_pictures(edit, name, edit->ws, EDITED_PICTURES);
    for (int i = 0; i < 2; i++)
        sg_style_shift_end(&spaces[i], shifts, count, saved[i]);
}

static void compare_edits(const edit_case *edit, const sg_style_space *spaces,
                          const sg_moments *moments)
{
    golden_case *test = edit->test;
    sg_style_shift shifts[EDIT_MOST_PICTURES] = {{0}};
    double *layers = case_values(test, "s.edit_layer_index");
    double *channels = case_values(test, "s.edit_channel");
    double *alphas = case_values(test, "s.edit_alpha");
    const size_t count = layers ? case_find(test, "s.edit_layer_index", NULL)->count : 0;
    for (size_t i = 0; channels && alphas && i < count && i < EDIT_MOST_PICTURES; i++) {
        char name[EDIT_NAME_BYTES];
        shifts[i] = (sg_style_shift){.layer = (size_t)layers[i], .channel = (size_t)channels[i]};
        if (shifts[i].layer < spaces->count)
            shifts[i].amount =
                alphas[i] *
                moments->deviation[spaces->layers[shifts[i].layer].first + shifts[i].channel];
        snprintf(name, sizeof name, "s.edit_img.%zu", i);
        compare_shifted(edit, spaces, name, &shifts[i], 1);
    }
    if (count > 0 && count <= EDIT_MOST_PICTURES)
        compare_shifted(edit, spaces, "s.edit_img.all", shifts, count);
    edit_compare_pictures(edit, "s.base_img", edit->ws, EDITED_PICTURES); /* all are moved back */
    free(layers);
    free(channels);
    free(alphas);
}

/* ---- gradients ---- */

static void compare_gradients(const edit_case *edit, const sg_style_space *space)
{
    char name[EDIT_NAME_BYTES];
    golden_case *test = edit->test;
    const size_t scope = sg_scope_open(test->context);
    double *gradient = calloc(space->channels + 1, sizeof *gradient);
    test->context->recording = true;
    sg_style_space_require_gradient(space, true);
    sg_tensor *picture = sg_generator_synthesize(edit->generators[0], tensor_of(edit, edit->ws, 1),
                                                 (sg_synthesis_options){0});
    sg_tensor *number = picture ? sg_mean_all(sg_multiply(picture, picture)) : NULL;
    if (!gradient || !number || sg_style_gradient(space, number, gradient))
        case_fail(test, "s.grad_mean_square");
    else
        for (size_t i = 0; i < space->count; i++)
            edit_compare(edit, name_of("grad_mean_square", space, i, name),
                         gradient + space->layers[i].first, space->layers[i].channels);
    sg_style_space_require_gradient(space, false);
    test->context->recording = false;
    sg_scope_close(test->context, scope, NULL);
    free(gradient);
}

/* ---- all of them ---- */

void run_edit_styles(const edit_case *edit)
{
    sg_style_space spaces[2] = {{0}};
    sg_moments moments = {0};
    sg_error error = {0};
    const sg_style_label none = {0};
    if (sg_style_space_open(edit->generators[0], &spaces[0], &error) ||
        sg_style_space_open(edit->generators[1], &spaces[1], &error) ||
        sg_style_moments(&spaces[0], SG_STYLE_SEED, SG_STYLE_CODES, none, SG_STYLE_PSI, &moments,
                         &error)) {
        edit_fail(edit, "s", &error);
    } else if (edit->ws && edit->ws_count >= EDITED_PICTURES) {
        const double layers = (double)spaces->count;
        edit_compare(edit, "s.layer_count", &layers, 1);
        compare_values(edit, &spaces[0]);
        compare_moments(edit, &spaces[0], &moments);
        if (case_has(edit->test, "s.edit_layer_index"))
            compare_edits(edit, spaces, &moments);
        if (case_first(edit->test, "s.grad_mean_square."))
            compare_gradients(edit, &spaces[0]);
    } else {
        report_skip(edit->test->report, edit->test->name, "s", "the ws of the network are absent");
    }
    sg_moments_clear(&moments);
    sg_style_space_clear(&spaces[0]);
    sg_style_space_clear(&spaces[1]);
}
