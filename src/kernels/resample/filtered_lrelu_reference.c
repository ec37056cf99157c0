/*
 * The filtered leaky ReLU by its definition: for double, and for tests of the fast path.
 *
 * Tested by: tests/ops/test_filtered_lrelu.c
 */
#include <math.h>
#include <string.h>

#include "kernels/resample/filtered_lrelu.h"
#include "kernels/vector/lanes.h"

static double tap_of(const sg_filter_taps *filter, int64_t y, int64_t x, bool correlate)
{
    return correlate ? sg_filter_tap(filter, y, x)
                     : sg_filter_tap(filter, sg_filter_height(filter) - 1 - y,
                                     sg_filter_width(filter) - 1 - x);
}

/* Returns the first tap from `position` on that falls on a pixel between zeros. */
static int64_t first_tap(int64_t position, int64_t up)
{
    return ((-position) % up + up) % up;
}

/* An element of v in its mask. */
typedef struct mask_element {
    unsigned char *mask;
    int64_t sample, channel, u_y, u_x;
} mask_element;

static bool is_in_mask(const sg_filtered_lrelu_shape *s, const mask_element *element)
{
    int64_t y = element->u_y + s->y.mask_first;
    int64_t x = element->u_x + s->x.mask_first;
    return y >= 0 && x >= 0 && y < s->y.mask_size && x < s->x.mask_size;
}

/* Returns the byte of a bit of the element's word: bit `channel`, or that plus the lanes. */
static unsigned char *find_byte(const sg_filtered_lrelu_shape *s, const mask_element *element,
                                int64_t bit)
{
    int64_t lanes = sg_vector_lanes();
    int64_t plane =
        element->sample * ((s->channels + lanes - 1) / lanes) + element->channel / lanes;
    int64_t row = plane * s->y.mask_size + element->u_y + s->y.mask_first;
    int64_t word = row * s->x.mask_size + element->u_x + s->x.mask_first;
    return element->mask + word * (lanes / 4) + bit / 8;
}

static bool read_bit(const sg_filtered_lrelu_shape *s, const mask_element *element, int64_t bit)
{
    return *find_byte(s, element, bit) >> bit % 8 & 1;
}

static void write_bit(const sg_filtered_lrelu_shape *s, const mask_element *element, int64_t bit,
                      bool set)
{
    if (set)
        *find_byte(s, element, bit) |= (unsigned char)(1U << bit % 8);
}

static double activate(const sg_filtered_lrelu_shape *s, const mask_element *element, double value)
{
    int64_t lanes = sg_vector_lanes();
    int64_t bit = element->channel % lanes;
    if (s->mode == SG_FILTERED_REPLAY) {
        if (!is_in_mask(s, element) || !read_bit(s, element, lanes + bit))
            return 0;
        return read_bit(s, element, bit) ? value : value * s->slope;
    }
    double limit = s->clamp >= 0 ? s->clamp : (double)INFINITY;
    double sloped = value > 0 ? value : value * s->slope;
    if (s->mode == SG_FILTERED_RECORD) {
        write_bit(s, element, bit, value > 0);
        write_bit(s, element, lanes + bit, sloped < limit && sloped > -limit);
    }
    sloped = sloped > limit ? limit : sloped;
    return sloped < -limit ? -limit : sloped;
}

#define TEMPLATE "kernels/resample/filtered_lrelu_reference.inc"
#include "kernels/vector/each_real.inc"
