/*
 * A bank of four wavelet filters (Symlet-2) splits a picture into octaves; their gains are drawn,
 * with the power of a natural picture kept. The sum of the filters, weighted by the gains, is one
 * filter for each picture, applied in both axes.
 *
 * Tested by: tests/train/augment/test_augment.c
 */
#include "train/augment/augment_filter.h"

#include <math.h>
#include <string.h>

#include "ops/augment/reflect.h"
#include "ops/layout.h"
#include "ops/upfirdn.h"
#include "train/augment/augment_gate.h"

enum { WAVELET = 4, LOWPASS = 2 * WAVELET - 1 };

/* Symlet-2, with a sum of the square root of 2. */
static const double symlet[WAVELET] = {-0.12940952255092145, 0.22414386804185735, 0.836516303737469,
                                       0.48296291314469025};

/* The expected power of a natural picture's bands: 1 / frequency, over a sum of 1. */
static const double power[SG_AUGMENT_BANDS] = {10.0 / 13, 1.0 / 13, 1.0 / 13, 1.0 / 13};

/* Computes half of the product of the wavelet and its mirror image; the high-pass has signs that
 * alternate. */
static void square_wavelet(bool high, double taps[LOWPASS])
{
    memset(taps, 0, LOWPASS * sizeof *taps);
    for (int i = 0; i < WAVELET; i++)
        for (int k = 0; k < WAVELET; k++) {
            const bool negative = high && (i + k) % 2 != 0;
            taps[i + WAVELET - 1 - k] += (negative ? -0.5 : 0.5) * symlet[i] * symlet[k];
        }
}

/* Inserts zeros between the `count` taps of a row and convolves it with the low-pass. */
static void spread(double *row, int count, const double lowpass[LOWPASS])
{
    double wide[SG_AUGMENT_TAPS] = {0};
    for (int i = 0; i < count; i++)
        for (int k = 0; k < LOWPASS; k++)
            wide[2 * i + k] += row[i] * lowpass[k];
    memcpy(row, wide, sizeof wide);
}

void sg_augment_filter_bank(double bank[SG_AUGMENT_BANDS][SG_AUGMENT_TAPS])
{
    double low[LOWPASS];
    double high[LOWPASS];
    int count = 1;
    square_wavelet(false, low);
    square_wavelet(true, high);
    memset(bank, 0, SG_AUGMENT_BANDS * sizeof bank[0]);
    bank[0][0] = 1;
    for (int band = 1; band < SG_AUGMENT_BANDS; band++) {
        for (int row = 0; row < SG_AUGMENT_BANDS; row++)
            spread(bank[row], count, low);
        count = 2 * count - 1 + LOWPASS - 1;
        for (int k = 0; k < LOWPASS; k++)
            bank[band][(count - LOWPASS) / 2 + k] += high[k];
    }
}

/* Computes the filter of one picture; returns false when no gate passed. */
static bool picture_taps(const sg_augment_spec *spec, double p, const sg_augment_draw *draws,
                         double bank[SG_AUGMENT_BANDS][SG_AUGMENT_TAPS],
                         double taps[SG_AUGMENT_TAPS])
{
    double gains[SG_AUGMENT_BANDS] = {1, 1, 1, 1};
    bool changed = false;
    for (int band = 0; band < SG_AUGMENT_BANDS; band++) {
        const sg_augment_draw *draw = &draws[SG_DRAW_BAND + band];
        if (!sg_augment_passes(spec, p, SG_AUGMENT_IMGFILTER, draw))
            continue;
        const double gain = exp2(draw->value[0] * spec->strength[SG_AUGMENT_IMGFILTER]);
        const double norm = sqrt(1 + power[band] * (gain * gain - 1));
        for (int i = 0; i < SG_AUGMENT_BANDS; i++)
            gains[i] *= (i == band ? gain : 1) / norm;
        changed = true;
    }
    for (int k = 0; k < SG_AUGMENT_TAPS; k++) {
        taps[k] = 0;
        for (int band = 0; band < SG_AUGMENT_BANDS; band++)
            taps[k] += gains[band] * bank[band][k];
    }
    return changed;
}

/* Filters one picture, [1, H, W, C], along one axis, for which `shape` has the taps. */
static sg_tensor *filter_axis(sg_tensor *picture, const double taps[SG_AUGMENT_TAPS], int axis,
                              sg_shape shape)
{
    const int64_t reach = SG_AUGMENT_TAPS / 2;
    sg_upfirdn_options options = sg_upfirdn_defaults();
    options.flip_filter = true;
    if (!picture)
        return NULL;
    sg_tensor *filter = sg_tensor_create(picture->context, picture->dtype, shape);
    for (int i = 0; filter && i < SG_AUGMENT_TAPS; i++)
        sg_tensor_set_value(filter, i, taps[i]);
    return sg_upfirdn(sg_reflect(picture, axis, reach, reach), filter, options);
}

static sg_tensor *filter_picture(sg_tensor *picture, const double taps[SG_AUGMENT_TAPS])
{
    sg_tensor *wide = filter_axis(picture, taps, 2, SG_SHAPE(1, SG_AUGMENT_TAPS));
    return filter_axis(wide, taps, 1, SG_SHAPE(SG_AUGMENT_TAPS, 1));
}

/* What the pictures of a batch are filtered with. */
typedef struct filtering {
    const sg_augment_spec *spec;
    double p;
    const sg_augment_draws *draws;
    double bank[SG_AUGMENT_BANDS][SG_AUGMENT_TAPS];
    int64_t at_once; /* pictures with one filter: 1 except in a rehearsal */
} filtering;

/* Filters pictures whose first one is the batch's picture `first`. Halves keep slices, their
 * gradients and concatenation cheap. */
static sg_tensor *filter_range(filtering *f, sg_tensor *images, int64_t first)
{
    double taps[SG_AUGMENT_TAPS];
    if (!images)
        return NULL;
    const int64_t count = images->shape.size[0];
    const int64_t half = count / 2;
    if (count > f->at_once)
        return sg_concatenate(
            filter_range(f, sg_slice(images, 0, 0, half), first),
            filter_range(f, sg_slice(images, 0, half, count - half), first + half), 0);
    const bool changed = picture_taps(f->spec, f->p, f->draws->rows[first], f->bank, taps);
    return changed ? filter_picture(images, taps) : images;
}

/* True if a gate of a picture passes. */
static bool is_filtered(const sg_augment_spec *spec, double p, const sg_augment_draws *draws)
{
    for (int band = 0; band < SG_AUGMENT_BANDS; band++)
        if (sg_augment_is_due(spec, p, draws, SG_AUGMENT_IMGFILTER,
                              (sg_augment_slot)(SG_DRAW_BAND + band)))
            return true;
    return false;
}

sg_tensor *sg_augment_filter(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                             sg_tensor *images)
{
    if (!images || !is_filtered(spec, p, draws))
        return images;
    /* A rehearsal takes fewer graphs for as much work. */
    enum { REHEARSED = 16 };
    filtering f = {.spec = spec, .p = p, .draws = draws, .at_once = 1};
    if (sg_is_hollow(images->context))
        f.at_once = draws->samples / REHEARSED + 1;
    sg_augment_filter_bank(f.bank);
    return filter_range(&f, images, 0);
}
