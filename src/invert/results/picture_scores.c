/* Compares pictures; see picture_scores.h. */
#include "invert/results/picture_scores.h"

#include <math.h>
#include <stdlib.h>

#include "base/allocate.h"
#include "metrics/formulas/ms_ssim.h"

/* Two pictures as levels, the target standing in where a pixel of the other does not count. */
typedef struct comparison {
    const sg_image *target;
    float *a, *b;          /* [channels, height, width] */
    double square, weight; /* sums over pixels and channels */
} comparison;

static void fill(comparison *c, const sg_image *picture, const float *weights)
{
    const size_t count = picture->width * picture->height;
    const size_t channels = picture->channels;
    for (size_t i = 0; i < count; i++) {
        const double weight = weights ? (double)weights[i] : 1;
        for (size_t k = 0; k < channels; k++) {
            const double wanted = c->target->pixels[i * channels + k];
            const double difference = picture->pixels[i * channels + k] - wanted;
            c->a[k * count + i] = (float)wanted;
            c->b[k * count + i] = (float)(wanted + weight * difference);
            c->square += weight * difference * difference;
            c->weight += weight;
        }
    }
}

/* Computes LPIPS of pictures [height, width, channels] of levels; alpha does not count. */
static sg_status measure_lpips(const comparison *c, sg_feature_network *lpips, double *distance,
                               sg_error *error)
{
    const size_t count = c->target->width * c->target->height;
    const size_t colours = c->target->channels < 3 ? 1 : 3;
    float *block = sg_allocate(2 * count, colours * sizeof *block);
    if (!block)
        return sg_fail_memory(error, "the LPIPS distance of two pictures");
    float *second = block + count * colours;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < colours; k++) {
            block[i * colours + k] = c->a[k * count + i];
            second[i * colours + k] = c->b[k * count + i];
        }
    sg_feature_pictures pictures[2] = {{.count = 1,
                                        .height = c->target->height,
                                        .width = c->target->width,
                                        .channels = colours,
                                        .floats = block}};
    pictures[1] = pictures[0];
    pictures[1].floats = second;
    const sg_status status = sg_feature_network_distances(lpips, &pictures[0], &pictures[1], false,
                                                          distance, NULL, error);
    free(block);
    return status;
}

static sg_status compute(const comparison *c, sg_feature_network *lpips, sg_picture_scores *scores,
                         sg_error *error)
{
    sg_ms_ssim_result similarity;
    const sg_picture_pair pair = {c->target->channels, c->target->height, c->target->width, c->a,
                                  c->b};
    const double mean = c->weight > 0 ? c->square / c->weight : 0;
    SG_TRY(sg_ms_ssim(&pair, sg_ms_ssim_weights, &similarity, error));
    *scores = (sg_picture_scores){.psnr = mean > 0 ? 10 * log10(255.0 * 255.0 / mean) : INFINITY,
                                  .ssim = similarity.ssim[0], /* of the first level alone */
                                  .lpips = NAN};
    return lpips ? measure_lpips(c, lpips, &scores->lpips, error) : SG_OK;
}

sg_status sg_picture_scores_compute(const sg_image *target, const sg_image *picture,
                                    const float *weights, sg_feature_network *lpips,
                                    sg_picture_scores *scores, sg_error *error)
{
    const sg_image_shape shape = sg_image_shape_of(target);
    const size_t size = sg_image_size(target);
    if (!sg_image_has_shape(picture, &shape))
        return sg_fail(error, SG_ERROR_SHAPE,
                       "a picture of %zux%zu pixels with %zu channels cannot be compared with one "
                       "of %zux%zu with %zu",
                       picture->width, picture->height, picture->channels, target->width,
                       target->height, target->channels);
    float *levels = sg_allocate(size, 2 * sizeof *levels);
    if (!levels)
        return sg_fail_memory(error, "the comparison of two pictures");
    comparison c = {.target = target, .a = levels, .b = levels + size};
    fill(&c, picture, weights);
    const sg_status status = compute(&c, lpips, scores, error);
    free(levels);
    return status;
}
