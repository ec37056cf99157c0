/*
 * Tap images: their place in memory, and their numbers as floats.
 *
 * Tested by: tests/kernels/convolution/test_tap_convolution.c
 */
#include "kernels/convolution/tap_image.h"

#include "kernels/product/product.h"
#include "kernels/vector/integers.h"

#define TEMPLATE "kernels/convolution/tap_image.inc"
#define TEMPLATE_SPLITS
#include "kernels/vector/each_width.inc"

/* Numbers beyond the last that a product's rows may reach: rows of a whole block, each of some
 * pixels, and a vector more. */
static int64_t beyond(const sg_tap_layout *l)
{
    enum { WIDEST_STRIDE = 2, VECTOR = 64 };
    return WIDEST_STRIDE * SG_TAP_ROWS_STORED * l->channels + VECTOR;
}

static int64_t row_numbers(const sg_tap_layout *l)
{
    return (l->width + l->gap) * l->channels;
}

static int64_t picture_numbers(const sg_tap_layout *l)
{
    return (l->height + l->rows) * row_numbers(l);
}

/* Numbers before the first pixel. */
static int64_t before(const sg_tap_layout *l)
{
    return sg_round_up(l->rows * row_numbers(l) + l->gap * l->channels, 32);
}

static int64_t plane_numbers(const sg_tap_layout *l)
{
    return sg_round_up(before(l) + l->batch * picture_numbers(l) + beyond(l), 32);
}

static bool in_triples(const sg_tap_layout *l)
{
    return l->parts && sg_tap_parts() > 1;
}

size_t sg_tap_layout_bytes(const sg_tap_layout *l)
{
    const size_t bytes = in_triples(l) ? SG_TAP_PARTS * sizeof(uint16_t) : sizeof(float);
    return (size_t)plane_numbers(l) * bytes;
}

sg_tap_image sg_tap_layout_image(const sg_tap_layout *l, void *memory)
{
    const int64_t number = in_triples(l) ? (int64_t)sizeof(uint16_t) : (int64_t)sizeof(float);
    return (sg_tap_image){.values = (char *)memory + before(l) * number,
                          .parts = l->parts,
                          .height = l->height,
                          .width = l->width,
                          .pixel = l->channels,
                          .row = row_numbers(l),
                          .picture = picture_numbers(l),
                          .plane = plane_numbers(l)};
}

sg_tap_image sg_tap_image_from(const sg_tap_image *image, int64_t picture, int64_t channel)
{
    sg_tap_image part = *image;
    const int64_t number =
        image->parts && sg_tap_parts() > 1 ? (int64_t)sizeof(uint16_t) : (int64_t)sizeof(float);
    part.values = (char *)image->values + (picture * image->picture + channel) * number;
    return part;
}

void sg_tap_image_store(const sg_tap_image *image, int64_t picture, int64_t row, int64_t index,
                        const float *values, int64_t count)
{
    const int64_t at = picture * image->picture + row * image->row + index;
#ifdef SG_WIDE_VECTORS
    if (sg_tap_parts() > 1) {
        store_split(image, at, values, count);
        return;
    }
#endif
    SG_LANES_CHOOSE(sg_vector_lanes(), store)(image, at, values, count);
}

void sg_tap_image_read(const sg_tap_image *image, int64_t picture, int64_t row, int64_t index,
                       float *values, int64_t count)
{
    const int64_t at = picture * image->picture + row * image->row + index;
#ifdef SG_WIDE_VECTORS
    if (sg_tap_parts() > 1) {
        read_split(image, at, values, count);
        return;
    }
#endif
    SG_LANES_CHOOSE(sg_vector_lanes(), read)(image, at, values, count);
}
