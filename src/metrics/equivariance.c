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

static const double farthest = 0.125; /* shares of the side */

/* The random values of a sample, drawn in this order. */
typedef struct sample {
    float *z;
    sg_style_label label;
    sg_transform transforms[SG_EQUIVARIANCE_METRICS];
} sample;

/* The pictures of a sample. */
typedef struct pictures {
    sg_picture_size size;
    size_t values; /* of a picture */
    float *original, *moved;
} pictures;

/* ---- random values ---- */

/* Returns the number between -largest and largest for a uniform one. */
static double within(double uniform, double largest)
{
    return (2 * uniform - 1) * largest;
}

void sg_equivariance_transforms(const sg_picture_size *size,
                                const double uniforms[SG_EQUIVARIANCE_UNIFORMS],
                                sg_transform transforms[SG_EQUIVARIANCE_METRICS])
{
    memset(transforms, 0, SG_EQUIVARIANCE_METRICS * sizeof *transforms);
    transforms[SG_EQT_INT].x = rint(within(uniforms[0], farthest) * size->width) / size->width;
    transforms[SG_EQT_INT].y = rint(within(uniforms[1], farthest) * size->height) / size->height;
    transforms[SG_EQT_FRAC].x = within(uniforms[2], farthest);
    transforms[SG_EQT_FRAC].y = within(uniforms[3], farthest);
    transforms[SG_EQR].degrees = within(uniforms[4], 180);
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
    double uniforms[SG_EQUIVARIANCE_UNIFORMS];
    for (int i = 0; i < SG_EQUIVARIANCE_UNIFORMS; i++)
        uniforms[i] = sg_random_uniform(&random);
    sg_equivariance_transforms(size, uniforms, drawn->transforms);
}

/* ---- pictures ---- */

static size_t value_count(const sg_picture_size *size)
{
    return (size_t)size->height * (size_t)size->width * (size_t)size->channels;
}

static sg_status make_pictures(const sg_generator *generator, pictures *made, sg_error *error)
{
    made->size = (sg_picture_size){sg_generator_height(generator), sg_generator_width(generator),
                                   sg_generator_config_of(generator)->img_channels};
    made->values = value_count(&made->size);
    made->original = sg_allocate(made->values, 2 * sizeof(float));
    if (!made->original)
        return sg_fail_memory(error, "the metrics' pictures");
    made->moved = made->original + made->values;
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
        memcpy(picture, sg_f32(pixels), made->values * sizeof *picture);
    sg_scope_close(context, scope, NULL);
    return status;
}

/* ---- comparison ---- */

/* What the original is compared with, and by which pixels. */
typedef struct comparison {
    float *reference, *filtered;
    unsigned char *valid, *also_valid;
} comparison;

/* Moves or turns the original by `transform`; returns the picture to compare with it. */
static const float *refer(const sg_picture_size *size, sg_equivariance_metric metric,
                          const sg_transform *transform, const float *original,
                          const float *of_moved, comparison *made)
{
    const double x = transform->x * size->width;
    const double y = transform->y * size->height;
    const double angle = transform->degrees / 180 * M_PI;
    if (metric == SG_EQT_INT) {
        sg_translate_whole(size, original, (int)lrint(x), (int)lrint(y), made->reference,
                           made->valid);
        return of_moved;
    }
    if (metric == SG_EQT_FRAC) {
        sg_translate_fraction(size, original, x, y, made->reference, made->valid);
        return of_moved;
    }
    sg_rotate(size, original, angle, made->reference, made->valid);
    sg_pseudo_rotate(size, of_moved, angle, made->filtered, made->also_valid);
    for (int i = 0; i < size->height * size->width; i++)
        made->valid[i] &= made->also_valid[i];
    return made->filtered;
}

sg_status sg_equivariance_add(const sg_picture_size *size, sg_equivariance_metric metric,
                              const sg_transform *transform, const float *original,
                              const float *of_moved, sg_equivariance_sums *sums, sg_error *error)
{
    const size_t channels = (size_t)size->channels;
    const size_t values = value_count(size);
    const size_t pixels = values / channels;
    /* One block: the two pictures, then the two masks. */
    float *block = sg_allocate(pixels, 2 * channels * sizeof(float) + 2);
    if (!block)
        return sg_fail_memory(error, "the metrics' pictures");
    comparison made = {block, block + values, (unsigned char *)(block + 2 * values), NULL};
    made.also_valid = made.valid + pixels;
    const float *picture = refer(size, metric, transform, original, of_moved, &made);
    for (size_t i = 0; i < values; i++)
        if (made.valid[i / channels]) {
            const double difference = (double)picture[i] - (double)made.reference[i];
            sums->squares[metric] += difference * difference;
            sums->values[metric]++;
        }
    free(block);
    return SG_OK;
}

double sg_equivariance_value(const sg_equivariance_sums *sums, sg_equivariance_metric metric)
{
    return 20 * log10(2) - 10 * log10(sums->squares[metric] / sums->values[metric]);
}

static sg_status measure(sg_moved_input *input, unsigned wanted, const sample *drawn,
                         pictures *made, sg_equivariance_sums *sums, sg_error *error)
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
            status = sg_equivariance_add(&made->size, i, &drawn->transforms[i], made->original,
                                         made->moved, sums, error);
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

static double finish(const void *state, unsigned which)
{
    return sg_equivariance_value(state, which);
}

const sg_metric_pass sg_equivariance_pass = {
    .needs = SG_METRIC_MOVES_INPUT,
    .state_bytes = sizeof(sg_equivariance_sums),
    .accumulate = accumulate,
    .finish = finish,
    .untold = "the pictures are not finite, or too small to have pixels that do not depend on what "
              "lies beyond their edges",
};
