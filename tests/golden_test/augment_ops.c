/* Augmentation at fixed percentiles of every draw, and the pipe's filters; see augment_case.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden_test/augment_case.h"
#include "golden_test/ops_case.h"
#include "ops/augment/warp.h"
#include "train/augment/augment.h"
#include "train/augment/augment_filter.h"

enum { NAME_BYTES = 200 };

/* Inverse of the error function, by Newton's method. */
static double inverse_erf(double y)
{
    const double slope = 2 / sqrt(3.14159265358979323846);
    double x = 0;
    for (int i = 0; i < 50; i++)
        x -= (erf(x) - y) / (slope * exp(-x * x));
    return x;
}

/* The published code's percentiles of normal draws lack a factor of the square root of 2. */
static void draw_percentile(void *argument, bool normal, size_t count, float *values)
{
    const double percentile = *(const double *)argument;
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(normal ? inverse_erf(2 * percentile - 1) : percentile);
}

/* Every gate passes except the second rotation's, which the published code leaves out here. */
static void open_gates(sg_augment_draws *draws)
{
    for (int64_t n = 0; n < draws->samples; n++)
        for (int slot = 0; slot < SG_AUGMENT_SLOTS; slot++)
            draws->rows[n][slot].gate = slot == SG_DRAW_ROTATE_AFTER ? 1 : 0;
}

/* "SPEC.percentileX"; "fc" is the image filter and the cutout. */
static void run_percentile(golden_case *test, const char *name)
{
    char spec_name[40];
    double percentile = 0;
    sg_augment_spec spec;
    sg_augment_draws draws = {0};
    if (sscanf(name, "augment.%39[^.].percentile%lf", spec_name, &percentile) != 2 ||
        sg_augment_spec_parse(strcmp(spec_name, "fc") == 0 ? "filter,cutout" : spec_name, name,
                              &spec, NULL)) {
        report_skip(test->report, test->name, name, "how this tensor was made is not known");
        return;
    }
    sg_tensor *x = case_pictures(test, "augment.x");
    const int64_t *size = x ? x->shape.size : NULL;
    if (x && !sg_augment_draws_make(&spec, (sg_augment_size){size[0], size[3], size[1], size[2]},
                                    draw_percentile, &percentile, &draws, NULL)) {
        open_gates(&draws);
        x = sg_augment(&spec, 1, &draws, x);
    }
    case_compare_pictures(test, name, name, x, GOLDEN_OUTPUT_TOLERANCE);
    sg_augment_draws_free(&draws);
}

static void run_bank(golden_case *test, const char *name)
{
    double bank[SG_AUGMENT_BANDS][SG_AUGMENT_TAPS];
    sg_augment_filter_bank(bank);
    sg_tensor *found =
        sg_tensor_create(test->context, SG_F64, SG_SHAPE(SG_AUGMENT_BANDS, SG_AUGMENT_TAPS));
    if (found)
        memcpy(sg_f64(found), bank, sizeof bank);
    case_compare(test, name, name, found, 1e-6);
}

static void run_symlet(golden_case *test, const char *name)
{
    sg_tensor *found = sg_tensor_create(test->context, SG_F64, SG_SHAPE(SG_WARP_TAPS));
    if (found)
        memcpy(sg_f64(found), sg_warp_filter, sizeof sg_warp_filter);
    case_compare(test, name, name, found, 1e-7);
}

void run_augment(golden_case *test, const char *name)
{
    if (strcmp(name, "augment.Hz_geom") == 0)
        run_symlet(test, name);
    else if (strcmp(name, "augment.Hz_fbank") == 0)
        run_bank(test, name);
    else
        run_percentile(test, name);
}
