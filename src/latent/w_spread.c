/* Distances of w from the distribution of W; see w_spread.h. */
#include "latent/w_spread.h"

#include <math.h>
#include <stdlib.h>

enum { CODES = 64, SEED = 123 };

sg_status sg_w_spread_find(sg_generator *generator, sg_style_label label, sg_w_spread *spread,
                           sg_error *error)
{
    const size_t width = (size_t)sg_generator_config_of(generator)->w_dim;
    double *codes = NULL;
    double squares = 0;
    *spread = (sg_w_spread){0};
    SG_TRY(sg_draw_codes(generator, SEED, CODES, label, 1, &codes, error));
    const sg_status status = sg_moments_start(&spread->moments, width, error);
    for (size_t i = 0; !status && i < CODES; i++)
        sg_moments_add(&spread->moments, codes + i * width);
    free(codes);
    SG_TRY(status);
    sg_moments_finish(&spread->moments);
    for (size_t i = 0; i < width; i++)
        squares += spread->moments.deviation[i] * spread->moments.deviation[i];
    spread->deviation = sqrt(squares / (double)width);
    return SG_OK;
}

void sg_w_spread_clear(sg_w_spread *spread)
{
    sg_moments_clear(&spread->moments);
    spread->deviation = 0;
}

double sg_w_spread_distance(const sg_w_spread *spread, const sg_tensor *ws)
{
    const int64_t width = (int64_t)spread->moments.width;
    double farthest = 0;
    for (int64_t row = 0; width > 0 && row < sg_tensor_count(ws) / width; row++) {
        double squares = 0;
        for (int64_t i = 0; i < width; i++)
            squares += pow(sg_tensor_value(ws, row * width + i) - spread->moments.mean[i], 2);
        farthest = fmax(farthest, squares);
    }
    return spread->deviation > 0 ? sqrt(farthest / (double)width) / spread->deviation : 0;
}
