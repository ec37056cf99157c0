/*
 * Samples of generators for metrics; see drawn_sample.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/drawn_sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"

/* Noise has streams of its own, so that it depends on nothing else that a sample draws. */
static const uint64_t noise_streams = (uint64_t)1 << 63;

static void draw_label(const sg_metric_setup *setup, const sg_generator_config *config,
                       sg_drawn_sample *sample)
{
    const uint64_t classes = setup->labels       ? setup->label_rows
                             : config->c_dim > 0 ? (uint64_t)config->c_dim
                                                 : 1;
    uint64_t label =
        sg_random_below(&sample->random, setup->drawn_labels ? setup->drawn_count : classes);
    if (setup->drawn_labels)
        label = (uint64_t)setup->drawn_labels[label];
    if (setup->labels)
        sample->label.values = setup->labels + label * (uint64_t)config->c_dim;
    else
        sample->label.class_index = setup->class_index >= 0 ? setup->class_index : (int)label;
}

sg_status sg_sample_draw(const sg_metric_setup *setup, uint64_t index, sg_drawn_sample *sample,
                         sg_error *error)
{
    const sg_generator_config *config = sg_generator_config_of(setup->generator);
    const size_t width = (size_t)config->z_dim;
    sample->random = sg_random_stream(setup->seed, index);
    sample->noise = sg_random_stream(setup->seed, noise_streams | index);
    if (!sample->z[0])
        sample->z[0] = sg_allocate(width, 2 * sizeof(float));
    if (!sample->z[0])
        return sg_fail_memory(error, "a latent");
    sample->z[1] = sample->z[0] + width;
    sg_random_normal_fill(&sample->random, sample->z[0], width);
    draw_label(setup, config, sample);
    sg_random_normal_fill(&sample->random, sample->z[1], width);
    return SG_OK;
}

void sg_sample_clear(sg_drawn_sample *sample)
{
    free(sample->z[0]);
    *sample = (sg_drawn_sample){0};
}

size_t sg_sample_values(const sg_generator *generator)
{
    return (size_t)sg_generator_height(generator) * (size_t)sg_generator_width(generator) *
           (size_t)sg_generator_config_of(generator)->img_channels;
}

sg_status sg_sample_paint(sg_generator *generator, const sg_drawn_sample *sample, sg_tensor *ws,
                          float *values, sg_error *error)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    sg_random noise = sample->noise;
    const size_t scope = sg_scope_open(context);
    const sg_tensor *picture = sg_generator_synthesize(
        generator, ws, (sg_synthesis_options){.noise_mode = SG_NOISE_RANDOM, .random = &noise});
    const sg_status status = sg_context_take_error(context, error);
    if (!status)
        memcpy(values, sg_f32(picture), sg_sample_values(generator) * sizeof *values);
    sg_scope_close(context, scope, NULL);
    return status;
}
