/*
 * Transforms of a picture's colours are multiplied into one 4x4 matrix on (r, g, b, 1). A picture
 * of 1 or 2 channels has one colour, the grey in its first channel, and the matrix that follows
 * from equal r, g and b and the mean of the results.
 *
 * Tested by: tests/train/augment/test_augment.c
 */
#include "train/augment/augment_colour.h"

#include <math.h>

#include "ops/augment/mix_channels.h"
#include "train/augment/augment_gate.h"

static const double pi = 3.14159265358979323846;

/* The first three rows of a 4x4 matrix whose last row is (0, 0, 0, 1). */
typedef struct colour_matrix {
    double m[3][4];
} colour_matrix;

/* Sets a = b * a. */
static void multiply_left(colour_matrix *a, colour_matrix b)
{
    const colour_matrix right = *a;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 4; j++)
            a->m[i][j] = b.m[i][0] * right.m[0][j] + b.m[i][1] * right.m[1][j] +
                         b.m[i][2] * right.m[2][j] + (j == 3 ? b.m[i][3] : 0);
}

/* Returns `grey` times the projection on the grey axis plus `rest` times what is orthogonal. */
static colour_matrix around_grey(double grey, double rest)
{
    colour_matrix matrix = {{{0}}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            matrix.m[i][j] = (i == j ? rest : 0) + (grey - rest) / 3;
    return matrix;
}

static colour_matrix brightness_matrix(double value, double strength)
{
    const double shift = value * strength;
    return (colour_matrix){{{1, 0, 0, shift}, {0, 1, 0, shift}, {0, 0, 1, shift}}};
}

static colour_matrix contrast_matrix(double value, double strength)
{
    const double scale = exp2(value * strength);
    return around_grey(scale, scale);
}

static colour_matrix lumaflip_matrix(double value, double strength)
{
    (void)strength;
    return around_grey(1 - 2 * floor(2 * value), 1);
}

/* Rotates about the grey axis, by Rodrigues' formula. */
static colour_matrix hue_matrix(double value, double strength)
{
    const double angle = (2 * value - 1) * pi * strength;
    const double sine = sin(angle) / sqrt(3);
    colour_matrix matrix = around_grey(1, cos(angle));
    for (int i = 0; i < 3; i++) {
        matrix.m[i][(i + 1) % 3] -= sine;
        matrix.m[i][(i + 2) % 3] += sine;
    }
    return matrix;
}

static colour_matrix saturation_matrix(double value, double strength)
{
    return around_grey(1, exp2(value * strength));
}

typedef struct slot_row {
    sg_augment_slot slot;
    sg_augment_transform transform;
    bool needs_colours;
    colour_matrix (*matrix)(double value, double strength);
} slot_row;

static const slot_row slots[] = {
    {SG_DRAW_BRIGHTNESS, SG_AUGMENT_BRIGHTNESS, false, brightness_matrix},
    {SG_DRAW_CONTRAST, SG_AUGMENT_CONTRAST, false, contrast_matrix},
    {SG_DRAW_LUMAFLIP, SG_AUGMENT_LUMAFLIP, false, lumaflip_matrix},
    {SG_DRAW_HUE, SG_AUGMENT_HUE, true, hue_matrix},
    {SG_DRAW_SATURATION, SG_AUGMENT_SATURATION, true, saturation_matrix},
};

/* Returns the matrix of one picture. */
static colour_matrix picture_matrix(const sg_augment_spec *spec, double p,
                                    const sg_augment_draw *draws, bool coloured)
{
    colour_matrix matrix = around_grey(1, 1);
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        const slot_row *row = &slots[i];
        const sg_augment_draw *draw = &draws[row->slot];
        if ((coloured || !row->needs_colours) && sg_augment_passes(spec, p, row->transform, draw))
            multiply_left(&matrix, row->matrix(draw->value[0], spec->strength[row->transform]));
    }
    return matrix;
}

/* Returns the matrix for pictures with one colour. */
static colour_matrix grey_matrix(colour_matrix matrix)
{
    colour_matrix grey = {{{0}}};
    for (int i = 0; i < 3; i++) {
        grey.m[0][0] += (matrix.m[i][0] + matrix.m[i][1] + matrix.m[i][2]) / 3;
        grey.m[0][3] += matrix.m[i][3] / 3;
    }
    return grey;
}

/* Writes the matrix as a map of `colours` channels; returns true if it changes anything. */
static bool write_map(colour_matrix matrix, int64_t colours, double *map)
{
    bool changed = false;
    for (int64_t i = 0; i < colours; i++) {
        for (int64_t j = 0; j < colours; j++)
            map[i * (colours + 1) + j] = matrix.m[i][j];
        map[i * (colours + 1) + colours] = matrix.m[i][3];
        for (int64_t j = 0; j <= colours; j++)
            changed = changed || map[i * (colours + 1) + j] != (i == j);
    }
    return changed;
}

sg_tensor *sg_augment_colour(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                             sg_tensor *images)
{
    if (!images || !sg_augment_spec_has(spec, SG_AUGMENT_BRIGHTNESS, SG_AUGMENT_SATURATION))
        return images;
    const int64_t samples = images->shape.size[0];
    const int64_t colours = images->shape.size[3] < 3 ? 1 : 3;
    const int64_t size = colours * (colours + 1);
    sg_tensor *maps =
        sg_tensor_create(images->context, SG_F64, SG_SHAPE(samples, colours, colours + 1));
    bool changed = false;
    for (int64_t n = 0; maps && n < samples; n++) {
        const colour_matrix matrix = picture_matrix(spec, p, draws->rows[n], colours == 3);
        double map[3 * 4];
        changed = write_map(colours == 3 ? matrix : grey_matrix(matrix), colours, map) || changed;
        for (int64_t i = 0; i < size; i++)
            sg_tensor_set_value(maps, n * size + i, map[i]);
    }
    return maps && !changed ? images : sg_mix_channels(images, maps);
}
