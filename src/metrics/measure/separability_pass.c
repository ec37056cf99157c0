/*
 * Linear separability; see separability_pass.h.
 * Tested by: tests/cli/test_metrics.c
 */
#include "metrics/measure/separability_pass.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "image/image.h"
#include "metrics/formulas/separability.h"
#include "metrics/measure/drawn_sample.h"
#include "metrics/measure/looker.h"

typedef struct separability_state {
    size_t samples, z_dim, w_dim, attributes;
    size_t kept;  /* samples of an attribute: the surest half; all where classes exclude each other,
                     of which the surest are those that no picture of the class is among */
    float *z, *w; /* [samples, ...] */
    float *logits; /* [samples, attributes] */
    uint8_t *pixels;
    float *values;
} separability_state;

static sg_status begin(const sg_metric_setup *setup, void *state, sg_error *error)
{
    separability_state *all = state;
    const sg_generator_config *config = sg_generator_config_of(setup->generator);
    const size_t values = sg_sample_values(setup->generator);
    *all = (separability_state){.samples = setup->samples,
                                .z_dim = (size_t)config->z_dim,
                                .w_dim = (size_t)config->w_dim,
                                .attributes = sg_looker_classes(setup->network)};
    all->kept = sg_looker_is_exclusive(setup->network) ? all->samples : all->samples / 2;
    all->z = sg_allocate(all->samples, all->z_dim * sizeof(float));
    all->w = sg_allocate(all->samples, all->w_dim * sizeof(float));
    all->logits = sg_allocate(all->samples, all->attributes * sizeof(float));
    all->pixels = sg_allocate(values, 1);
    all->values = sg_allocate(values, sizeof(float));
    if (!all->z || !all->w || !all->logits || !all->pixels || !all->values)
        return sg_fail_memory(error, "%zu latents with their attributes", all->samples);
    return SG_OK;
}

/*
 * Makes logits of exclusive classes those of attributes, l with p = softmax(l, -l): each class
 * against all others together.
 */
static void part_classes(float *logits, size_t count)
{
    double largest = -INFINITY;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, (double)logits[i]);
    for (size_t i = 0; i < count; i++)
        sum += exp((double)logits[i] - largest);
    for (size_t i = 0; i < count; i++) {
        const double share = exp((double)logits[i] - largest) / sum;
        logits[i] = (float)(0.5 * (log(fmax(share, 1e-30)) - log(fmax(1 - share, 1e-30))));
    }
}

/* Paints the sample, and keeps z, w and what the classifier says. */
static sg_status classify(const sg_metric_setup *setup, const sg_drawn_sample *sample,
                          uint64_t index, separability_state *all, sg_error *error)
{
    const sg_generator *generator = setup->generator;
    const size_t channels = (size_t)sg_generator_config_of(generator)->img_channels;
    sg_tensor *w = sg_map_latent(setup->generator, sample->z[0], sample->label);
    sg_tensor *ws = sg_generator_broadcast(setup->generator, w);
    SG_TRY(sg_sample_paint(setup->generator, sample, ws, all->values, error));
    memcpy(all->z + index * all->z_dim, sample->z[0], all->z_dim * sizeof(float));
    memcpy(all->w + index * all->w_dim, sg_f32(w), all->w_dim * sizeof(float));
    for (size_t i = 0; i < sg_sample_values(generator); i++)
        all->pixels[i] = sg_image_level(all->values[i]);
    const sg_feature_pictures picture = {.count = 1,
                                         .height = (size_t)sg_generator_height(generator),
                                         .width = (size_t)sg_generator_width(generator),
                                         .channels = channels,
                                         .bytes = all->pixels};
    const sg_feature_results results = {.logits = all->logits + index * all->attributes};
    SG_TRY(sg_looker_compute(setup->network, &picture, (sg_feature_resize)setup->resize, &results,
                             error));
    if (sg_looker_is_exclusive(setup->network))
        part_classes(results.logits, all->attributes);
    return SG_OK;
}

static sg_status accumulate(const sg_metric_setup *setup, unsigned wanted, uint64_t index,
                            void *state, sg_error *error)
{
    sg_context *context = sg_generator_parameters(setup->generator)->context;
    sg_drawn_sample sample = {0};
    (void)wanted;
    sg_status status = sg_sample_draw(setup, index, &sample, error);
    const size_t scope = sg_scope_open(context);
    if (!status)
        status = classify(setup, &sample, index, state, error);
    sg_scope_close(context, scope, NULL);
    sg_sample_clear(&sample);
    return status;
}

/* Computes the score of latents [samples, width] for all attributes. */
static sg_status score(const separability_state *all, const float *latents, size_t width,
                       double *value, sg_error *error)
{
    double *entropies = sg_allocate(all->attributes, sizeof *entropies);
    double *rows = sg_allocate(all->samples, width * sizeof *rows);
    sg_status status = entropies && rows ? SG_OK : sg_fail_memory(error, "latents");
    for (size_t i = 0; i < all->samples * width && !status; i++)
        rows[i] = (double)latents[i];
    for (size_t k = 0; k < all->attributes && !status; k++) {
        const sg_separable samples = {.count = all->samples,
                                      .features = width,
                                      .latents = rows,
                                      .logits = all->logits + k,
                                      .stride = all->attributes};
        sg_separation found;
        status = sg_separate(&samples, all->kept, &found, error);
        entropies[k] = status ? 0 : found.entropy;
        sg_separation_clear(&found);
    }
    if (!status)
        *value = sg_separability(entropies, all->attributes);
    free(entropies);
    free(rows);
    return status;
}

static sg_status finish(const void *state, unsigned which, double *values, sg_error *error)
{
    const separability_state *all = state;
    (void)which;
    SG_TRY(score(all, all->z, all->z_dim, &values[1], error));
    SG_TRY(score(all, all->w, all->w_dim, &values[2], error));
    values[0] = values[2];
    return SG_OK;
}

static void release(void *state)
{
    separability_state *all = state;
    free(all->z);
    free(all->w);
    free(all->logits);
    free(all->pixels);
    free(all->values);
}

const sg_metric_pass sg_separability_pass = {
    .state_bytes = sizeof(separability_state),
    .begin = begin,
    .accumulate = accumulate,
    .finish = finish,
    .release = release,
    .untold = "the pictures are not finite",
};
