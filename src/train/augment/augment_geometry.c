/*
 * Transforms of a picture are multiplied into one matrix G, which maps a point of the result to a
 * point of the picture, in pixels from the picture's centre. The picture is padded by reflection,
 * upsampled by 2, sampled at twice the resolution and downsampled, so that no map aliases.
 *
 * Tested by: tests/train/augment/test_augment.c
 */
#include "train/augment/augment_geometry.h"

#include <math.h>
#include <string.h>

#include "ops/augment/warp.h"
#include "train/augment/augment_gate.h"

static const double pi = 3.14159265358979323846;

/* A 2x3 matrix; the third row is (0, 0, 1). */
typedef struct affine_map {
    double m[2][3];
} affine_map;

/* Sets a = a * b. */
static void multiply_right(affine_map *a, affine_map b)
{
    const affine_map left = *a;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            a->m[i][j] =
                left.m[i][0] * b.m[0][j] + left.m[i][1] * b.m[1][j] + (j == 2 ? left.m[i][2] : 0);
}

static affine_map scaling(double x, double y)
{
    return (affine_map){{{x, 0, 0}, {0, y, 0}}};
}

static affine_map rotation(double angle)
{
    return (affine_map){{{cos(angle), -sin(angle), 0}, {sin(angle), cos(angle), 0}}};
}

static affine_map translation(double x, double y)
{
    return (affine_map){{{1, 0, x}, {0, 1, y}}};
}

/* ---- the matrix of each slot, of a draw that passed, for pictures of width x height ---- */

typedef affine_map (*slot_matrix)(const sg_augment_draw *draw, double strength, double width,
                                  double height);

static affine_map flip_matrix(const sg_augment_draw *draw, double strength, double width,
                              double height)
{
    (void)strength, (void)width, (void)height;
    return scaling(1 - 2 * floor(2 * draw->value[0]), 1);
}

/* Quarter turns are exact, so that they compose to the identity. */
static affine_map quarter_matrix(const sg_augment_draw *draw, double strength, double width,
                                 double height)
{
    static const double sines[] = {0, 1, 0, -1};
    const int turns = (int)floor(4 * draw->value[0]) & 3;
    const double sine = sines[turns];
    const double cosine = sines[(turns + 1) & 3];
    (void)strength, (void)width, (void)height;
    return (affine_map){{{cosine, -sine, 0}, {sine, cosine, 0}}};
}

static affine_map shift_matrix(const sg_augment_draw *draw, double strength, double width,
                               double height)
{
    return translation(-rint((2 * draw->value[0] - 1) * strength * width),
                       -rint((2 * draw->value[1] - 1) * strength * height));
}

static affine_map scale_matrix(const sg_augment_draw *draw, double strength, double width,
                               double height)
{
    const double scale = exp2(draw->value[0] * strength);
    (void)width, (void)height;
    return scaling(1 / scale, 1 / scale);
}

static affine_map rotation_matrix(const sg_augment_draw *draw, double strength, double width,
                                  double height)
{
    (void)width, (void)height;
    return rotation((2 * draw->value[0] - 1) * pi * strength);
}

static affine_map stretch_matrix(const sg_augment_draw *draw, double strength, double width,
                                 double height)
{
    const double scale = exp2(draw->value[0] * strength);
    (void)width, (void)height;
    return scaling(1 / scale, scale);
}

static affine_map move_matrix(const sg_augment_draw *draw, double strength, double width,
                              double height)
{
    return translation(-draw->value[0] * strength * width, -draw->value[1] * strength * height);
}

typedef struct slot_row {
    sg_augment_transform transform;
    slot_matrix matrix;
} slot_row;

static const slot_row slots[] = {
    [SG_DRAW_XFLIP] = {SG_AUGMENT_XFLIP, flip_matrix},
    [SG_DRAW_ROTATE90] = {SG_AUGMENT_ROTATE90, quarter_matrix},
    [SG_DRAW_XINT] = {SG_AUGMENT_XINT, shift_matrix},
    [SG_DRAW_SCALE] = {SG_AUGMENT_SCALE, scale_matrix},
    [SG_DRAW_ROTATE_BEFORE] = {SG_AUGMENT_ROTATE, rotation_matrix},
    [SG_DRAW_ANISO] = {SG_AUGMENT_ANISO, stretch_matrix},
    [SG_DRAW_ROTATE_AFTER] = {SG_AUGMENT_ROTATE, rotation_matrix},
    [SG_DRAW_XFRAC] = {SG_AUGMENT_XFRAC, move_matrix},
};

/* Each of the two rotations passes so often that at least one does with probability p. */
static bool passes(const sg_augment_spec *spec, double p, sg_augment_transform transform,
                   const sg_augment_draw *draw)
{
    if (transform != SG_AUGMENT_ROTATE)
        return sg_augment_passes(spec, p, transform, draw);
    return draw->gate < 1 - sqrt(fmin(fmax(1 - spec->multiplier[transform] * p, 0), 1));
}

/* Returns the map G of one picture. */
static affine_map picture_map(const sg_augment_spec *spec, double p, const sg_augment_draw *draws,
                              double width, double height)
{
    affine_map map = scaling(1, 1);
    for (size_t slot = 0; slot < sizeof slots / sizeof slots[0]; slot++) {
        const sg_augment_transform transform = slots[slot].transform;
        if (spec->multiplier[transform] > 0 && passes(spec, p, transform, &draws[slot]))
            multiply_right(
                &map, slots[slot].matrix(&draws[slot], spec->strength[transform], width, height));
    }
    return map;
}

sg_tensor *sg_augment_geometry(const sg_augment_spec *spec, double p, const sg_augment_draws *draws,
                               sg_tensor *images)
{
    if (!images || !sg_augment_spec_has(spec, SG_AUGMENT_XFLIP, SG_AUGMENT_XFRAC))
        return images;
    const int64_t *size = images->shape.size;
    sg_tensor *maps = sg_tensor_create(images->context, SG_F64, SG_SHAPE(size[0], 2, 3));
    for (int64_t n = 0; maps && n < size[0]; n++) {
        const affine_map map =
            picture_map(spec, p, draws->rows[n], (double)size[2], (double)size[1]);
        for (int i = 0; i < 6; i++)
            sg_tensor_set_value(maps, 6 * n + i, map.m[i / 3][i % 3]);
    }
    return sg_warp(images, maps);
}
