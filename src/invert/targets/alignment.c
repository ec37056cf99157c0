/*
 * Maximises the correlation of a placed part with a template over a similarity. The correlation
 * (normalised, over all channels at once, each with its own mean) does not see brightness and
 * contrast, which are never those of the template. A small penalty on what departs from the box
 * decides where pictures are flat.
 */
#include "invert/targets/alignment.h"

#include <math.h>

#include "image/channels.h"
#include "image/resize.h"

enum {
    SIDE = 64, /* pixels along the longer side of the finest level */
    LEVELS = 3,
    COLOURS = 3,
    DIRECTIONS = 4,  /* shift along x and y, logarithm of the scale, angle */
    MOST_ROUNDS = 60 /* of a search at a level */
};

/* The part's shift (in boxes), scale and angle against the box. */
typedef struct guess {
    double at[DIRECTIONS];
} guess;

/* How far a guess may go, and its first step of a search. */
static const double limits[DIRECTIONS] = {0.25, 0.25, 0.405465, 0.436332}; /* log 1.5, 25 degrees */
static const double first_steps[DIRECTIONS] = {0.06, 0.06, 0.1, 0.09};
static const double penalty = 0.01;        /* of a guess at its limit, as correlation */
static const double least_step = 1.0 / 64; /* as a share of the first one */

typedef struct aligning {
    sg_image *source;   /* RGB; the box is about two times the finest level */
    sg_image *wanted;   /* RGB, the template at the level */
    double x, y, width; /* the box's middle and width in `source` */
} aligning;

/* The weight of a pixel: 1 in the middle, falling to 0.1 at the edges. */
static double weight_at(const sg_image *picture, size_t x, size_t y)
{
    const double u = 2 * ((double)x + 0.5) / (double)picture->width - 1;
    const double v = 2 * ((double)y + 0.5) / (double)picture->height - 1;
    return 0.1 + 0.9 * (1 - u * u) * (1 - v * v);
}

/* Sums over the pixels of a channel: weights, values, squares and products. */
typedef struct moments {
    double weight, a, b, aa, bb, ab;
} moments;

static moments sum_channel(const sg_image *a, const sg_image *b, size_t channel)
{
    moments sum = {0};
    for (size_t y = 0; y < a->height; y++)
        for (size_t x = 0; x < a->width; x++) {
            const size_t i = (y * a->width + x) * COLOURS + channel;
            const double weight = weight_at(a, x, y);
            sum.weight += weight;
            sum.a += weight * a->pixels[i];
            sum.b += weight * b->pixels[i];
            sum.aa += weight * a->pixels[i] * a->pixels[i];
            sum.bb += weight * b->pixels[i] * b->pixels[i];
            sum.ab += weight * a->pixels[i] * b->pixels[i];
        }
    return sum;
}

/* The correlation of two RGB pictures of one size; 0 where one of them is flat. */
static double correlate(const sg_image *a, const sg_image *b)
{
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (size_t c = 0; c < COLOURS; c++) {
        const moments sum = sum_channel(a, b, c);
        aa += sum.aa - sum.a * sum.a / sum.weight;
        bb += sum.bb - sum.b * sum.b / sum.weight;
        ab += sum.ab - sum.a * sum.b / sum.weight;
    }
    return aa > 1e-6 && bb > 1e-6 ? ab / sqrt(aa * bb) : 0;
}

static sg_placement place(const aligning *all, const guess *tried)
{
    return (sg_placement){.x = all->x + tried->at[0] * all->width,
                          .y = all->y + tried->at[1] * all->width,
                          .width = all->width * exp(tried->at[2]),
                          .angle = tried->at[3]};
}

static sg_status measure(const aligning *all, const guess *tried, double *fit, sg_error *error)
{
    sg_image *part = NULL;
    const sg_placement placement = place(all, tried);
    SG_TRY(sg_image_place(all->source, &placement, all->wanted->width, all->wanted->height, &part,
                          error));
    *fit = correlate(part, all->wanted);
    sg_image_destroy(part);
    return SG_OK;
}

/* The fit less the penalty. */
static sg_status judge(const aligning *all, const guess *tried, double *value, sg_error *error)
{
    SG_TRY(measure(all, tried, value, error));
    for (int i = 0; i < DIRECTIONS; i++)
        *value -= penalty * tried->at[i] * tried->at[i] / (limits[i] * limits[i]);
    return SG_OK;
}

/* Tries all combinations of a few shifts, scales and angles. */
static sg_status try_grid(const aligning *all, guess *best, sg_error *error)
{
    enum { EACH = 5, MIDDLE = EACH / 2, ALL = EACH * EACH * EACH * EACH };
    double most = -2;
    for (int k = 0; k < ALL; k++) {
        double value = 0;
        guess tried;
        int rest = k;
        for (int i = 0; i < DIRECTIONS; i++, rest /= EACH)
            tried.at[i] = limits[i] * (rest % EACH - MIDDLE) / (MIDDLE + 0.5);
        SG_TRY(judge(all, &tried, &value, error));
        if (value > most) {
            most = value;
            *best = tried;
        }
    }
    return SG_OK;
}

/* Moves `best` along each direction while that helps. */
static sg_status search(const aligning *all, guess *best, sg_error *error)
{
    double most = 0;
    double share = 1;
    SG_TRY(judge(all, best, &most, error));
    for (int round = 0; round < MOST_ROUNDS && share >= least_step; round++) {
        bool moved = false;
        for (int k = 0; k < 2 * DIRECTIONS; k++) {
            guess tried = *best;
            double value = 0;
            tried.at[k / 2] += (k % 2 ? -share : share) * first_steps[k / 2];
            if (fabs(tried.at[k / 2]) > limits[k / 2])
                continue;
            SG_TRY(judge(all, &tried, &value, error));
            if (value > most) {
                most = value;
                *best = tried;
                moved = true;
            }
        }
        if (!moved)
            share /= 2;
    }
    return SG_OK;
}

/* Makes the template of a level, whose longer side is `side` pixels. */
static sg_status prepare_level(aligning *all, const sg_image *rgb, double side, sg_error *error)
{
    const double scale = side / fmax((double)rgb->width, (double)rgb->height);
    sg_image_destroy(all->wanted);
    return sg_image_resize(rgb, (size_t)fmax(4, rint((double)rgb->width * scale)),
                           (size_t)fmax(4, rint((double)rgb->height * scale)), SG_RESIZE_AREA,
                           &all->wanted, error);
}

/* Reduces the picture, so that samples are few. `scale` is the result's share of its pixels. */
static sg_status prepare_source(aligning *all, const sg_image *image, const sg_box *box,
                                double *scale, sg_error *error)
{
    sg_image *rgb = NULL;
    const double width = box->x1 - box->x0;
    *scale = fmin(1, 2 * SIDE / width);
    SG_TRY(sg_image_convert_channels(image, COLOURS, &rgb, error));
    const sg_status status = sg_image_resize(
        rgb, (size_t)fmax(1, rint((double)image->width * *scale)),
        (size_t)fmax(1, rint((double)image->height * *scale)), SG_RESIZE_AREA, &all->source, error);
    sg_image_destroy(rgb);
    if (status)
        return status;
    *scale = (double)all->source->width / (double)image->width;
    all->x = (box->x0 + box->x1) / 2 * *scale;
    all->y = (box->y0 + box->y1) / 2 * *scale;
    all->width = width * *scale;
    return SG_OK;
}

static sg_status align(aligning *all, const sg_image *rgb, sg_alignment *alignment, sg_error *error)
{
    static const guess middle = {0};
    guess best = middle;
    for (int level = 0; level < LEVELS; level++) {
        SG_TRY(prepare_level(all, rgb, SIDE >> (LEVELS - 1 - level), error));
        if (level == 0)
            SG_TRY(try_grid(all, &best, error));
        SG_TRY(search(all, &best, error));
    }
    SG_TRY(measure(all, &middle, &alignment->before, error));
    SG_TRY(measure(all, &best, &alignment->after, error));
    alignment->placement = place(all, &best);
    return SG_OK;
}

sg_status sg_align_picture(const sg_image *image, const sg_box *box,
                           const sg_image *template_picture, sg_alignment *alignment,
                           sg_error *error)
{
    aligning all = {0};
    sg_image *rgb = NULL;
    double scale = 1;
    if (!(box->x0 >= 0 && box->y0 >= 0 && box->x1 > box->x0 && box->y1 > box->y0 &&
          box->x1 <= (double)image->width && box->y1 <= (double)image->height))
        return sg_fail(error, SG_ERROR_ARGUMENT,
                       "the box from %g, %g to %g, %g is not within the %zux%zu pixels", box->x0,
                       box->y0, box->x1, box->y1, image->width, image->height);
    sg_status status = sg_image_convert_channels(template_picture, COLOURS, &rgb, error);
    if (!status)
        status = prepare_source(&all, image, box, &scale, error);
    if (!status)
        status = align(&all, rgb, alignment, error);
    if (!status) {
        alignment->placement.x /= scale;
        alignment->placement.y /= scale;
        alignment->placement.width /= scale;
    }
    sg_image_destroy(rgb);
    sg_image_destroy(all.source);
    sg_image_destroy(all.wanted);
    return status;
}
