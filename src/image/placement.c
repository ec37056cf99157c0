/* Samples a picture along a turned grid. A box of samples for each pixel averages what a pixel of
 * the result covers, so that large photographs do not alias. */
#include "image/placement.h"

#include <math.h>

#include "base/parallel.h"

enum { MOST_SAMPLES = 32 /* along each side of a pixel */, CHANNELS = 4, GRAIN = 8 /* rows */ };

typedef struct placing {
    const sg_image *image;
    sg_image *placed;
    double x, y;            /* source position of the result's corner */
    double right_x, down_x; /* source pixels along x of a step to the right, of one down */
    double right_y, down_y;
    int samples; /* along each side of a pixel */
} placing;

static double clamp(double value, double most)
{
    return value > 0 ? fmin(value, most) : 0;
}

/* Adds the bilinear sample at a source position, which the edge of the picture bounds. */
static void add_sample(const sg_image *image, double x, double y, double sums[CHANNELS])
{
    const double at_x = clamp(x - 0.5, (double)image->width - 1);
    const double at_y = clamp(y - 0.5, (double)image->height - 1);
    const size_t left = (size_t)at_x;
    const size_t top = (size_t)at_y;
    const size_t right = left + (left + 1 < image->width);
    const size_t bottom = top + (top + 1 < image->height);
    const double part_x = at_x - (double)left;
    const double part_y = at_y - (double)top;
    const size_t channels = image->channels;
    const uint8_t *upper = image->pixels + top * image->width * channels;
    const uint8_t *lower = image->pixels + bottom * image->width * channels;
    for (size_t c = 0; c < channels; c++) {
        const double above =
            upper[left * channels + c] * (1 - part_x) + upper[right * channels + c] * part_x;
        const double below =
            lower[left * channels + c] * (1 - part_x) + lower[right * channels + c] * part_x;
        sums[c] += above * (1 - part_y) + below * part_y;
    }
}

static void place_pixel(const placing *p, size_t column, size_t row)
{
    double sums[CHANNELS] = {0};
    const size_t channels = p->image->channels;
    const double count = (double)p->samples * p->samples;
    for (int i = 0; i < p->samples; i++)
        for (int j = 0; j < p->samples; j++) {
            const double u = (double)column + (j + 0.5) / p->samples;
            const double v = (double)row + (i + 0.5) / p->samples;
            add_sample(p->image, p->x + u * p->right_x + v * p->down_x,
                       p->y + u * p->right_y + v * p->down_y, sums);
        }
    uint8_t *pixel = p->placed->pixels + (row * p->placed->width + column) * channels;
    for (size_t c = 0; c < channels; c++)
        pixel[c] = (uint8_t)(sums[c] / count + 0.5);
}

static void place_rows(size_t begin, size_t end, void *argument)
{
    const placing *p = argument;
    for (size_t row = begin; row < end; row++)
        for (size_t column = 0; column < p->placed->width; column++)
            place_pixel(p, column, row);
}

sg_status sg_image_place(const sg_image *image, const sg_placement *placement, size_t width,
                         size_t height, sg_image **placed, sg_error *error)
{
    *placed = NULL;
    if (!(placement->width > 0) || !isfinite(placement->width + placement->x + placement->y) ||
        !isfinite(placement->angle))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "a part of %g pixels at %g, %g of a picture cannot be shown",
                       placement->width, placement->x, placement->y);
    SG_TRY(sg_image_create(width, height, image->channels, placed, error));
    const double step = placement->width / (double)width;
    const double along = step * cos(placement->angle);
    const double across = step * sin(placement->angle);
    const double half_width = (double)width / 2;
    const double half_height = (double)height / 2;
    placing p = {.image = image,
                 .placed = *placed,
                 .x = placement->x - half_width * along + half_height * across,
                 .y = placement->y - half_width * across - half_height * along,
                 .right_x = along,
                 .down_x = -across,
                 .right_y = across,
                 .down_y = along,
                 .samples = (int)fmin(fmax(ceil(step), 1), MOST_SAMPLES)};
    sg_parallel_for(height, GRAIN, place_rows, &p);
    return SG_OK;
}
