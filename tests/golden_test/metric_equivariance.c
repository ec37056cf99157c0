/* Moved and turned pictures, their filters, and the sums of EQ-T and EQ-R; see metric_case.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/metric_case.h"
#include "metrics/equivariance.h"
#include "metrics/moved_picture.h"
#include "metrics/rotation_filter.h"

/* What an operator takes besides the picture. */
typedef struct operator_input {
    const char *name; /* "eq.rot0" */
    metric_tensor t, angle, matrix;
} operator_input;

static sg_picture_size size_of(const metric_tensor *pictures)
{
    return (sg_picture_size){(int)pictures->size[2], (int)pictures->size[3],
                             (int)pictures->size[1]};
}

/* Applies the operator that the name says; false when an input is absent. */
static bool apply(const operator_input *input, const sg_picture_size *size, const float *picture,
                  float *result, unsigned char *valid)
{
    const char *kind = input->name + strlen("eq.");
    const double *t = input->t.values;
    const double *angle = input->angle.values;
    if (strncmp(kind, "int", 3) == 0 && t)
        sg_translate_whole(size, picture, (int)lrint(t[0] * size->width),
                           (int)lrint(t[1] * size->height), result, valid);
    else if (strncmp(kind, "frac", 4) == 0 && t)
        sg_translate_fraction(size, picture, t[0] * size->width, t[1] * size->height, result,
                              valid);
    else if (strncmp(kind, "rot", 3) == 0 && angle)
        sg_rotate(size, picture, angle[0], result, valid);
    else if (strncmp(kind, "pseudo", 6) == 0 && angle)
        sg_pseudo_rotate(size, picture, angle[0], result, valid);
    else if (strncmp(kind, "affine", 6) == 0 && input->matrix.count == 9)
        sg_map_picture(size, picture, input->matrix.values, SG_MAP_REACH, result, valid);
    else
        return false;
    return true;
}

/* Compares the result, one picture, with NAME.out and NAME.mask. */
static void compare_result(golden_case *test, const char *name, const sg_picture_size *size,
                           const float *result, const unsigned char *valid)
{
    char tensor[METRIC_NAME_BYTES + 8];
    const size_t channels = (size_t)size->channels;
    const size_t pixels = (size_t)(size->height * size->width);
    double *values = malloc((channels + 1) * pixels * sizeof *values);
    double *mask = values + channels * pixels;
    for (size_t i = 0; i < channels * pixels; i++)
        values[i % channels * pixels + i / channels] = (double)result[i];
    for (size_t i = 0; i < pixels; i++)
        mask[i] = valid[i];
    snprintf(tensor, sizeof tensor, "%s.out", name);
    metric_compare(test, tensor, values, channels * pixels, METRIC_FLOAT_TOLERANCE, NULL);
    snprintf(tensor, sizeof tensor, "%s.mask", name);
    metric_compare(test, tensor, mask, pixels, 0, NULL);
    free(values);
}

/* Compares NAME.filter, whose taps add up to 1 over all phases. */
static void compare_filter(golden_case *test, const char *name, double angle)
{
    char tensor[METRIC_NAME_BYTES + 8];
    double taps[SG_FILTER_MOST_TAPS * SG_FILTER_MOST_TAPS];
    const bool turns = strncmp(name, "eq.rot", 6) == 0;
    const double sine = turns ? sin(angle) : -sin(angle);
    const sg_lowpass filter = {{cos(angle), sine, -sine, cos(angle)}, turns ? 4 : 1, SG_TURN_REACH};
    const int side = sg_lowpass_side(&filter);
    sg_lowpass_taps(&filter, taps);
    for (int i = 0; i < side * side; i++)
        taps[i] /= filter.step * filter.step;
    snprintf(tensor, sizeof tensor, "%s.filter", name);
    metric_compare(test, tensor, taps, (size_t)(side * side), METRIC_DOUBLE_TOLERANCE, NULL);
}

static metric_tensor read_part(golden_case *test, const char *name, const char *part)
{
    char tensor[METRIC_NAME_BYTES];
    snprintf(tensor, sizeof tensor, "%.150s.%s", name, part);
    return metric_read(test, tensor);
}

/* The angle of "eq.pseudoN" is stored as that of "eq.rotN". */
static metric_tensor read_angle(golden_case *test, const char *name)
{
    char turned[METRIC_NAME_BYTES];
    metric_tensor angle = read_part(test, name, "angle");
    if (angle.values || strncmp(name, "eq.pseudo", 9) != 0)
        return angle;
    snprintf(turned, sizeof turned, "eq.rot%.100s", name + 9);
    return read_part(test, turned, "angle");
}

static void run_operator(golden_case *test, const char *name)
{
    metric_tensor image = metric_read(test, "eq.image");
    operator_input input = {name, read_part(test, name, "t"), read_angle(test, name),
                            read_part(test, name, "matrix")};
    const sg_picture_size size = size_of(&image);
    const size_t pixels = image.size[2] * image.size[3];
    float *picture = metric_picture(&image, 0);
    float *result = malloc((image.size[1] * pixels + 1) * sizeof *result);
    unsigned char *valid = malloc(pixels + 1);
    if (picture && apply(&input, &size, picture, result, valid))
        compare_result(test, name, &size, result, valid);
    else
        report_failure(test->report, test->name, name, "what it was made of is absent");
    if (input.angle.values)
        compare_filter(test, name, input.angle.values[0]);
    free(picture);
    free(result);
    free(valid);
    metric_free(&image);
    metric_free(&input.t);
    metric_free(&input.angle);
    metric_free(&input.matrix);
}

/* ---- EQ-T and EQ-R ---- */

static const char *const moved_names[SG_EQUIVARIANCE_METRICS] = {"eqm.img_int", "eqm.img_frac",
                                                                 "eqm.img_rot"};

/* Computes the transforms of every sample, and compares them; they are in `transforms`. */
static void compare_transforms(golden_case *test, const sg_picture_size *size, size_t samples,
                               sg_transform *transforms)
{
    static const char *const parts[] = {"eqm.uniform_int", "eqm.uniform_frac", "eqm.uniform_rot"};
    metric_tensor uniform[SG_EQUIVARIANCE_METRICS];
    double *t = malloc(5 * samples * sizeof *t);
    for (int i = 0; i < SG_EQUIVARIANCE_METRICS; i++)
        uniform[i] = metric_read(test, parts[i]);
    for (size_t n = 0; n < samples; n++) {
        double draws[SG_EQUIVARIANCE_UNIFORMS] = {0};
        sg_transform *of_sample = transforms + n * SG_EQUIVARIANCE_METRICS;
        for (size_t i = 0; i < 5; i++)
            if (uniform[i / 2].values)
                draws[i] = uniform[i / 2].values[i < 4 ? 2 * n + i % 2 : n];
        sg_equivariance_transforms(size, draws, of_sample);
        t[2 * n] = of_sample[SG_EQT_INT].x;
        t[2 * n + 1] = of_sample[SG_EQT_INT].y;
        t[2 * (samples + n)] = of_sample[SG_EQT_FRAC].x;
        t[2 * (samples + n) + 1] = of_sample[SG_EQT_FRAC].y;
        t[4 * samples + n] = of_sample[SG_EQR].degrees / 180 * M_PI;
    }
    metric_compare(test, "eqm.t_int", t, 2 * samples, METRIC_DOUBLE_TOLERANCE, NULL);
    metric_compare(test, "eqm.t_frac", t + 2 * samples, 2 * samples, METRIC_DOUBLE_TOLERANCE, NULL);
    /* the stored angles went through floats */
    metric_compare(test, "eqm.angle", t + 4 * samples, samples, METRIC_FLOAT_TOLERANCE, NULL);
    for (int i = 0; i < SG_EQUIVARIANCE_METRICS; i++)
        metric_free(&uniform[i]);
    free(t);
}

/* Adds a sample to `sums`, and writes what it adds to `row`: error, count of each metric. */
static sg_status add_sample(const sg_picture_size *size, const sg_transform *transforms, size_t n,
                            const metric_tensor *original, const metric_tensor *moved,
                            sg_equivariance_sums *sums, double *row, sg_error *error)
{
    sg_status status = SG_OK;
    float *picture = metric_picture(original, n);
    for (int i = 0; i < SG_EQUIVARIANCE_METRICS && !status; i++) {
        sg_equivariance_sums added = {0};
        float *of_moved = moved[i].count == original->count ? metric_picture(&moved[i], n) : NULL;
        if (picture && of_moved)
            status = sg_equivariance_add(size, (sg_equivariance_metric)i,
                                         &transforms[n * SG_EQUIVARIANCE_METRICS + (size_t)i],
                                         picture, of_moved, &added, error);
        row[2 * i] = added.squares[i];
        row[2 * i + 1] = added.values[i];
        sums->squares[i] += added.squares[i];
        sums->values[i] += added.values[i];
        free(of_moved);
    }
    free(picture);
    return status;
}

/* The pictures are floats, so that sums of squares of their differences are good to 1e-6. */
static void run_metrics(golden_case *test)
{
    metric_tensor original = metric_read(test, "eqm.orig");
    metric_tensor moved[SG_EQUIVARIANCE_METRICS];
    const sg_picture_size size = size_of(&original);
    const size_t samples = original.size[0];
    sg_transform *transforms = calloc(samples, SG_EQUIVARIANCE_METRICS * sizeof *transforms);
    double *rows = calloc(samples, 2 * SG_EQUIVARIANCE_METRICS * sizeof *rows);
    double values[SG_EQUIVARIANCE_METRICS];
    sg_equivariance_sums sums = {0};
    sg_error error = {0};
    for (int i = 0; i < SG_EQUIVARIANCE_METRICS; i++)
        moved[i] = metric_read(test, moved_names[i]);
    compare_transforms(test, &size, samples, transforms);
    for (size_t n = 0; n < samples && !error.status; n++)
        add_sample(&size, transforms, n, &original, moved, &sums,
                   rows + n * 2 * SG_EQUIVARIANCE_METRICS, &error);
    for (int i = 0; i < SG_EQUIVARIANCE_METRICS; i++)
        values[i] = sg_equivariance_value(&sums, (sg_equivariance_metric)i);
    metric_compare(test, "eqm.sums_per_sample", rows, samples * 2 * SG_EQUIVARIANCE_METRICS,
                   METRIC_FLOAT_TOLERANCE, &error);
    metric_compare(test, "eqm.psnr", values, SG_EQUIVARIANCE_METRICS, METRIC_FLOAT_TOLERANCE,
                   &error);
    metric_compare(test, "eqm.psnr_f32_official", values, SG_EQUIVARIANCE_METRICS,
                   METRIC_SINGLE_TOLERANCE, &error);
    for (int i = 0; i < SG_EQUIVARIANCE_METRICS; i++)
        metric_free(&moved[i]);
    metric_free(&original);
    free(transforms);
    free(rows);
}

void run_equivariance(golden_case *test)
{
    for (size_t i = 0; i < sg_safetensors_count(test->expected); i++) {
        char name[METRIC_NAME_BYTES];
        const char *tensor = sg_safetensors_at(test->expected, i)->name;
        const size_t length = strlen(tensor);
        if (length < 8 || length >= sizeof name || strncmp(tensor, "eq.", 3) != 0 ||
            strcmp(tensor + length - 4, ".out") != 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)length - 4, tensor);
        run_operator(test, name);
    }
    if (case_has(test, "eqm.orig"))
        run_metrics(test);
}
