/* bench generate: pictures of random StyleGAN2 networks. */
#include <stdio.h>

#include "base/clock.h"
#include "cli/bench.h"
#include "cli/command.h"
#include "models/generator.h"

/* One batch of pictures of fixed latents; false on failure. */
static bool paint(sg_generator *generator, int batch)
{
    sg_context *context = sg_generator_parameters(generator)->context;
    const sg_generator_config *config = sg_generator_config_of(generator);
    size_t scope = sg_scope_open(context);
    sg_tensor *z = sg_tensor_full(context, SG_F32, SG_SHAPE(batch, config->z_dim), 0);
    for (int64_t i = 0; z && i < sg_tensor_count(z); i++)
        sg_tensor_set_value(z, i, (double)(i % 13) / 6 - 1);
    sg_tensor *ws = sg_generator_broadcast(generator, sg_generator_map(generator, z, NULL));
    sg_generator_synthesize(generator, ws, (sg_synthesis_options){.noise_mode = SG_NOISE_CONST});
    sg_scope_close(context, scope, NULL);
    return !context->error.status;
}

static bool time_pictures(sg_bench *bench, sg_context *context, sg_generator *generator)
{
    char name[64];
    int batch = bench->batch == SG_BENCH_DEFAULT ? 1 : bench->batch;
    sg_bench_result result = {.name = name};
    int64_t before = context->multiply_adds;
    for (int i = 0; i <= bench->runs; i++) {
        double start = sg_clock_seconds();
        if (!paint(generator, batch))
            return false;
        double seconds = sg_clock_seconds() - start;
        if (i > 0 && (result.seconds == 0 || seconds < result.seconds))
            result.seconds = seconds;
    }
    result.multiply_adds = (double)(context->multiply_adds - before) / (bench->runs + 1);
    result.peak_bytes = sg_bench_peak_bytes();
    snprintf(name, sizeof name, "generate/%s/%d", bench->cfg,
             sg_generator_config_of(generator)->img_resolution);
    if (!sg_bench_measure_limit(bench))
        return false;
    sg_bench_report(bench, &result);
    return true;
}

int sg_bench_generate(sg_bench *bench)
{
    sg_error error = {0};
    sg_context *context = sg_context_create(bench->threads);
    if (!context)
        return SG_EXIT_FAILED;
    sg_bench_reset_peak();
    sg_generator_config config = sg_bench_generator_config(bench, 256);
    sg_generator *generator = sg_generator_create(context, &config, SG_F32, 0);
    bool done = generator && time_pictures(bench, context, generator);
    if (sg_context_take_error(context, &error))
        fprintf(stderr, "stylegan: bench: %s\n", error.message);
    sg_generator_destroy(generator);
    sg_context_destroy(context);
    return done ? SG_EXIT_DONE : SG_EXIT_FAILED;
}
