/*
 * EQ-T and EQ-R: compares pictures of moved inputs with moved pictures.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/equivariance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/random.h"
#include "latent/moved_input.h"
#include "latent/styles.h"
#include "latent/transform.h"
#include "metrics/moved_picture.h"

static const double farthest = 0.125; /* shares of the side */

/* Sums over the samples. */
typedef struct equivariance_sums {
    double squares[SG_EQUIVARIANCE_METRICS]; /* of differences at valid pixels */
    double values[SG_EQUIVARIANCE_METRICS];  /* number of the differences */
} equivariance_sums;

/* The random values of a sample, drawn in this order. */
typedef struct sample {
    float *z;
    sg_style_label label;
    sg_transform transforms[SG_EQUIVARIANCE_METRICS];
} sample;

/* The pictures of a sample, and their valid pixels. */
typedef struct pictures {
    sg_picture_size size;
    size_t pixels;
    float *original, *moved, *reference, *filtered;
    unsigned char *valid, *also_valid;
} pictures;

/* ---- random values ---- */

static double within(sg_random *random, double largest)
{
    return (2 * sg_random_uniform(random) - 1) * largest;
}

static void draw(const sg_generator_config *config, const sg_metric_setup *setup, uint64_t index,
                 const sg_picture_size *size, sample *drawn)
{
    sg_random random = sg_random_stream(setup->seed, index);
    const uint64_t classes = setup->labels       ? setup->label_rows
                             : config->c_dim > 0 ? (uint64_t)config->c_dim
                                                 : 1;
    sg_random_normal_fill(&random, drawn->z, (size_t)config->z_dim);
    const uint64_t label = sg_random_below(&random, classes);
    if (setup->labels)
        drawn->label.values = setup->labels + label * (uint64_t)config->c_dim;
    else
        drawn->label.class_index = setup->class_index >= 0 ? setup->class_index : (int)label;
    sg_transform *whole = &drawn->transforms[SG_EQT_INT];
    whole->x = round(within(&random, farthest) * size->width) / size->width;
    whole->y = round(within(&random, farthest) * size->height) / size->height;
    drawn->transforms[SG_EQT_FRAC].x = within(&random, farthest);
    drawn->transforms[SG_EQT_FRAC].y = within(&random, farthest);
    drawn->transforms[SG_EQR].degrees = within(&random, 180);
}

/* ---- pictures ---- */

static sg_status make_pictures(const sg_generator *generator, pictures *made, sg_error *error)
{
    made->size = (sg_picture_size){sg_generator_height(generator), sg_generator_width(generator),
                                   sg_generator_config_of(generator)->img_channels};
    made->pixels = (size_t)made->size.height * (size_t)made->size.width;
    const size_t values = made->pixels * (size_t)made->size.channels;
    /* One block: the four pictures, then the two masks. */
    made->original = sg_allocate(made->pixels, 4 * (size_t)made->size.channels * sizeof(float) + 2);
    if (!made->original)
        return sg_fail_memory(error, "the metrics' pictures");
    made->moved = made->original + values;
    made->reference = made->moved + values;
    made->filtered = made->reference + values;
    made->valid = (unsigned char *)(made->filtered + values);
    made->also_valid = made->valid + made->pixels;
    return SG_OK;
}

/* Paints the styles under a transform. */
static sg_status paint(sg_moved_input *input, sg_tensor *ws, const sg_transform *transform,
                       const pictures *made, float *picture, sg_error *error)
{
    sg_context *context = sg_generator_parameters(input->generator)->context;
    sg_moved_input_set(input, transform);
    const size_t scope = sg_scope_open(context);
    const sg_tensor *pixels =
        sg_generator_synthesize(input->generator, ws, (sg_synthesis_options){.noise_mode = 0});
    const sg_status status = sg_context_take_error(context, error);
    if (!status)
        memcpy(picture, sg_f32(pixels),
               made->pixels * (size_t)made->size.channels * sizeof *picture);
    sg_scope_close(context, scope, NULL);
    return status;
}

/* ---- comparison ---- */

/* Moves or turns the original by `transform`; returns the picture to compare with it. */
static const float *refer(const sg_transform *transform, sg_equivariance_metric metric,
                          pictures *made)
{
    const sg_picture_size *size = &made->size;
    const double x = transform->x * size->width;
    const double y = transform->y * size->height;
    const double angle = transform->degrees / 180 * M_PI;
    if (metric == SG_EQT_INT) {
        sg_translate_whole(size, made->original, (int)lround(x), (int)lround(y), made->reference,
                           made->valid);
        return made->moved;
    }
    if (metric == SG_EQT_FRAC) {
        sg_translate_fraction(size, made->original, x, y, made->reference, made->valid);
        return made->moved;
    }
    sg_rotate(size, made->original, angle, made->reference, made->valid);
    sg_pseudo_rotate(size, made->moved, angle, made->filtered, made->also_valid);
    for (size_t i = 0; i < made->pixels; i++)
        made->valid[i] &= made->also_valid[i];
    return made->filtered;
}

static void compare(const pictures *made, const float *picture, sg_equivariance_metric metric,
                    equivariance_sums *sums)
{
    const size_t channels = (size_t)made->size.channels;
    for (size_t i = 0; i < made->pixels; i++)
        for (size_t c = 0; c < channels && made->valid[i]; c++) {
            const double difference =
                (double)picture[i * channels + c] - (double)made->reference[i * channels + c];
            sums->squares[metric] += difference * difference;
            sums->values[metric]++;
        }
}

static sg_status measure(sg_moved_input *input, unsigned wanted, const sample *drawn,
                         pictures *made, equivariance_sums *sums, sg_error *error)
{
    sg_context *context = sg_generator_parameters(input->generator)->context;
    const size_t scope = sg_scope_open(context);
    sg_tensor *ws =
        sg_styles(input->generator, &(sg_style_source){.z = drawn->z, .label = drawn->label},
                  &(sg_truncation){.psi = 1, .cutoff = -1});
    sg_status status = paint(input, ws, &(sg_transform){0}, made, made->original, error);
    for (int i = 0; i < SG_EQUIVARIANCE_METRICS && !status; i++) {
        if (!(wanted >> i & 1))
            continue;
        status = paint(input, ws, &drawn->transforms[i], made, made->moved, error);
        if (!status)
            compare(made, refer(&drawn->transforms[i], i, made), i, sums);
    }
    sg_scope_close(context, scope, NULL);
    return status;
}

static sg_status accumulate(const sg_metric_setup *setup, unsigned wanted, uint64_t index,
                            void *state, sg_error *error)
{
    sg_generator *generator = setup->generator;
    const sg_generator_config *config = sg_generator_config_of(generator);
    sg_moved_input input = {0};
    pictures made = {0};
    sample drawn = {.z = sg_allocate((size_t)config->z_dim, sizeof(float))};
    sg_status status = make_pictures(generator, &made, error);
    if (!status && !drawn.z)
        status = sg_fail_memory(error, "a latent");
    if (!status) {
        draw(config, setup, index, &made.size, &drawn);
        status = sg_moved_input_begin(generator, &input, error);
    }
    if (!status)
        status = measure(&input, wanted, &drawn, &made, state, error);
    sg_moved_input_end(&input);
    free(made.original);
    free(drawn.z);
    return status;
}

static sg_status finish(const void *state, unsigned which, double *values, sg_error *error)
{
    const equivariance_sums *sums = state;
    (void)error;
    values[0] = 20 * log10(2) - 10 * log10(sums->squares[which] / sums->values[which]);
    return SG_OK;
}

const sg_metric_pass sg_equivariance_pass = {
    .state_bytes = sizeof(equivariance_sums),
    .accumulate = accumulate,
    .finish = finish,
    .untold = "the pictures are not finite, or too small to have pixels that do not depend on what "
              "lies beyond their edges",
};
