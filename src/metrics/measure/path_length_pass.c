/*
 * Path lengths; see path_length_pass.h. The conventions are those of the official programs.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/path_length_pass.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "latent/interpolation.h"
#include "metrics/formulas/path_length.h"
#include "metrics/measure/drawn_sample.h"
#include "metrics/measure/looker.h"

/* Pictures of more than this side are averaged down to it before LPIPS sees them. */
enum { LPIPS_SIDE = 256 };

/* What each metric is. */
static const struct path_form {
    bool w;    /* interpolates w, otherwise z */
    bool full; /* anywhere on the path, otherwise at its begin */
    bool crop;
} forms[SG_PATH_LENGTH_METRICS] = {
    [SG_PATH_Z_FULL] = {false, true, true},       [SG_PATH_W_FULL] = {true, true, true},
    [SG_PATH_Z_END] = {false, false, true},       [SG_PATH_W_END] = {true, false, true},
    [SG_PATH_W_END_WHOLE] = {true, false, false}, [SG_PATH_Z_FULL_WHOLE] = {false, true, false},
};

typedef struct path_state {
    double *distances[SG_PATH_LENGTH_METRICS]; /* [samples], of the metrics that are wanted */
    size_t count;
} path_state;

static sg_status begin(const sg_metric_setup *setup, void *state, sg_error *error)
{
    path_state *all = state;
    for (size_t i = 0; i < SG_PATH_LENGTH_METRICS; i++) {
        all->distances[i] = sg_allocate(setup->samples, sizeof(double));
        if (!all->distances[i])
            return sg_fail_memory(error, "%zu path lengths", setup->samples);
    }
    return SG_OK;
}

/* ---- latents ---- */

static void normalise(const float *z, size_t width, float *unit)
{
    double squares = 0;
    for (size_t i = 0; i < width; i++)
        squares += (double)z[i] * (double)z[i];
    for (size_t i = 0; i < width; i++)
        unit[i] = (float)((double)z[i] / sqrt(squares));
}

/* Returns the w [1, w_dim] at `t` on the great circle between the sample's latents. */
static sg_tensor *map_between(const sg_metric_setup *setup, const sg_drawn_sample *sample, double t,
                              float *room)
{
    const size_t width = (size_t)sg_generator_config_of(setup->generator)->z_dim;
    float *a = room;
    float *b = a + width;
    normalise(sample->z[0], width, a);
    normalise(sample->z[1], width, b);
    sg_interpolate_spherical(a, b, width, t, b + width);
    return sg_map_latent(setup->generator, b + width, sample->label);
}

/* The same on the straight line between their w; NULL (error in the context) on failure. */
static sg_tensor *between_mapped(const sg_metric_setup *setup, const sg_drawn_sample *sample,
                                 double t)
{
    const sg_tensor *a = sg_map_latent(setup->generator, sample->z[0], sample->label);
    sg_tensor *b = sg_map_latent(setup->generator, sample->z[1], sample->label);
    if (a && b)
        sg_interpolate_linear(sg_f32(a), sg_f32(b), (size_t)b->shape.size[1], t, sg_f32(b));
    return a ? b : NULL;
}

/* Returns the styles of both ends of a step: `second` is the farther one. */
static sg_tensor *styles_at(const sg_metric_setup *setup, const struct path_form *form,
                            const sg_drawn_sample *sample, double t, float *room)
{
    sg_tensor *w = form->w ? between_mapped(setup, sample, t) : map_between(setup, sample, t, room);
    return sg_generator_broadcast(setup->generator, w);
}

/* ---- pictures ---- */

/* Two pictures of equal sizes. */
typedef struct picture_pair {
    size_t height, width, channels; /* as painted */
    float *values[2];
    float *prepared[2]; /* cropped and reduced, 0 to 255, one or three channels */
    float *latents;     /* room for three latents */
    size_t prepared_height, prepared_width, prepared_channels;
} picture_pair;

static sg_status make_pair(const sg_generator *generator, picture_pair *pair, sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(generator);
    const size_t values = sg_sample_values(generator);
    const size_t room = 3 * (size_t)config->z_dim;
    pair->height = (size_t)sg_generator_height(generator);
    pair->width = (size_t)sg_generator_width(generator);
    pair->channels = (size_t)config->img_channels;
    pair->values[0] = sg_allocate(4 * values + room, sizeof(float));
    if (!pair->values[0])
        return sg_fail_memory(error, "pictures of path lengths");
    pair->values[1] = pair->values[0] + values;
    pair->prepared[0] = pair->values[1] + values;
    pair->prepared[1] = pair->prepared[0] + values;
    pair->latents = pair->prepared[1] + values;
    return SG_OK;
}

/* Copies a part of the picture, with means of `factor` x `factor` pixels, to 0..255. */
static void prepare_picture(picture_pair *pair, size_t which, const sg_path_crop *part,
                            size_t factor)
{
    const size_t height = part->height / factor;
    const size_t width = part->width / factor;
    const size_t channels = pair->channels < 3 ? 1 : 3;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            for (size_t c = 0; c < channels; c++) {
                double sum = 0;
                for (size_t i = 0; i < factor * factor; i++) {
                    const size_t row = part->top + y * factor + i / factor;
                    const size_t column = part->left + x * factor + i % factor;
                    sum +=
                        (double)
                            pair->values[which][(row * pair->width + column) * pair->channels + c];
                }
                const double mean = sum / (double)(factor * factor);
                pair->prepared[which][(y * width + x) * channels + c] = (float)((mean + 1) * 127.5);
            }
    pair->prepared_height = height;
    pair->prepared_width = width;
    pair->prepared_channels = channels;
}

/* The mean squared difference of pixels that span 2. */
static double pixel_distance(const picture_pair *pair)
{
    const size_t count = pair->height * pair->width * pair->channels;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double difference = (double)pair->values[0][i] - (double)pair->values[1][i];
        sum += difference * difference;
    }
    return sum / (double)count;
}

static sg_status compare(const sg_metric_setup *setup, bool crop, picture_pair *pair,
                         double *distance, sg_error *error)
{
    const size_t side = pair->height > pair->width ? pair->height : pair->width;
    const size_t factor = side > LPIPS_SIDE ? side / LPIPS_SIDE : 1;
    sg_feature_pictures pictures[2];
    const sg_path_crop part =
        crop ? sg_path_length_crop(pair->height) : (sg_path_crop){0, 0, pair->height, pair->width};
    if (!setup->network) {
        *distance = pixel_distance(pair);
        return SG_OK;
    }
    for (size_t i = 0; i < 2; i++) {
        prepare_picture(pair, i, &part, factor);
        pictures[i] = (sg_feature_pictures){.count = 1,
                                            .height = pair->prepared_height,
                                            .width = pair->prepared_width,
                                            .channels = pair->prepared_channels,
                                            .floats = pair->prepared[i]};
    }
    return sg_feature_network_distances(sg_looker_network(setup->network), &pictures[0],
                                        &pictures[1], true, distance, NULL, error);
}

/* ---- samples ---- */

static sg_status measure(const sg_metric_setup *setup, const struct path_form *form,
                         const sg_drawn_sample *sample, double t, picture_pair *pair,
                         double *distance, sg_error *error)
{
    sg_context *context = sg_generator_parameters(setup->generator)->context;
    const size_t scope = sg_scope_open(context);
    sg_status status = SG_OK;
    for (size_t i = 0; i < 2 && !status; i++) {
        sg_tensor *ws =
            styles_at(setup, form, sample, t + (double)i * SG_PATH_EPSILON, pair->latents);
        status = sg_sample_paint(setup->generator, sample, ws, pair->values[i], error);
    }
    if (!status)
        status = compare(setup, form->crop, pair, distance, error);
    sg_scope_close(context, scope, NULL);
    *distance /= SG_PATH_EPSILON * SG_PATH_EPSILON;
    return status;
}

static sg_status accumulate(const sg_metric_setup *setup, unsigned wanted, uint64_t index,
                            void *state, sg_error *error)
{
    path_state *all = state;
    sg_drawn_sample sample = {0};
    picture_pair pair = {0};
    sg_status status = sg_sample_draw(setup, index, &sample, error);
    const double along = status ? 0 : sg_random_uniform(&sample.random);
    if (!status)
        status = make_pair(setup->generator, &pair, error);
    for (size_t i = 0; i < SG_PATH_LENGTH_METRICS && !status; i++)
        if (wanted >> i & 1)
            status = measure(setup, &forms[i], &sample, forms[i].full ? along : 0, &pair,
                             &all->distances[i][index], error);
    all->count = (size_t)index + 1;
    free(pair.values[0]);
    sg_sample_clear(&sample);
    return status;
}

static sg_status finish(const void *state, unsigned which, double *values, sg_error *error)
{
    const path_state *all = state;
    sg_path_length length;
    SG_TRY(sg_path_length_finish(all->distances[which], all->count, &length, error));
    values[0] = length.mean;
    return SG_OK;
}

static void release(void *state)
{
    path_state *all = state;
    for (size_t i = 0; i < SG_PATH_LENGTH_METRICS; i++)
        free(all->distances[i]);
}

const sg_metric_pass sg_path_length_pass = {
    .state_bytes = sizeof(path_state),
    .begin = begin,
    .accumulate = accumulate,
    .finish = finish,
    .release = release,
    .untold = "the pictures are not finite",
};
