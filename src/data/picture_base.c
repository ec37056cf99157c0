/* Sizes of pictures; see picture_base.h. */
#include "data/picture_base.h"

#include <stdint.h>

enum { LEAST_BASE = 3, SQUARE_BASE = 4 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

bool sg_picture_base_find(size_t height, size_t width, sg_picture_base *size)
{
    int resolution = SQUARE_BASE;
    if (smaller(height, width) < SG_SMALLEST_SIDE || larger(height, width) > SG_LARGEST_SIDE)
        return false;
    while (height % 2 == 0 && width % 2 == 0 && smaller(height, width) / 2 >= LEAST_BASE) {
        height /= 2;
        width /= 2;
        resolution *= 2;
    }
    *size = (sg_picture_base){(int)height, (int)width, resolution};
    return resolution > SQUARE_BASE && smaller(height, width) <= SG_LARGEST_SHORTER_BASE &&
           larger(height, width) <= SG_LARGEST_LONGER_BASE;
}

/* Returns the multiple of `unit` that is nearest, at least one. */
static size_t nearest_multiple(size_t value, size_t unit)
{
    return larger((value + unit / 2) / unit, 1) * unit;
}

void sg_picture_base_near(size_t *height, size_t *width)
{
    const size_t most = SG_LARGEST_SIDE;
    const size_t tall = smaller(larger(*height, SG_SMALLEST_SIDE), most);
    const size_t wide = smaller(larger(*width, SG_SMALLEST_SIDE), most);
    sg_picture_base size;
    size_t unit = 2;
    do {
        *height = nearest_multiple(tall, unit);
        *width = nearest_multiple(wide, unit);
        unit *= 2;
    } while (unit <= most && !sg_picture_base_find(*height, *width, &size));
}

int sg_picture_side(int base, int resolution)
{
    return (int)((int64_t)base * resolution / SQUARE_BASE);
}
