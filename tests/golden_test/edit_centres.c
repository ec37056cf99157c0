/* Truncation, clusters and interpolation: trunc.*, kmeans.* and interp.* of editing.safetensors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit/centres.h"
#include "edit/waves.h"
#include "golden_test/edit_case.h"
#include "latent/interpolation.h"

enum { SEED = 123, CODES = 500, PICTURES = 2 };

static double *read(const edit_case *edit, const char *name)
{
    return case_has(edit->test, name) ? case_values(edit->test, name) : NULL;
}

static size_t count_of(const edit_case *edit, const char *name)
{
    return case_has(edit->test, name) ? case_find(edit->test, name, NULL)->count : 0;
}

/* What the comparisons share. */
typedef struct centre_case {
    const edit_case *edit;
    double *average; /* the network's w_avg, [width] */
    double *ws;      /* scratch, [PICTURES, inputs, width] */
    double *codes;   /* [CODES, width] */
    sg_moments moments;
} centre_case;

static size_t rows_of(const centre_case *c)
{
    return PICTURES * c->edit->inputs;
}

/* Fills the scratch with the network's first ws. */
static double *fresh(const centre_case *c)
{
    memcpy(c->ws, c->edit->ws, rows_of(c) * c->edit->width * sizeof *c->ws);
    return c->ws;
}

/* Compares the w of input 0 of both pictures. */
static void compare_w(const centre_case *c, const char *name)
{
    const edit_case *edit = c->edit;
    double *w = malloc((PICTURES * edit->width + 1) * sizeof *w);
    for (size_t n = 0; w && n < PICTURES; n++)
        memcpy(w + n * edit->width, c->ws + n * edit->inputs * edit->width,
               edit->width * sizeof *w);
    edit_compare(edit, name, w, PICTURES * edit->width);
    free(w);
}

/* ---- truncation ---- */

static void compare_rules(const centre_case *c)
{
    const edit_case *edit = c->edit;
    const size_t width = edit->width;
    double *psis = read(edit, "trunc.layer_psi");
    if (psis && count_of(edit, "trunc.layer_psi") == edit->inputs) {
        fresh(c);
        for (size_t n = 0; n < PICTURES; n++)
            sg_truncate_rows(c->ws + n * edit->inputs * width, edit->inputs, width, c->average,
                             psis);
        edit_compare_pictures(edit, "trunc.img.layer_psi", c->ws, PICTURES);
    }
    free(psis);
    sg_truncate_radially(fresh(c), rows_of(c), width, c->average,
                         edit_number(edit, "trunc.radius"));
    compare_w(c, "trunc.w.radial");
    edit_compare_pictures(edit, "trunc.img.radial", c->ws, PICTURES);
    edit_compare(edit, "trunc.mean", c->moments.mean, width);
    edit_compare(edit, "trunc.std", c->moments.deviation, width);
}

/* "trunc.w.clamp1.2" and its pictures. */
static void compare_clamped(const centre_case *c)
{
    static const char prefix[] = "trunc.w.clamp";
    const edit_case *edit = c->edit;
    const sg_stored_tensor *stored = case_first(edit->test, prefix);
    char name[EDIT_NAME_BYTES];
    if (!stored)
        return;
    sg_truncate_components(fresh(c), rows_of(c), edit->width, c->moments.mean, c->moments.deviation,
                           strtod(stored->name + strlen(prefix), NULL));
    compare_w(c, stored->name);
    snprintf(name, sizeof name, "trunc.img.clamp%s", stored->name + strlen(prefix));
    edit_compare_pictures(edit, name, c->ws, PICTURES);
}

static void compare_waves(const edit_case *edit)
{
    enum { STEPS = 20, COLUMNS = 3, ROWS = 2, TIMES = 4 };
    static const int times[TIMES] = {0, 4, 9, 15};
    const sg_wave wave = {.columns = COLUMNS, .rows = ROWS, .start = 0.4, .end = 1};
    double waves[TIMES * ROWS * COLUMNS];
    const size_t count = count_of(edit, "trunc.pulse");
    double *pulse = malloc((count + 1) * sizeof *pulse);
    for (size_t k = 0; pulse && k < count; k++)
        pulse[k] = sg_pulse(0.3, 1.1, 2, (double)k / (double)count);
    edit_compare(edit, "trunc.pulse", pulse, count);
    for (int i = 0; i < TIMES * ROWS * COLUMNS; i++)
        waves[i] = sg_wave_at(&wave, i % COLUMNS, i / COLUMNS % ROWS,
                              (double)times[i / (COLUMNS * ROWS)] / STEPS);
    edit_compare(edit, "trunc.wave", waves, TIMES * ROWS * COLUMNS);
    free(pulse);
}

/* ---- clusters ---- */

static void compare_nearest(const centre_case *c, const sg_clusters *clusters)
{
    const edit_case *edit = c->edit;
    const size_t width = edit->width;
    double nearest[PICTURES];
    fresh(c);
    for (size_t n = 0; n < PICTURES; n++) {
        double *ws = c->ws + n * edit->inputs * width;
        const size_t centre = sg_nearest_centre(clusters->centres, clusters->count, width, ws);
        nearest[n] = (double)centre;
        double *psis = malloc((edit->inputs + 1) * sizeof *psis);
        for (size_t i = 0; psis && i < edit->inputs; i++)
            psis[i] = 0.4;
        if (psis)
            sg_truncate_rows(ws, edit->inputs, width, clusters->centres + centre * width, psis);
        free(psis);
    }
    edit_compare(edit, "kmeans.nearest", nearest, PICTURES);
    edit_compare_pictures(edit, "kmeans.img_psi0.4", c->ws, PICTURES);
}

static void compare_clusters(const centre_case *c)
{
    const edit_case *edit = c->edit;
    sg_error error = {0};
    double *initial = read(edit, "kmeans.initial_index");
    const size_t count = count_of(edit, "kmeans.initial_index");
    size_t *indices = malloc((count + 1) * sizeof *indices);
    double *labels = malloc((CODES + 1) * sizeof *labels);
    sg_clusters clusters = {.count = count, .width = edit->width};
    for (size_t i = 0; initial && indices && i < count; i++)
        indices[i] = (size_t)initial[i] % CODES;
    edit_compare(edit, "kmeans.samples", c->codes, CODES * edit->width);
    if (!initial || !indices || !labels ||
        sg_clusters_find(&clusters, c->codes, CODES, indices, &error)) {
        report_failure(edit->test->report, edit->test->name, "kmeans", "%s", error.message);
    } else {
        const double iterations = (double)clusters.iterations;
        for (size_t i = 0; i < CODES; i++)
            labels[i] = (double)clusters.labels[i];
        edit_compare(edit, "kmeans.centres", clusters.centres, count * edit->width);
        edit_compare(edit, "kmeans.labels", labels, CODES);
        edit_compare(edit, "kmeans.inertia", &clusters.inertia, 1);
        edit_compare(edit, "kmeans.iterations", &iterations, 1);
        edit_compare(edit, "kmeans.min_margin", &clusters.margin, 1);
        compare_nearest(c, &clusters);
    }
    sg_clusters_clear(&clusters);
    free(initial);
    free(indices);
    free(labels);
}

/* ---- interpolation ---- */

static void compare_path(const edit_case *edit, const float *ends, size_t width, const char *name,
                         sg_path_method method, sg_easing easing)
{
    const size_t steps = width > 0 ? count_of(edit, name) / width : 0;
    sg_path path = {.keys = ends, .count = 2, .width = width, .method = method};
    float *point = malloc((width + 1) * sizeof *point);
    double *found = malloc((steps * width + 1) * sizeof *found);
    for (size_t k = 0; point && found && k < steps; k++) {
        sg_path_point(&path, 0, sg_ease(easing, (double)k / (double)steps), point);
        for (size_t i = 0; i < width; i++)
            found[k * width + i] = (double)point[i];
    }
    edit_compare(edit, name, found, steps * width);
    free(point);
    free(found);
}

static void compare_interpolations(const edit_case *edit)
{
    double *a = read(edit, "interp.a");
    double *b = read(edit, "interp.b");
    const size_t width = count_of(edit, "interp.a");
    float *ends = malloc((2 * width + 1) * sizeof *ends);
    for (size_t i = 0; a && b && ends && i < width; i++) {
        ends[i] = (float)a[i];
        ends[width + i] = (float)b[i];
    }
    if (a && b && ends) {
        compare_path(edit, ends, width, "interp.linear", SG_PATH_LINEAR, SG_EASING_LINEAR);
        compare_path(edit, ends, width, "interp.linear.smooth", SG_PATH_LINEAR, SG_EASING_SMOOTH);
        compare_path(edit, ends, width, "interp.spherical", SG_PATH_SLERP, SG_EASING_LINEAR);
        compare_path(edit, ends, width, "interp.spherical.smooth", SG_PATH_SLERP, SG_EASING_SMOOTH);
    }
    free(a);
    free(b);
    free(ends);
}

/* ---- all of them ---- */

/* Reads the network's average of w. */
static double *average_of(const edit_case *edit)
{
    const sg_parameter *found =
        sg_parameter_find(sg_generator_parameters(edit->generators[0]), "mapping.w_avg");
    return found ? tensor_values(found->tensor) : NULL;
}

void run_edit_centres(const edit_case *edit)
{
    const sg_style_label none = {0};
    sg_error error = {0};
    centre_case c = {.edit = edit,
                     .average = average_of(edit),
                     .ws = calloc(PICTURES * edit->inputs * edit->width + 1, sizeof(double))};
    sg_status status = sg_draw_codes(edit->generators[0], SEED, CODES, none, 1, &c.codes, &error);
    if (!status)
        status = sg_moments_start(&c.moments, edit->width, &error);
    for (size_t i = 0; i < CODES && !status; i++)
        sg_moments_add(&c.moments, c.codes + i * edit->width);
    sg_moments_finish(&c.moments);
    if (status || !c.average || !c.ws || !edit->ws || edit->ws_count < PICTURES) {
        report_failure(edit->test->report, edit->test->name, "trunc", "%s", error.message);
    } else {
        compare_rules(&c);
        compare_clamped(&c);
        if (case_first(edit->test, "kmeans."))
            compare_clusters(&c);
    }
    compare_waves(edit);
    compare_interpolations(edit);
    sg_moments_clear(&c.moments);
    free(c.codes);
    free(c.average);
    free(c.ws);
}
