/* The draws of a batch, slot by slot in the order of the published code. */
#include "train/augment/augment_draws.h"

#include <stdlib.h>

#include "base/allocate.h"

/* How a slot is drawn: its transform, the kind and the number of values for each picture. */
typedef struct slot_row {
    sg_augment_transform transform;
    bool normal;
    int values;
    bool gate_first;
} slot_row;

static const slot_row slots[SG_AUGMENT_SLOTS] = {
    [SG_DRAW_XFLIP] = {SG_AUGMENT_XFLIP, false, 1, false},
    [SG_DRAW_ROTATE90] = {SG_AUGMENT_ROTATE90, false, 1, false},
    [SG_DRAW_XINT] = {SG_AUGMENT_XINT, false, 2, false},
    [SG_DRAW_SCALE] = {SG_AUGMENT_SCALE, true, 1, false},
    [SG_DRAW_ROTATE_BEFORE] = {SG_AUGMENT_ROTATE, false, 1, false},
    [SG_DRAW_ANISO] = {SG_AUGMENT_ANISO, true, 1, false},
    [SG_DRAW_ROTATE_AFTER] = {SG_AUGMENT_ROTATE, false, 1, false},
    [SG_DRAW_XFRAC] = {SG_AUGMENT_XFRAC, true, 2, false},
    [SG_DRAW_BRIGHTNESS] = {SG_AUGMENT_BRIGHTNESS, true, 1, false},
    [SG_DRAW_CONTRAST] = {SG_AUGMENT_CONTRAST, true, 1, false},
    [SG_DRAW_LUMAFLIP] = {SG_AUGMENT_LUMAFLIP, false, 1, false},
    [SG_DRAW_HUE] = {SG_AUGMENT_HUE, false, 1, false},
    [SG_DRAW_SATURATION] = {SG_AUGMENT_SATURATION, true, 1, false},
    [SG_DRAW_BAND] = {SG_AUGMENT_IMGFILTER, true, 1, false},
    [SG_DRAW_BAND + 1] = {SG_AUGMENT_IMGFILTER, true, 1, false},
    [SG_DRAW_BAND + 2] = {SG_AUGMENT_IMGFILTER, true, 1, false},
    [SG_DRAW_BAND_LAST] = {SG_AUGMENT_IMGFILTER, true, 1, false},
    [SG_DRAW_STRENGTH_OF_NOISE] = {SG_AUGMENT_NOISE, true, 1, false},
    [SG_DRAW_CUTOUT] = {SG_AUGMENT_CUTOUT, false, 2, true},
};

/* True if pictures of this size have draws of the slot. */
static bool is_drawn(const sg_augment_spec *spec, sg_augment_size size, int slot)
{
    const bool needs_colours = slot == SG_DRAW_HUE || slot == SG_DRAW_SATURATION;
    return spec->multiplier[slots[slot].transform] > 0 && !(needs_colours && size.channels < 3);
}

/* What one call of sg_augment_draws_make works on. */
typedef struct slot_drawing {
    sg_augment_draws *draws;
    sg_augment_source source;
    void *argument;
    float *buffer; /* [2 samples] */
} slot_drawing;

static void draw_values(const slot_drawing *drawing, int slot)
{
    const slot_row *row = &slots[slot];
    const size_t samples = (size_t)drawing->draws->samples;
    drawing->source(drawing->argument, row->normal, samples * (size_t)row->values, drawing->buffer);
    for (size_t n = 0; n < samples; n++)
        for (int i = 0; i < row->values; i++)
            drawing->draws->rows[n][slot].value[i] =
                (double)drawing->buffer[n * (size_t)row->values + (size_t)i];
}

static void draw_gates(const slot_drawing *drawing, int slot)
{
    const size_t samples = (size_t)drawing->draws->samples;
    drawing->source(drawing->argument, false, samples, drawing->buffer);
    for (size_t n = 0; n < samples; n++)
        drawing->draws->rows[n][slot].gate = (double)drawing->buffer[n];
}

static void draw_slot(const slot_drawing *drawing, int slot)
{
    if (slots[slot].gate_first)
        draw_gates(drawing, slot);
    draw_values(drawing, slot);
    if (!slots[slot].gate_first)
        draw_gates(drawing, slot);
}

sg_status sg_augment_draws_make(const sg_augment_spec *spec, sg_augment_size size,
                                sg_augment_source source, void *argument, sg_augment_draws *draws,
                                sg_error *error)
{
    const size_t pixels = (size_t)(size.channels * size.height * size.width);
    const bool noisy = spec->multiplier[SG_AUGMENT_NOISE] > 0;
    const size_t samples = (size_t)size.samples;
    *draws = (sg_augment_draws){.samples = size.samples};
    draws->rows = sg_allocate(samples, sizeof *draws->rows);
    draws->noise = noisy ? sg_allocate(samples, pixels * sizeof *draws->noise) : NULL;
    const slot_drawing drawing = {draws, source, argument,
                                  sg_allocate(samples, 2 * sizeof *drawing.buffer)};
    if (!draws->rows || (noisy && !draws->noise) || !drawing.buffer) {
        free(drawing.buffer);
        sg_augment_draws_free(draws);
        return sg_fail_memory(error, "the random numbers of augmentation");
    }
    for (int slot = 0; slot < SG_AUGMENT_SLOTS; slot++) {
        if (is_drawn(spec, size, slot))
            draw_slot(&drawing, slot);
        if (slot == SG_DRAW_STRENGTH_OF_NOISE && noisy)
            source(argument, true, samples * pixels, draws->noise);
    }
    free(drawing.buffer);
    return SG_OK;
}

/* Takes numbers from a random stream: uniform ones of 24 bits, which no rounding brings to 1. */
static void draw_random(void *argument, bool normal, size_t count, float *values)
{
    sg_random *random = argument;
    if (normal)
        sg_random_normal_fill(random, values, count);
    for (size_t i = 0; !normal && i < count; i++)
        values[i] = (float)sg_random_below(random, 1u << 24) / (float)(1u << 24);
}

sg_status sg_augment_draws_random(const sg_augment_spec *spec, sg_augment_size size,
                                  sg_random *random, sg_augment_draws *draws, sg_error *error)
{
    return sg_augment_draws_make(spec, size, draw_random, random, draws, error);
}

void sg_augment_draws_free(sg_augment_draws *draws)
{
    free(draws->rows);
    free(draws->noise);
    *draws = (sg_augment_draws){0};
}
